"""Segments on the wire."""

from datetime import date
from typing import Annotated

from pydantic import Field, StrictBool

from app.domain.segments import MOST
from app.schemas.shapes import Answer, Request


class SegmentFact(Answer):
    """A condition of a rule: what one has, and what it takes."""

    fact: str
    have: int
    need: int


class Distance(Answer):
    """What would put one into another segment."""

    segment: str
    conditions: list[SegmentFact]


class OwnSegment(Answer):
    """Where one stands now, for oneself only.

    `why` are the conditions that hold; `following` what would change it. `addressed` says whether community
    managers reach one by messages to a segment.
    """

    segment: str
    since: date
    window_days: int
    why: list[SegmentFact]
    following: list[Distance]
    addressed: bool


class ChooseSegment(Request):
    """Whether one wants messages that are meant for one's segment."""

    addressed: StrictBool


class Threshold(Answer):
    """A number in the rules of the segments."""

    name: str
    segment: str
    fact: str
    at_least: int
    default: bool


class SetThreshold(Request):
    """A new number; it counts from the next computation on."""

    at_least: Annotated[int, Field(strict=True, ge=1, le=MOST)]


class SegmentCount(Answer):
    """How many people are in a segment; null where that is hidden."""

    segment: str
    people: int | None


class SegmentCounts(Answer):
    """The segments of all active employees, as of the last night; `people` is their sum."""

    people: int | None
    segments: list[SegmentCount]
