"""The clock: the only place where the time of day is read."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo


def now() -> datetime:
    """Return the present moment as an aware UTC datetime."""
    return datetime.now(UTC)


def day_in(zone: str, moment: datetime) -> date:
    """Return the calendar day that a moment falls on in a time zone (IANA name).

    At the ends of the calendar, where that day does not exist, it is the day of the moment as it is written.
    """
    try:
        return moment.astimezone(ZoneInfo(zone)).date()
    except OverflowError:
        return moment.date()


def next_day(day: date) -> date:
    """Return the day after a day; after the last of the calendar comes none."""
    return day + timedelta(days=1) if day < date.max else day
