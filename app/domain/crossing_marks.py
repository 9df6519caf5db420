"""Marks of crossings: which signed ideas of a person were answered where.

They are of the first author, so that adding them up counts authors as well as ideas.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.domain.crossings import Answered, Spot
from app.domain.idea_marks import find_day
from app.domain.rollups import TRAVEL, Added, Key, Mark, Marks, Sums

_IDEAS, _AUTHORS = "crossing", "author"


class Answer(NamedTuple):
    """A first answer, or a later one; `spots` are where it crossed the company, none where that is unknown."""

    at: datetime
    spots: Sequence[Spot]


class Written(NamedTuple):
    """A signed idea, and the answers to it in the order of its itinerary."""

    submitted_at: datetime
    answers: list[Answer]


_Dated = Sequence[tuple[int, Sequence[tuple[int, Answer]]]]
_Step = tuple[int, str, str]


def derive(written: Sequence[Written], zone: ZoneInfo) -> Added:
    """Return what a person's ideas add to the figures day by day, for each part of the company that they crossed."""
    steps: defaultdict[str, Counter[_Step]] = defaultdict(Counter)
    for submitted, answers in _date(written, zone):
        had: Sequence[Spot] = ()
        for day in sorted({max(submitted, on) for on, _ in answers}):
            has = next(answer.spots for on, answer in answers if on <= day)
            for spots, sign in ((had, -1), (has, 1)):
                for spot in spots:
                    steps[spot.top][day, spot.origin, spot.answering] += sign
            had = has
    added = (Marks([(TRAVEL, top)], _mark(steps[top])) for top in sorted(steps))
    return tuple(marks for marks in added if marks.marks)


def _mark(steps: Mapping[_Step, int]) -> list[Mark]:
    """Return marks of ideas that cross or cross no more; an author counts while one of them does."""
    found = Counter[tuple[int, str]]()
    held = Counter[str]()
    for (day, origin, answering), number in sorted(steps.items()):
        found[day, f"{_IDEAS} {origin} {answering}"] += number
        for measure in (f"{_AUTHORS} {origin} {answering}", f"{_AUTHORS} {origin}"):
            before = held[measure] > 0
            held[measure] += number
            found[day, measure] += (held[measure] > 0) - before
    return [Mark(day, measure, 0, number) for (day, measure), number in sorted(found.items()) if number]


def count(written: Sequence[Written], top: str, day: int, zone: ZoneInfo) -> Counter[Key]:
    """Return what a person's ideas add to the crossings below an entity as of the end of a day: their definition."""
    return _count(_date(written, zone), top, day)


def read_rows(sums: Sums) -> tuple[dict[tuple[str, str], Answered], dict[str, int]]:
    """Return from sums the ideas and authors by the parts that wrote and answered, and the authors of each part."""
    numbers = {tuple(measure.split(" ")): buckets.get(0, 0) for measure, buckets in sums.items()}
    cells, authors = {}, {}
    for (kind, origin, *answering), number in numbers.items():
        if not number:
            continue
        if not answering:
            authors[origin] = number
        elif kind == _IDEAS:
            cells[origin, answering[0]] = Answered(number, numbers[_AUTHORS, origin, answering[0]])
    return cells, authors


def _date(written: Sequence[Written], zone: ZoneInfo) -> _Dated:
    return [
        (
            find_day(idea.submitted_at, zone),
            [(find_day(answer.at, zone), answer) for answer in idea.answers],
        )
        for idea in written
    ]


def _count(dated: _Dated, top: str, day: int) -> Counter[Key]:
    found = Counter[Key]()
    for submitted, answers in dated:
        first = next((answer for on, answer in answers if on <= day), None)
        if submitted > day or first is None:
            continue
        for spot in first.spots:
            if spot.top == top:
                found[f"{_IDEAS} {spot.origin} {spot.answering}", 0] += 1
                found[f"{_AUTHORS} {spot.origin} {spot.answering}", 0] = 1
                found[f"{_AUTHORS} {spot.origin}", 0] = 1
    return found
