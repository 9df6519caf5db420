"""Spreads: the middle of many durations, and what nine tenths of them come up to, to a hundredth of a day."""

from bisect import bisect_left
from collections.abc import Mapping
from datetime import datetime
from itertools import accumulate
from math import floor
from typing import NamedTuple

_HUNDREDTH = 864
"""Seconds in a hundredth of a day."""

PER_DAY = 100
"""Hundredths in a day."""


class Spread(NamedTuple):
    """How many durations there were, the middle one and the smallest that nine tenths don't exceed, in days."""

    number: int
    median: float
    p90: float


def count_hundredths(began_at: datetime, ended_at: datetime) -> int:
    """Return the hundredths of a day between two moments, both cut off to whole seconds."""
    return round_seconds(floor(ended_at.timestamp()) - floor(began_at.timestamp()))


def round_seconds(seconds: int) -> int:
    """Return seconds as hundredths of a day, the nearest."""
    return (seconds + _HUNDREDTH // 2) // _HUNDREDTH


def measure(durations: Mapping[int, int], *, unit: int = 1) -> Spread | None:
    """Return the spread of durations that are given with how many there are of each; None of none.

    `unit` is how many of what they are counted in make a day. The median is the mean of the two in the middle.
    """
    order = sorted(durations)
    sums = list(accumulate(durations[duration] for duration in order))
    number = sums[-1] if sums else 0
    if not number:
        return None
    at = {rank: order[bisect_left(sums, rank)] for rank in _list_ranks(number)}
    return pick(number, at, unit=unit)


def pick(number: int, at: Mapping[int, int], *, unit: int = 1) -> Spread:
    """Return the spread of so many durations, of which those are given that stand at the ranks it is told by."""
    low, high, ninth = (at[rank] for rank in _list_ranks(number))
    return Spread(number, round((low + high) / (2 * unit), 2), round(ninth / unit, 2))


def _list_ranks(number: int) -> tuple[int, int, int]:
    """Return the ranks of the two in the middle, and of that which nine tenths come up to, counted from 1."""
    return (number + 1) // 2, number // 2 + 1, -(-number * 9 // 10)
