"""When a message goes: digests on the wall clock, quiet hours, the ceiling of a day, pauses between attempts."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import deliveries
from app.domain.deliveries import PAUSES, Form, Plan
from app.domain.preferences import Habits, Timing

ZONES = ("Europe/Paris", "America/New_York", "Asia/Kathmandu", "Pacific/Apia", "UTC")
moments = st.integers(0, 4 * 365 * 24 * 60).map(
    lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
hours = st.integers(0, 23)
habits = st.builds(
    Habits,
    digest=st.sampled_from(["daily", "weekly", "never"]),
    hour=hours,
    weekday=st.integers(1, 7),
    time_zone=st.sampled_from([None, *ZONES]),
    quiet_from=hours,
    quiet_until=hours,
    per_day=st.integers(1, 5),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Paris")).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "choice", "timing", "sent", "form", "due"),
    [
        ("2026-03-28T12:00", Habits(), "at_once", 0, Form.SINGLE, "2026-03-28T12:00"),
        ("2026-03-28T19:59", Habits(), "at_once", 9, Form.SINGLE, "2026-03-28T19:59"),
        ("2026-03-28T20:00", Habits(), "at_once", 0, Form.PUT_OFF, "2026-03-29T07:00"),
        ("2026-03-29T06:59", Habits(), "at_once", 0, Form.PUT_OFF, "2026-03-29T07:00"),
        ("2026-03-29T07:00", Habits(), "at_once", 0, Form.SINGLE, "2026-03-29T07:00"),
        ("2026-03-28T12:00", Habits(), "at_once", 10, Form.PUT_OFF, "2026-03-29T09:00"),
        ("2026-03-28T03:00", Habits(quiet_from=2, quiet_until=4), "at_once", 0, Form.PUT_OFF, "2026-03-28T04:00"),
        ("2026-03-28T03:00", Habits(quiet_from=5, quiet_until=5), "at_once", 0, Form.SINGLE, "2026-03-28T03:00"),
        ("2026-03-28T12:00", Habits(), "digest", 0, Form.DIGEST, "2026-03-29T09:00"),
        ("2026-03-28T08:59", Habits(), "digest", 99, Form.DIGEST, "2026-03-28T09:00"),
        ("2026-10-24T12:00", Habits(), "digest", 0, Form.DIGEST, "2026-10-25T09:00"),
        ("2026-03-28T12:00", Habits(digest="weekly"), "digest", 0, Form.DIGEST, "2026-03-30T09:00"),
        ("2026-03-30T09:01", Habits(digest="weekly"), "digest", 0, Form.DIGEST, "2026-04-06T09:00"),
    ],
)  # fmt: skip
def test_when_something_goes(now: str, choice: Habits, timing: str, sent: int, form: Form, due: str) -> None:
    planned = deliveries.plan(timing, choice, zone="Europe/Paris", sent_today=sent, now=at(now))
    assert planned == Plan(form, at(due))


@pytest.mark.parametrize(("timing", "digest"), [("never", "daily"), ("digest", "never")])
def test_what_nobody_wants_does_not_go(timing: str, digest: str) -> None:
    choice = Habits(digest=digest)
    assert deliveries.plan(timing, choice, zone="UTC", sent_today=0, now=at("2026-03-28T12:00")) is None


@given(moments, habits, st.sampled_from(list(Timing)), st.integers(0, 8), st.sampled_from(ZONES))
def test_nothing_goes_before_now_nor_after_the_next_week(
    now: datetime, choice: Habits, timing: Timing, sent: int, zone: str
) -> None:
    planned = deliveries.plan(timing, choice, zone=zone, sent_today=sent, now=now)
    if planned is None:
        return
    assert now <= planned.due_at <= now + timedelta(days=8)
    there = ZoneInfo(choice.time_zone or zone)
    if planned.form is Form.SINGLE:
        assert planned.due_at == now
        assert not deliveries.is_quiet(now, choice, choice.time_zone or zone)
        assert sent < choice.per_day
    if planned.form is Form.DIGEST and choice.digest == "weekly":
        assert planned.due_at.astimezone(there).isoweekday() == choice.weekday


@given(st.integers(1, 20), st.floats(0, 1), st.none() | st.floats(0, 1e9))
def test_attempts_come_later_and_later_and_end(attempts: int, luck: float, asked: float | None) -> None:
    now = at("2026-03-28T12:00")
    found = deliveries.find_next_attempt(attempts, luck=luck, retry_after=asked, now=now)
    if attempts > len(PAUSES):
        assert found is None
        return
    assert found is not None
    least = PAUSES[attempts - 1] * 0.79
    assert now + least <= found <= now + timedelta(days=1)


def test_attempts_go_on_over_a_night() -> None:
    assert timedelta(hours=20) < sum(PAUSES, timedelta()) < timedelta(days=2)
