"""Figures on the wire."""

import re
from datetime import date, datetime
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

from app.schemas.shapes import Answer

HIDDEN = (
    "Figures that tell of fewer than 5 people are hidden, and others with them from which those could be"
    " worked out."
)
"""What is said of hidden figures: the same whatever they are hidden for, so that it tells nothing of them."""

UNRELEASED = (
    "Of a part of the company is told how things stood at ends of months: all that was done until then, in the month"
    " itself, and for a campaign after the month in which it ended. Other days are told of the whole company only."
)
"""What is said where no release tells of the days that were asked for."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:\d{2})")


def _read_day(given: object) -> object:
    """Read a day, or a moment with its offset; numbers, which could mean seconds, are neither."""
    if not isinstance(given, str):
        return given
    if _DAY.fullmatch(given) and given.isascii():
        return date.fromisoformat(given)
    if _MOMENT.fullmatch(given) and given.isascii():
        return datetime.fromisoformat(given.upper())
    message = "must be a day (2027-01-31) or a time with its offset (RFC 3339)"
    raise ValueError(message)


Day = Annotated[
    date | datetime,
    BeforeValidator(_read_day),
    WithJsonSchema(
        {"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]}
    ),
]
"""A day; a moment stands for the day it falls on in the company's time zone."""


class Share(Answer):
    """How many people did something, and their fraction of the headcount; null when hidden."""

    people: int | None
    rate: float | None


class Hidden(Answer):
    """Which figures of an answer are hidden, and the rule why."""

    figures: list[str]
    detail: str


class ReleaseShown(Answer):
    """The release that figures of a part of the company come from, and when the next one is due.

    A figure that has moved by too few people since is told as it stood before: `as_of` has the day by figure, whose
    headcount its rate is of.
    """

    day: date
    next_day: date
    as_of: dict[str, date]


class Participation(Answer):
    """Who took part, of the headcount at the end of `as_of`; `hidden` is null when all is shown.

    `release` is null for the whole company, which is told of every day.
    """

    as_of: date
    headcount: int | None
    connected: Share
    submitted: Share
    commented: Share
    voted: Share
    hidden: Hidden | None
    release: ReleaseShown | None


class Stages(Answer):
    """The number of ideas in each stage; drafts are nobody's business and count as none."""

    draft: int
    submitted: int
    evaluation: int
    recommended: int
    selected: int
    project: int
    pilot: int
    deployed: int
    declined: int
    withdrawn: int
    merged: int


class Delay(Answer):
    """How many ideas got something, and within how many days half and nine tenths of them did.

    The days are null when nothing was measured, and below the whole company for fewer than 5 ideas.
    """

    median_days: float | None
    p90_days: float | None
    reviews: int


class PipelineFigures(Answer):
    """Where the ideas stood at the end of `as_of` that were submitted until then."""

    as_of: date
    ideas: int
    stages: Stages
    with_potential: int
    time_to_first_answer: Delay
    time_to_decision: Delay
