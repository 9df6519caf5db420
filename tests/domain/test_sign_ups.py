"""Signing up: who may, until when, and how many move up."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import sign_ups
from app.domain.errors import Refusal
from app.domain.gatherings import Cancelled
from app.domain.sign_ups import HostsIt, NotInvited, SignUpClosed

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@dataclass
class Meeting:
    starts_at: datetime = NOW + timedelta(hours=1)
    ends_at: datetime = NOW + timedelta(hours=2)
    places: int | None = None
    cancelled_at: datetime | None = None


@pytest.mark.parametrize(
    ("meeting", "invited", "hosts", "refusal"),
    [
        (Meeting(), True, False, None),
        (Meeting(), False, False, NotInvited),
        (Meeting(), True, True, HostsIt),
        (Meeting(cancelled_at=NOW), True, False, Cancelled),
        (Meeting(starts_at=NOW), True, False, SignUpClosed),
        (Meeting(starts_at=NOW + timedelta(microseconds=1)), True, False, None),
    ],
)
def test_who_may_sign_up(meeting: Meeting, invited: bool, hosts: bool, refusal: type[Refusal] | None) -> None:
    if refusal is None:
        sign_ups.check_may_sign_up(meeting, invited=invited, hosts=hosts, now=NOW)
        assert sign_ups.is_open(meeting, now=NOW)
    else:
        with pytest.raises(refusal):
            sign_ups.check_may_sign_up(meeting, invited=invited, hosts=hosts, now=NOW)


def test_one_leaves_until_the_beginning_also_what_was_cancelled() -> None:
    sign_ups.check_may_leave(Meeting(cancelled_at=NOW), now=NOW)
    with pytest.raises(SignUpClosed):
        sign_ups.check_may_leave(Meeting(starts_at=NOW), now=NOW)


@pytest.mark.parametrize(
    ("audience", "own", "covered"),
    [
        (None, None, True),
        ("Company/Sales", "Company/Sales", True),
        ("Company/Sales", "Company/Sales/Lyon", True),
        ("Company/Sales", "Company/Salesforce", False),
        ("Company/Sales/Lyon", "Company/Sales", False),
        ("Company/Sales", None, False),
    ],
)
def test_an_audience_has_all_below_it(audience: str | None, own: str | None, covered: bool) -> None:
    assert sign_ups.covers(audience, own) is covered


@given(st.one_of(st.none(), st.integers(1, 20)), st.integers(0, 30), st.integers(0, 30))
def test_as_many_move_up_as_there_are_places(places: int | None, seated: int, waiting: int) -> None:
    free = sign_ups.count_free(places, seated, waiting)
    assert 0 <= free <= waiting
    if places is None:
        assert free == waiting
    elif free:
        assert seated + free <= places
        assert free == waiting or seated + free == places
    else:
        assert waiting == 0 or seated >= places
