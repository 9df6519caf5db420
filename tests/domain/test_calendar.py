"""Working days: an answer is due on a working day, at the same time of day, in the company's time zone."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import calendar

PARIS = "Europe/Paris"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("moment", "days", "due"),
    [
        ("2026-01-05T09:00Z", 0, "2026-01-05T09:00Z"),  # Monday
        ("2026-01-05T09:00Z", 1, "2026-01-06T09:00Z"),
        ("2026-01-05T09:00Z", 4, "2026-01-09T09:00Z"),
        ("2026-01-05T09:00Z", 5, "2026-01-12T09:00Z"),
        ("2026-01-09T09:00Z", 1, "2026-01-12T09:00Z"),  # Friday
        ("2026-01-10T09:00Z", 1, "2026-01-12T09:00Z"),  # Saturday
        ("2026-01-11T09:00Z", 1, "2026-01-12T09:00Z"),  # Sunday
        ("2026-01-05T09:00Z", 30, "2026-02-16T09:00Z"),
        ("2026-01-11T23:30Z", 1, "2026-01-12T23:30Z"),  # already Monday in Paris
        ("2026-03-27T09:00Z", 1, "2026-03-30T08:00Z"),  # the clocks go forward in between
        ("2026-10-23T09:00Z", 1, "2026-10-26T10:00Z"),  # and back
    ],
)
def test_an_answer_is_due_so_many_working_days_later(moment: str, days: int, due: str) -> None:
    assert calendar.add_working_days(at(moment), days, PARIS) == at(due)


def test_the_answer_is_in_the_time_zone_of_the_question() -> None:
    zone = timezone(timedelta(hours=-5))
    due = calendar.add_working_days(datetime(2026, 1, 5, 9, tzinfo=zone), 3, PARIS)
    assert (due, due.tzinfo) == (datetime(2026, 1, 8, 9, tzinfo=zone), zone)


@given(st.integers(0, 10**6), st.integers(1, 40))
def test_it_is_always_due_on_a_working_day_and_never_sooner_than_the_days(hours: int, days: int) -> None:
    moment = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    due = calendar.add_working_days(moment, days, PARIS).astimezone(ZoneInfo(PARIS))
    assert due.weekday() < 5
    assert due.date() - moment.astimezone(ZoneInfo(PARIS)).date() >= timedelta(days=days)
