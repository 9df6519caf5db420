"""Working days: an answer is due on a working day, at the same time of day, in the zone of the calendar."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import calendars
from app.domain.calendars import ClosureNotRight, WorkingCalendar

PARIS = WorkingCalendar("Europe/Paris")
GULF = WorkingCalendar("Asia/Dubai", frozenset({6, 0, 1, 2, 3}))
MAY = WorkingCalendar(
    "Europe/Paris", days_off=frozenset({date(2026, 5, 1), date(2026, 5, 8), date(2026, 5, 14)})
)
CLOSED = WorkingCalendar("Europe/Paris", weekdays=frozenset())
OFTEN_OFF = WorkingCalendar(
    "Europe/Paris",
    frozenset({0, 2, 3, 5}),
    frozenset(date(2026, 1, 1) + timedelta(days=3 * number) for number in range(200)),
)


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
        ("2026-01-12T09:00Z", -1, "2026-01-09T09:00Z"),
        ("2026-01-10T09:00Z", -1, "2026-01-09T09:00Z"),
        ("2026-03-30T08:00Z", -1, "2026-03-27T09:00Z"),
    ],
)
def test_an_answer_is_due_so_many_working_days_later(moment: str, days: int, due: str) -> None:
    assert calendars.add_working_days(at(moment), days, PARIS) == at(due)


@pytest.mark.parametrize(
    ("calendar", "moment", "days", "due"),
    [
        (MAY, "2026-04-30T10:00+02:00", 1, "2026-05-04T10:00+02:00"),
        (MAY, "2026-05-07T10:00+02:00", 5, "2026-05-18T10:00+02:00"),
        (MAY, "2026-05-15T10:00+02:00", -1, "2026-05-13T10:00+02:00"),
        (GULF, "2026-01-08T10:00+04:00", 1, "2026-01-11T10:00+04:00"),  # Thursday to Sunday
        (PARIS, "2026-03-28T02:30+01:00", 1, "2026-03-30T02:30+02:00"),  # the night that loses an hour
        (
            WorkingCalendar("Europe/Paris", frozenset({6})),
            "2026-03-22T02:30+01:00",
            1,
            "2026-03-29T03:30+02:00",
        ),
    ],
)
def test_days_off_other_weeks_and_gaps_in_the_clock(
    calendar: WorkingCalendar, moment: str, days: int, due: str
) -> None:
    assert calendars.add_working_days(at(moment), days, calendar) == at(due)


def test_the_answer_is_in_the_time_zone_of_the_question() -> None:
    zone = timezone(timedelta(hours=-5))
    due = calendars.add_working_days(datetime(2026, 1, 5, 9, tzinfo=zone), 3, PARIS)
    assert (due, due.tzinfo) == (datetime(2026, 1, 8, 9, tzinfo=zone), zone)


def test_a_calendar_without_working_days_does_not_stop_the_clock_for_good() -> None:
    due = calendars.add_working_days(at("2026-01-05T09:00Z"), 2, CLOSED)
    assert timedelta(days=calendars.MOST_IDLE_DAYS) < due - at("2026-01-05T09:00Z") < timedelta(days=420)
    assert calendars.add_working_time(at("2026-01-05T09:00Z"), timedelta(hours=1), CLOSED) < due


moments = st.integers(0, 10**6).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
some_calendars = st.sampled_from([PARIS, GULF, MAY, OFTEN_OFF])


@given(moments, st.integers(1, 40), some_calendars)
def test_it_is_always_due_on_a_working_day_and_never_sooner_than_the_days(
    moment: datetime, days: int, calendar: WorkingCalendar
) -> None:
    zone = ZoneInfo(calendar.zone)
    due = calendars.add_working_days(moment, days, calendar).astimezone(zone)
    begun = moment.astimezone(zone)
    assert calendar.is_working(due.date())
    assert due.date() - begun.date() >= timedelta(days=days)
    assert calendars.count_working_days(begun.date() + timedelta(days=1), due.date(), calendar) == days


@given(moments, st.integers(1, 20), some_calendars)
def test_going_back_so_many_days_leads_to_the_day_before_which_they_lie(
    moment: datetime, days: int, calendar: WorkingCalendar
) -> None:
    zone = ZoneInfo(calendar.zone)
    back = calendars.add_working_days(moment, -days, calendar).astimezone(zone)
    assert calendar.is_working(back.date())
    begun = moment.astimezone(zone).date() - timedelta(days=1)
    assert calendars.count_working_days(back.date(), begun, calendar) == days


@given(moments, st.integers(1, 20), some_calendars)
def test_a_working_day_has_a_day_of_working_time(
    moment: datetime, days: int, calendar: WorkingCalendar
) -> None:
    if calendar.is_working(moment.astimezone(ZoneInfo(calendar.zone)).date()):
        due = calendars.add_working_days(moment, days, calendar)
        left = calendars.measure_working_time(moment, due, calendar)
        assert abs(left - timedelta(days=days)) <= timedelta(hours=1)


@given(moments, st.integers(0, 60 * 24 * 30), some_calendars)
def test_measuring_undoes_adding(moment: datetime, minutes: int, calendar: WorkingCalendar) -> None:
    amount = timedelta(minutes=minutes)
    end = calendars.add_working_time(moment, amount, calendar)
    assert calendar.is_working(end.astimezone(ZoneInfo(calendar.zone)).date())
    # The one hour of the year that clocks show twice, or not at all, can be a part of it.
    assert abs(calendars.measure_working_time(moment, end, calendar) - amount) <= timedelta(hours=1)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-01-09T18:00+01:00", "2026-01-12T06:00+01:00", 12),
        ("2026-01-10T09:00+01:00", "2026-01-11T09:00+01:00", 0),
        ("2026-01-05T09:00+01:00", "2026-01-05T09:00+01:00", 0),
        ("2026-01-06T09:00+01:00", "2026-01-05T09:00+01:00", 0),
        ("2026-01-05T09:00+01:00", "2026-01-06T10:00+01:00", 25),
    ],
)
def test_only_working_days_have_working_time(start: str, end: str, hours: int) -> None:
    assert calendars.measure_working_time(at(start), at(end), PARIS) == timedelta(hours=hours)


def test_what_is_promised_for_a_day_is_due_in_its_last_minute() -> None:
    assert calendars.close_of(date(2026, 7, 1), PARIS) == at("2026-07-01T23:59+02:00")


@pytest.mark.parametrize(("first", "days"), [("2026-08-01", -1), ("2026-08-01", 366)])
def test_a_closure_ends_after_it_began_and_lasts_a_year_at_most(first: str, days: int) -> None:
    begun = date.fromisoformat(first)
    calendars.check_closure(begun, begun)
    calendars.check_closure(begun, begun + timedelta(days=365))
    with pytest.raises(ClosureNotRight):
        calendars.check_closure(begun, begun + timedelta(days=days))
