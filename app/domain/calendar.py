"""Working days: when an answer is due."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

FIRST_ANSWER_DAYS = 5
"""Working days within which the holder acknowledges, asks or decides."""

DECISION_DAYS = 30
"""Working days within which a review or a selection is decided."""

_SATURDAY = 5


def add_working_days(moment: datetime, days: int, zone: str) -> datetime:
    """Return the same time of day so many working days (Monday to Friday) later, in a time zone."""
    local = moment.astimezone(ZoneInfo(zone))
    while days > 0:
        local += timedelta(days=1)
        if local.weekday() < _SATURDAY:
            days -= 1
    return local.astimezone(moment.tzinfo)
