"""Marks of people: from which day on somebody adds to the headcount, and to each figure of participation.

`count` is their definition for the whole company until the end of a day; only who is in the headcount of the day adds.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.domain.idea_marks import find_day
from app.domain.measures import FIGURES
from app.domain.rollups import HEADCOUNT, PEOPLE, Key, Mark, Marks

_VALUES = ((PEOPLE, ""),)


class Span(NamedTuple):
    """From one moment on, until another one if that came."""

    begin: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Person:
    """What the figures know of a person: when they were employed, and by figure what they did that was not undone."""

    employed: list[Span] = field(default_factory=list)
    acts: dict[str, list[Span]] = field(default_factory=dict)


def derive(person: Person, zone: ZoneInfo) -> Marks:
    """Return what a person adds to the figures, day by day."""
    dated = _date(person, zone)
    days = {day for spans in dated.values() for span in spans for day in span if day is not None}
    marks: list[Mark] = []
    before = Counter[Key]()
    for day in sorted(days):
        now = _count(dated, day)
        marks += [
            Mark(day, *key, now[key] - before[key])
            for key in sorted(now.keys() | before.keys())
            if now[key] != before[key]
        ]
        before = now
    return Marks(list(_VALUES) if marks else [], marks)


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
