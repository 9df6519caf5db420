"""Ten levels by points."""

import pytest

from app.domain.levels import LEVELS, find_next, get_level


@pytest.mark.parametrize(
    ("points", "number"), [(-5, 1), (0, 1), (9, 1), (10, 2), (49, 2), (8_000, 10), (10**9, 10)]
)
def test_points_have_a_level(points: int, number: int) -> None:
    assert get_level(points).number == number


def test_levels_rise_and_are_told_in_both_languages() -> None:
    assert [level.number for level in LEVELS] == list(range(1, 11))
    assert [level.points for level in LEVELS] == sorted({level.points for level in LEVELS})
    assert len({level.name.fr for level in LEVELS}) == len({level.name.en for level in LEVELS}) == 10
    assert [find_next(level) for level in LEVELS] == [*LEVELS[1:], None]
