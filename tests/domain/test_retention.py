"""What is kept for how long can be set within limits, and nothing else."""

import pytest

from app.domain import retention
from app.domain.retention import KEEPING, DataClass, UnknownKeeping


def test_what_is_not_set_has_its_default() -> None:
    days = retention.read({"events": 365})
    assert days[DataClass.EVENTS] == 365
    assert days[DataClass.DRAFTS] == KEEPING[DataClass.DRAFTS].days
    assert set(days) == set(DataClass) == set(KEEPING)


@pytest.mark.parametrize(
    ("given", "said"),
    [({"event": 365}, "no class of data"), ({"events": 1}, "90 to 3650"), ({"sessions": 366}, "1 to 365")],
)
def test_what_can_not_be_meant_is_refused(given: dict[str, int], said: str) -> None:
    with pytest.raises(UnknownKeeping, match=said):
        retention.read(given)


def test_defaults_are_within_their_limits() -> None:
    assert all(each.least <= each.days <= each.most for each in KEEPING.values())
