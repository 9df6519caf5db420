"""Marks of people: from which day on somebody adds to the headcount, and to each figure of participation.

`count` is their definition for the whole company until the end of a day; only who is in the headcount of the day adds.
Ideas that another part of the company answered are marks of their author as well (`crossing_marks`).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.domain import crossing_marks
from app.domain.crossing_marks import Written
from app.domain.idea_marks import find_day
from app.domain.measures import FIGURES
from app.domain.rollups import HEADCOUNT, PEOPLE, Added, Key, Marks, list_marks

_VALUES = [(PEOPLE, "")]


class Span(NamedTuple):
    """From one moment on, until another one if that came."""

    begin: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Person:
    """What the figures know of a person.

    When they were employed; by figure what they did that was not undone; the signed ideas of which they are the first
    author.
    """

    employed: list[Span] = field(default_factory=list)
    acts: dict[str, list[Span]] = field(default_factory=dict)
    written: list[Written] = field(default_factory=list)


def derive(person: Person, zone: ZoneInfo) -> Added:
    """Return what a person adds to the figures, day by day."""
    dated = _date(person, zone)
    days = {day for spans in dated.values() for span in spans for day in span if day is not None}
    marks = list_marks(days, partial(_count, dated))
    taken_part = (Marks(_VALUES, marks),) if marks else ()
    return taken_part + crossing_marks.derive(person.written, zone)


def count(person: Person, day: int, zone: ZoneInfo) -> Counter[Key]:
    """Return what a person adds to the figures as of the end of a day."""
    return _count(_date(person, zone), day)


_Dated = Mapping[str, Sequence[tuple[int, int | None]]]


def _date(person: Person, zone: ZoneInfo) -> _Dated:
    spans = {HEADCOUNT: person.employed, **person.acts}
    return {
        name: [
            (find_day(span.begin, zone), None if span.end is None else find_day(span.end, zone))
            for span in each
        ]
        for name, each in spans.items()
    }


def _count(dated: _Dated, day: int) -> Counter[Key]:
    def holds(name: str) -> bool:
        return any(begin <= day and (end is None or end > day) for begin, end in dated.get(name, ()))

    if not holds(HEADCOUNT):
        return Counter()
    return Counter({(name, 0): 1 for name in (HEADCOUNT, *FIGURES) if holds(name)})
