"""The clock: the only place where the time of day is read."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo


def now() -> datetime:
    """Return the present moment as an aware UTC datetime."""
    return datetime.now(UTC)


def day_in(zone: str, moment: datetime) -> date:
    """Return the calendar day that a moment falls on in a time zone (IANA name)."""
    return moment.astimezone(ZoneInfo(zone)).date()


def next_day(day: date) -> date:
    """Return the day after a day."""
    return day + timedelta(days=1)
