"""Absences: days to come, in order, and not for ever."""

from datetime import date, timedelta

import pytest

from app.domain import absences
from app.domain.absences import AbsenceNotRight

TODAY = date(2026, 5, 4)


@pytest.mark.parametrize(
    ("first", "last", "right"),
    [
        (0, 0, True),
        (-400, 0, True),
        (5, 9, True),
        (0, 1095, True),
        (-1, -1, False),
        (5, 4, False),
        (0, 1096, False),
    ],
)
def test_an_absence_is_still_to_come_at_least_in_part(first: int, last: int, right: bool) -> None:
    days = (TODAY + timedelta(days=first), TODAY + timedelta(days=last))
    if right:
        absences.check_absence(*days, TODAY)
    else:
        with pytest.raises(AbsenceNotRight):
            absences.check_absence(*days, TODAY)
