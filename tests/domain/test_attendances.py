"""Attendance: when the code counts, for whom, and how long."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain import attendances
from app.domain.attendances import NotNow, NotSignedUp
from app.domain.gatherings import Cancelled
from tests.domain.test_sign_ups import Meeting

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
END = START + timedelta(hours=2)
MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("now", "by_code", "by_hand"),
    [
        (START - attendances.OPENS_BEFORE - MOMENT, False, False),
        (START - attendances.OPENS_BEFORE, True, True),
        (END + attendances.CLOSES_AFTER - MOMENT, True, True),
        (END + attendances.CLOSES_AFTER, False, True),
        (END + attendances.BY_HAND - MOMENT, False, True),
        (END + attendances.BY_HAND, False, False),
    ],
)
def test_when_attendance_is_noted(now: datetime, by_code: bool, by_hand: bool) -> None:
    meeting = Meeting(START, END)
    assert attendances.is_open(meeting, now=now) is by_code
    assert attendances.is_open_by_hand(meeting, now=now) is by_hand
    for check, opened in ((attendances.check_open, by_code), (attendances.check_open_by_hand, by_hand)):
        if opened:
            check(meeting, now=now)
        else:
            with pytest.raises(NotNow):
                check(meeting, now=now)
        with pytest.raises(Cancelled):
            check(Meeting(START, END, cancelled_at=START), now=now)


@pytest.mark.parametrize(
    ("seated", "walk_ins", "invited", "allowed"),
    [
        (True, False, False, True),
        (False, True, True, True),
        (False, True, False, False),
        (False, False, True, False),
    ],
)
def test_who_is_let_in(seated: bool, walk_ins: bool, invited: bool, allowed: bool) -> None:
    if allowed:
        attendances.check_may_attend(seated=seated, walk_ins=walk_ins, invited=invited)
    else:
        with pytest.raises(NotSignedUp):
            attendances.check_may_attend(seated=seated, walk_ins=walk_ins, invited=invited)


def test_a_code_is_shown_for_a_minute_and_taken_for_two() -> None:
    turn = attendances.count_turns(START)
    assert attendances.count_turns(START + timedelta(seconds=59.9)) == turn
    assert attendances.count_turns(START + timedelta(seconds=60)) == turn + 1
    assert attendances.find_expiry(turn) == START + timedelta(minutes=2)
