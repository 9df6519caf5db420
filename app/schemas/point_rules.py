"""Point rules on the wire."""

from datetime import date
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from app.domain.point_rules import MOST_PER_DAY, MOST_POINTS
from app.schemas.shapes import Answer, Day, Named, Request, Time

RuleName = Literal[
    "first_sign_in",
    "vote",
    "comment",
    "submitted",
    "first_in_campaign",
    "recommended",
    "selected",
    "project",
    "pilot",
    "deployed",
    "coaching",
]
"""The scale of `domain/rewards.py` on the wire."""

Worth = Annotated[int, Field(strict=True, ge=0, le=MOST_POINTS)]
Slots = Annotated[int, Field(strict=True, ge=1, le=MOST_PER_DAY)]


class SetPointRule(Request):
    """What a contribution is worth from a day on; 0 points switch it off, without `per_day` no day is capped."""

    points: Worth
    per_day: Slots | None = None
    starts_on: Day = Field(alias="from")


class PreviewPointRule(Request):
    """A rule as it might be."""

    rule: RuleName
    points: Worth
    per_day: Slots | None = None


class PointRuleChange(Answer):
    """A change of a rule with effect `from` a day, and who made it."""

    model_config = ConfigDict(serialize_by_alias=True, populate_by_name=True)

    points: int
    per_day: int | None
    starts_on: date = Field(alias="from")
    by: Named
    at: Time


class PointRule(Answer):
    """What a contribution is worth today; `per_day` caps the awards of one person and day, null means no cap.

    `changes` are all that were ever made, the last one to come first.
    """

    rule: RuleName
    points: int
    per_day: int | None
    default: bool
    changes: list[PointRuleChange]


class PointsOfMonth(Answer):
    """What a rule gave in a month; `people` is null where it is below the floor of five."""

    awards: int
    people: int | None
    points: int


class PointRulePreview(Answer):
    """The last full month as it was, and as it would have been; nothing was written."""

    model_config = ConfigDict(serialize_by_alias=True, populate_by_name=True)

    rule: RuleName
    first_day: date = Field(alias="from")
    last_day: date = Field(alias="until")
    before: PointsOfMonth
    after: PointsOfMonth
