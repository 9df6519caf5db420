"""Roll-ups: the figures of ideas as sums over what each idea adds to them, day by day.

Sums over the days until a day give the figures as of its end (`domain.idea_marks` says what each idea adds).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import NamedTuple

from app.domain.measures import FIGURES

HEADCOUNT = "headcount"
"""The measure of who is employed."""

VERSION = 3
"""Raised whenever what is summed up changes its meaning: everything is then counted anew."""

WHOLE, PLACED, THEME, FUNCTION, CAMPAIGN, ENTITY, MONTH, LOAD, PEOPLE, TRAVEL = (
    "whole",
    "placed",
    "theme",
    "function",
    "campaign",
    "entity",
    "month",
    "load",
    "people",
    "travel",
)
"""What figures are rolled up by: everything; ideas with an entity of origin; of a theme, a function, a campaign;
signed ones of an entity and everything below it; by the month of their submission (`2026-03`); turns that are open now
in a function; people, all of them; crossings below an entity or, with no value, below the whole company."""

COUNTS, TIMES, WAITING, PROMISE, BENEFITS, TURNS, PARTICIPATION, CROSSINGS = (
    "counts",
    "times",
    "waiting",
    "promise",
    "benefits",
    "turns",
    "people",
    "crossings",
)
"""The parts of a roll-up, each read by itself."""

_PARTS = {
    "ideas": COUNTS,
    "answered": COUNTS,
    "measured": COUNTS,
    "farthest": COUNTS,
    "stage": COUNTS,
    "answer": TIMES,
    "decision": TIMES,
    "stay": TIMES,
    "waiting": WAITING,
    "due": PROMISE,
    "kept": PROMISE,
    "estimated": BENEFITS,
    "brought": BENEFITS,
    "expected": BENEFITS,
    "realised": BENEFITS,
    "cost": BENEFITS,
    **dict.fromkeys(("open", "unassigned", "falls"), TURNS),
    HEADCOUNT: PARTICIPATION,
    **dict.fromkeys(FIGURES, PARTICIPATION),
    **dict.fromkeys(("crossing", "author"), CROSSINGS),
}
DAYS = 32
"""More than the days of a month: by this a bucket is multiplied where it is told with the day of the month."""

SPLIT = 10**9
"""Cents are added up in two halves, so that no sum of amounts outgrows an integer of 64 bits."""

Key = tuple[str, int]
"""A measure, and the bucket it is counted in: 0, hundredths of days, the day on which something began."""


Sums = dict[str, dict[int, int]]
"""By measure the buckets, and how many there are in each."""


class Mark(NamedTuple):
    """What an idea or a person adds to a measure on a day (its number in the calendar)."""

    day: int
    measure: str
    bucket: int
    number: int


@dataclass(frozen=True, slots=True)
class Marks:
    """What an idea or a person adds to some roll-ups, the same to each of them."""

    values: Sequence[tuple[str, str]] = ()
    marks: Sequence[Mark] = ()

    def count_until(self, day: int) -> Counter[Key]:
        """Return what is added to the figures as of the end of a day."""
        found = Counter[Key]()
        for mark in self.marks:
            if mark.day <= day:
                found[mark.measure, mark.bucket] += mark.number
        return found


Added = tuple[Marks, ...]
"""Everything that an idea or a person adds, nothing empty among it."""


def list_marks(days: Iterable[int], count: Callable[[int], Counter[Key]]) -> list[Mark]:
    """Return what is added day by day, from what there is as of the end of each day on which it may change."""
    marks: list[Mark] = []
    before = Counter[Key]()
    for day in sorted(days):
        now = count(day)
        marks += [
            Mark(day, *key, now[key] - before[key])
            for key in sorted(now.keys() | before.keys())
            if now[key] != before[key]
        ]
        before = now
    return marks


@cache
def get_part(measure: str) -> str:
    """Return the part of a roll-up to which a measure belongs."""
    return _PARTS[measure.partition(" ")[0]]


def get_month(day: int) -> int:
    """Return the month of a day of the calendar, as in 202603."""
    then = date.fromordinal(day)
    return then.year * 100 + then.month


def add(sums: Sums, measure: str, bucket: int, number: int) -> None:
    """Add a number to sums."""
    buckets = sums.setdefault(measure, {})
    buckets[bucket] = buckets.get(bucket, 0) + number


def add_up(buckets: Mapping[int, int]) -> Decimal:
    """Return the sum of amounts that was added up in two halves."""
    return Decimal(buckets.get(1, 0) * SPLIT + buckets.get(2, 0)).scaleb(-2)


def list_values(
    *,
    submitted: date,
    theme: str,
    function: str | None,
    campaign: str,
    origins: Iterable[str],
    placed: bool,
) -> list[tuple[str, str]]:
    """Return the roll-ups to which an idea adds; `origins` is its entity with those above it, if it is signed."""
    values = [(WHOLE, ""), (THEME, theme), (CAMPAIGN, campaign), (MONTH, f"{submitted:%Y-%m}")]
    values += [(FUNCTION, function)] if function is not None else []
    values += [(PLACED, "")] if placed else []
    return values + [(ENTITY, entity) for entity in origins]


class Cells:
    """What is to be added to the sums: by dimension and value, and by month and part."""

    def __init__(self) -> None:
        self.latest = 0
        # Hundreds of thousands of ideas are added at once: spots are counted by number, in as few steps as can be.
        self._numbers: dict[tuple[int, str, str, int], int] = {}
        self._spots: dict[tuple[int, str, int], tuple[int, ...]] = {}
        self._counts: dict[tuple[str, str], Counter[int]] = {}

    def add(self, marks: Marks, sign: int) -> None:
        """Add marks, or with -1 take them away."""
        once: list[int] = []
        more: list[tuple[int, int]] = []
        for mark in marks.marks:
            spots = self._spots.get(mark[:3])
            if spots is None:
                spots = self._spots[mark[:3]] = self._find_spots(mark)
            if mark.number * sign == 1:
                once += spots
            else:
                more += [(spot, mark.number * sign) for spot in spots]
        for value in marks.values:
            counts = self._counts.setdefault(value, Counter())
            counts.update(once)
            for spot, number in more:
                counts[spot] += number

    def list_sums(self) -> dict[tuple[str, str], dict[tuple[int, str], Sums]]:
        """Return what is to be added."""
        spots = list(self._numbers)
        found: dict[tuple[str, str], dict[tuple[int, str], Sums]] = {}
        for value, counts in self._counts.items():
            cells = found[value] = {}
            for spot, number in counts.items():
                month, part, measure, bucket = spots[spot]
                sums = cells.setdefault((month, part), {})
                sums.setdefault(measure, {})[bucket] = number
        return found

    def _find_spots(self, mark: Mark) -> tuple[int, ...]:
        """Return the numbers of the sums of all days and of its day to which a mark adds."""
        part = get_part(mark.measure)
        if part == PROMISE:
            # Promises fall due in days to come, which is why their sums always tell the days apart.
            return (self._number((0, part, mark.measure, mark.day)),)
        self.latest = max(self.latest, mark.day)
        month, key = place(mark.day, mark.bucket)
        return (
            self._number((0, part, mark.measure, mark.bucket)),
            self._number((month, part, mark.measure, key)),
        )

    def _number(self, spot: tuple[int, str, str, int]) -> int:
        return self._numbers.setdefault(spot, len(self._numbers))


@lru_cache(maxsize=40_000)
def _split_day(day: int) -> tuple[int, int]:
    return get_month(day), date.fromordinal(day).day


def place(day: int, bucket: int) -> tuple[int, int]:
    """Return the month in which something is summed up, and the bucket that tells its day apart."""
    month, number = _split_day(day)
    return month, bucket * DAYS + number
