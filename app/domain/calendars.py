"""Working calendars: on which days the clock runs, and when so many of them are over."""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from app.domain.errors import Conflict, Invalid, NotFound

WEEK = frozenset(range(5))
"""Monday to Friday, as `date.weekday` counts them."""

MOST_IDLE_DAYS = 400
"""After so many days off in a row every day counts: a mistake in a calendar must not stop the clock for good."""

LONGEST_CLOSURE_DAYS = 366
_DAY = timedelta(days=1)


class NoSuchCalendar(NotFound):
    """There is no such calendar."""

    code = "calendars.not-found"


class NoSuchClosure(NotFound):
    """This calendar has no such closure."""

    code = "calendars.no-such-closure"


class NoSuchEntity(NotFound):
    """There is no such unit of the organisation."""

    code = "calendars.no-such-entity"


class NameTaken(Conflict):
    """Another calendar has this name."""

    code = "calendars.name-taken"


class CalendarInUse(Conflict):
    """Units of the organisation work by this calendar: give them another one first."""

    code = "calendars.in-use"


class UnknownRegion(Invalid):
    """No public holidays are known for this region: give a code of ISO 3166, such as FR or DE-BY."""

    code = "calendars.unknown-region"


class UnknownZone(Invalid):
    """There is no such time zone: give an IANA name, such as Europe/Paris."""

    code = "calendars.unknown-zone"


class ClosureNotRight(Invalid):
    """A closure ends on or after its first day, and lasts a year at most."""

    code = "calendars.closure-not-right"


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """The days on which somebody works: weekdays, without days off, in a time zone (IANA name)."""

    zone: str
    weekdays: frozenset[int] = WEEK
    days_off: Container[date] = field(default=frozenset())

    def is_working(self, day: date) -> bool:
        """Tell whether a day counts."""
        return day.weekday() in self.weekdays and day not in self.days_off


@dataclass(frozen=True, slots=True)
class DaysOff(Container[date]):
    """Public holidays, and the first and last days of closures."""

    holidays: Container[date]
    closures: Sequence[tuple[date, date]] = ()

    def __contains__(self, day: object) -> bool:
        return day in self.holidays or (
            isinstance(day, date) and any(first <= day <= last for first, last in self.closures)
        )


def check_closure(first: date, last: date) -> None:
    """Let pass days that a company may close on.

    Raises: ClosureNotRight.
    """
    if last < first:
        raise ClosureNotRight.at("/last_day")
    if (last - first).days >= LONGEST_CLOSURE_DAYS:
        raise ClosureNotRight.at("/last_day")


def add_working_days(moment: datetime, days: int, calendar: WorkingCalendar) -> datetime:
    """Return the same time of day so many working days later, or earlier when `days` is negative.

    The time of day is that of the calendar's zone, also across a change of its clocks; the answer is in the
    zone of `moment`.
    """
    if days == 0:
        return moment
    local, step = _read(moment, calendar), _DAY if days > 0 else -_DAY
    ahead = _list_working(local.date() + step, calendar, step)
    day = next(islice(ahead, abs(days) - 1, None))
    return _write(datetime.combine(day, local.time()), moment, calendar)


def count_working_days(first: date, last: date, calendar: WorkingCalendar) -> int:
    """Return how many days from the first to the last, both included, count."""
    return sum(calendar.is_working(first + number * _DAY) for number in range((last - first).days + 1))


def measure_working_time(start: datetime, end: datetime, calendar: WorkingCalendar) -> timedelta:
    """Return the time between two moments that lies on working days, each of 24 hours on the clock of the wall."""
    here, there = _read(start, calendar), _read(end, calendar)
    total, day = timedelta(), here.date()
    while day <= there.date():
        if calendar.is_working(day):
            total += max(min(there, _end(day)) - max(here, _begin(day)), timedelta())
        day += _DAY
    return total


def add_working_time(moment: datetime, amount: timedelta, calendar: WorkingCalendar) -> datetime:
    """Return when so much time on working days is over; it is always on one of them.

    Undoes `measure_working_time` for an end on a working day.
    """
    local = _read(moment, calendar)
    for day in _list_working(local.date(), calendar, _DAY):
        here = max(local, _begin(day))
        if amount < _end(day) - here:
            return _write(here + amount, moment, calendar)
        amount -= _end(day) - here
    raise AssertionError  # pragma: no cover  days never end


def close_of(day: date, calendar: WorkingCalendar) -> datetime:
    """Return the last minute of a day in the calendar's zone: what is promised for a day is due then."""
    return datetime.combine(day, time(23, 59), ZoneInfo(calendar.zone))


def _list_working(day: date, calendar: WorkingCalendar, step: timedelta) -> Iterator[date]:
    """Give the days that count, in one direction from a day that is included."""
    idle = 0
    while True:
        if calendar.is_working(day) or idle >= MOST_IDLE_DAYS:
            idle = 0 if calendar.is_working(day) else idle
            yield day
        else:
            idle += 1
        day += step


def _read(moment: datetime, calendar: WorkingCalendar) -> datetime:
    """Return what a clock on the wall shows."""
    return moment.astimezone(ZoneInfo(calendar.zone)).replace(tzinfo=None, fold=0)


def _write(local: datetime, like: datetime, calendar: WorkingCalendar) -> datetime:
    # A time that the clocks leave out is taken as that long after the last one before the gap.
    return local.replace(tzinfo=ZoneInfo(calendar.zone)).astimezone(like.tzinfo)


def _begin(day: date) -> datetime:
    return datetime.combine(day, time())


def _end(day: date) -> datetime:
    return _begin(day) + _DAY
