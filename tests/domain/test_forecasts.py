"""Forecasts: by what waits and what was answered."""

import pytest

from app.domain.forecasts import LONGEST_DAYS, forecast


@pytest.mark.parametrize(
    ("waiting", "answered", "days"),
    [(0, 43, 1), (9, 43, 10), (9, 10, 43), (0, 3, 15), (500, 3, LONGEST_DAYS), (5, 2, None), (0, 0, None)],
)
def test_one_more_idea_is_answered_after_those_that_wait(
    waiting: int, answered: int, days: int | None
) -> None:
    assert forecast(waiting, answered, 43) == days
