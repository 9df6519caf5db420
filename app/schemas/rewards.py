"""Points on the wire."""

from datetime import date

from pydantic import ConfigDict, Field

from app.schemas.badges import Level
from app.schemas.shapes import Answer, Time


class PointEntry(Answer):
    """An entry of one's ledger; `idea` is what it was for, null where it was not for an idea."""

    id: str
    rule: str
    points: int
    idea: str | None
    day: date
    at: Time


class PointsOfRule(Answer):
    """What one has under a rule; negative where points were spent."""

    rule: str
    points: int


class PointsOfSeason(Answer):
    """What one earned and spent in a quarter, `from` its first day `until` its last."""

    model_config = ConfigDict(serialize_by_alias=True, populate_by_name=True)

    season: str
    first_day: date = Field(alias="from")
    last_day: date = Field(alias="until")
    points: int


class Points(Answer):
    """One's balance, which is the sum of all entries, and a page of them, the newest first.

    The amounts by rule and by season each sum up to the balance. The level follows from all points that were ever
    earned: prizes lower none, what is taken back does.
    """

    balance: int
    level: Level
    by_rule: list[PointsOfRule]
    by_season: list[PointsOfSeason]
    items: list[PointEntry]
    next_cursor: str | None
