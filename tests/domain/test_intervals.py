"""Intervals hold the estimate, are those of the literature, and narrow with more people."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.intervals import estimate_difference, estimate_share

numbers = st.integers(1, 3000).flatmap(lambda people: st.tuples(st.integers(0, people), st.just(people)))


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_the_examples_of_newcombe_come_out(
    one: tuple[int, int], other: tuple[int, int], low: float, high: float
) -> None:
    """Table II of the paper, method 10."""
    found = estimate_difference(one, other)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_the_example_of_wilson_comes_out() -> None:
    """81 of 263, as in R. G. Newcombe, Statistics in Medicine 17 (1998), 857-872, table I, method 3."""
    found = estimate_share(81, 263)
    assert (round(found.low, 4), round(found.high, 4)) == (0.2553, 0.3662)


@given(numbers, numbers)
def test_an_interval_holds_its_estimate_and_turns_with_its_groups(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    found, turned = estimate_difference(one, other), estimate_difference(other, one)
    assert -1.000001 <= found.low <= found.estimate <= found.high <= 1.000001
    assert turned.low == pytest.approx(-found.high)


@given(numbers)
def test_ten_times_the_people_say_more(given_: tuple[int, int]) -> None:
    number, people = given_
    assume(0 < number < people)
    few, many = estimate_share(number, people), estimate_share(10 * number, 10 * people)
    assert many.high - many.low < few.high - few.low


@pytest.mark.parametrize("given_", [(1, 0), (0, 0), (3, 2), (-1, 5)])
def test_a_share_is_of_somebody(given_: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="of somebody"):
        estimate_share(*given_)
