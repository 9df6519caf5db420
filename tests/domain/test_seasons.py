"""Seasons: quarters without gaps."""

from datetime import date, timedelta

import pytest

from app.domain import seasons


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 1, 1), "2026-Q1"),
        (date(2026, 3, 31), "2026-Q1"),
        (date(2026, 4, 1), "2026-Q2"),
        (date(2026, 9, 30), "2026-Q3"),
        (date(2026, 12, 31), "2026-Q4"),
    ],
)
def test_a_day_is_in_one_season(day: date, name: str) -> None:
    season = seasons.get_season(day)
    assert season.name == name
    assert season.first_day <= day <= season.last_day


def test_seasons_follow_each_other() -> None:
    season = seasons.get_season(date(2025, 12, 31))
    for _ in range(9):
        after = seasons.get_season(season.last_day + timedelta(days=1))
        assert after.first_day == season.last_day + timedelta(days=1)
        assert after > season
        season = after
