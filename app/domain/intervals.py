"""Intervals: how sure a share, and a difference of two shares, can be of so many people."""

from math import sqrt
from typing import NamedTuple

Z = 1.959964
"""The quantile of the normal distribution that leaves 2.5 % on each side: intervals of 95 %."""


class Interval(NamedTuple):
    """An estimate and the bounds between which the truth lies in 95 of 100 cases; shares from -1 to 1."""

    estimate: float
    low: float
    high: float


def estimate_share(number: int, people: int) -> Interval:
    """Return a share with its score interval (E. B. Wilson, JASA 22, 1927), which holds for few people as well.

    Raises: ValueError without people, or with more than there are.
    """
    if not 0 <= number <= people or not people:
        raise ValueError("a share is of somebody")
    share = number / people
    middle = share + Z * Z / (2 * people)
    reach = Z * sqrt(share * (1 - share) / people + Z * Z / (4 * people * people))
    below = 1 + Z * Z / people
    # A share of none or of all has its bound there, whatever rounding says.
    low = (middle - reach) / below if number else 0.0
    high = (middle + reach) / below if number < people else 1.0
    return Interval(share, low, high)


def estimate_difference(one: tuple[int, int], other: tuple[int, int]) -> Interval:
    """Return by how much the first share is larger than the second; each is a number of so many people.

    The hybrid score interval of two independent groups: R. G. Newcombe, Statistics in Medicine 17 (1998), 873-890,
    method 10.

    Raises: ValueError as `estimate_share`.
    """
    first, second = estimate_share(*one), estimate_share(*other)
    difference = first.estimate - second.estimate
    down = sqrt((first.estimate - first.low) ** 2 + (second.high - second.estimate) ** 2)
    up = sqrt((first.high - first.estimate) ** 2 + (second.estimate - second.low) ** 2)
    return Interval(difference, difference - down, difference + up)
