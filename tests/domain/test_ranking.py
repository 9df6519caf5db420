"""The numbers by which the feed is sorted."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import ranking

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("votes", "comments", "hot"), [(0, 0, 0), (1, 0, 0), (10, 0, 1), (0, 5, 1), (80, 10, 2), (0, 50, 2)]
)
def test_heat_is_the_magnitude_of_support_and_a_comment_counts_double(
    votes: int, comments: int, hot: float
) -> None:
    assert ranking.get_hot(votes, comments, BEGINNING) == pytest.approx(hot)


def test_ten_times_the_support_is_worth_twelve_and_a_half_hours() -> None:
    later = NOON + timedelta(hours=12, minutes=30)
    assert ranking.get_hot(100, 0, NOON) == pytest.approx(ranking.get_hot(10, 0, later))
    assert ranking.get_youth(later) - ranking.get_youth(NOON) == pytest.approx(1)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_more_support_is_never_colder(votes: int, comments: int) -> None:
    hot = ranking.get_hot(votes, comments, NOON)
    assert ranking.get_hot(votes + 1, comments, NOON) >= hot
    assert ranking.get_hot(votes, comments + 1, NOON) >= hot


@pytest.mark.parametrize(
    ("views", "votes", "comments", "answered", "attention"),
    [
        (0, 0, 0, False, 0),
        (7, 0, 0, False, 7),
        (0, 3, 0, False, 6),
        (0, 0, 3, False, 15),
        (0, 0, 0, True, 50),
        (1, 2, 3, True, 70),
    ],
)
def test_attention_is_counted_in_views(
    views: int, votes: int, comments: int, answered: bool, attention: int
) -> None:
    assert ranking.get_attention(views, votes, comments, answered=answered) == attention
