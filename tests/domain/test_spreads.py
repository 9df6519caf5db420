"""Spreads: what is told of counted durations is what is told of the durations themselves."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from math import ceil
from statistics import median

from hypothesis import given
from hypothesis import strategies as st

from app.domain import spreads

BEGIN = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)


@given(st.lists(st.integers(-5, 400), min_size=1, max_size=60), st.sampled_from([1, 100]))
def test_a_spread_of_counts_is_that_of_the_durations(durations: list[int], unit: int) -> None:
    spread = spreads.measure(Counter(durations), unit=unit)
    assert spread
    assert spread.number == len(durations)
    assert spread.median == round(median(durations) / unit, 2)
    assert spread.p90 == round(sorted(durations)[ceil(len(durations) * 0.9) - 1] / unit, 2)


def test_of_nothing_there_is_no_spread() -> None:
    assert spreads.measure({}) is None
    assert spreads.measure({3: 0}) is None


@given(st.integers(0, 10**9), st.integers(0, 999_999), st.integers(0, 999_999))
def test_hundredths_are_of_whole_seconds(seconds: int, before: int, after: int) -> None:
    ended = BEGIN + timedelta(seconds=seconds, microseconds=after)
    hundredths = spreads.count_hundredths(BEGIN + timedelta(microseconds=before), ended)
    assert abs(hundredths * 864 - seconds) <= 432
