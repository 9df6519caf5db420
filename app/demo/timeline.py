"""Working time as a line of numbers: 12.5 is the middle of the thirteenth working day."""

from bisect import bisect_right
from calendar import FRIDAY, SATURDAY
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from math import exp
from random import Random
from zoneinfo import ZoneInfo

_AUGUST = 8
_NOBODY_WORKS = {(1, 1), (5, 1), (12, 25)}
PARIS = ZoneInfo("Europe/Paris")
# Share of a day's activity before each time of the day: two peaks and a lunch break.
_RHYTHM = (
    (0.0, 8 * 60 + 10),
    (0.10, 9 * 60),
    (0.44, 12 * 60 + 5),
    (0.50, 13 * 60 + 40),
    (0.90, 17 * 60 + 40),
    (1.0, 18 * 60 + 50),
)


@dataclass(frozen=True, slots=True)
class Timeline:
    """The working days of a world in order."""

    days: tuple[date, ...]

    @property
    def end(self) -> float:
        """The end of the last day, before which everything happens."""
        return float(len(self.days))

    def tell(self, moment: float) -> datetime:
        """The time, in UTC to the second, of a moment on the line; later moments are never earlier times."""
        moment = min(max(moment, 0.0), self.end - 1e-6)
        minute = _find_minute(moment - int(moment))
        local = datetime.combine(self.days[int(moment)], time(), PARIS) + timedelta(minutes=minute)
        return local.replace(microsecond=0).astimezone(UTC)

    def find(self, day: date) -> float:
        """The start of the first working day from a date on."""
        return float(min(bisect_right(self.days, day - timedelta(days=1)), len(self.days) - 1))


def _find_minute(part: float) -> float:
    for (low, start), (high, stop) in pairwise(_RHYTHM):
        if part <= high:
            return start + (stop - start) * (part - low) / (high - low)
    return float(_RHYTHM[-1][1])


def build(as_of: date, *, closed: Collection[date] = ()) -> Timeline:
    """The working days of the 24 months before a date; that day and `closed` ones (holidays) are left out."""
    day = as_of.replace(year=as_of.year - 2, day=min(as_of.day, 28))
    shut = frozenset(closed)
    days: list[date] = []
    while day < as_of:
        if day.weekday() < SATURDAY and day not in shut and (day.month, day.day) not in _NOBODY_WORKS:
            days.append(day)
        day += timedelta(days=1)
    return Timeline(tuple(days))


def weigh_days(line: Timeline, peaks: Sequence[tuple[float, float]]) -> list[float]:
    """How busy each day is: the launch, the peaks (start and end of campaigns), quiet holidays and Fridays.

    The first day is nobody's but the staff's: it weighs nothing.
    """
    weights = [0.0]
    for index, day in enumerate(line.days[1:], 1):
        weight = 1.0 + 7.0 * exp(-index / 9) - 0.3 * index / line.end
        for opens, closes in peaks:
            if opens <= index < closes:
                weight += 0.8 + 2.2 * exp(-(index - opens) / 4) + 1.2 * exp(-(closes - index) / 2)
        if day.month == _AUGUST or (day.month, day.day) >= (12, 22) or (day.month, day.day) <= (1, 3):
            weight *= 0.4
        weights.append(weight * (0.75 if day.weekday() == FRIDAY else 1.0))
    return weights


def draw_delay(rng: Random, least: float, mean: float) -> float:
    """A waiting time in working days: so much at least, and `mean` more on average."""
    return least + rng.expovariate(1 / mean)
