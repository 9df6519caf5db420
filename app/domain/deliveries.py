"""Deliveries: when a message goes, how often it is tried, and when it is given up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.domain.preferences import Digest, Habits, Timing


class Form(StrEnum):
    """How a message goes: at once and alone, or gathered with others."""

    SINGLE = "single"
    DIGEST = "digest"
    PUT_OFF = "put_off"


class State(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    SENT = "sent"
    GIVEN_UP = "given_up"
    DROPPED = "dropped"


CLAIM = timedelta(minutes=3)
"""How long whoever took a delivery up has for it; then another one takes it for lost, and sends it again."""

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720))
"""Between one attempt and the next: a day and a half in all, so that a mail server may be away overnight."""

LONGEST_PAUSE = timedelta(days=1)
STALE = timedelta(days=7)
"""What is overdue for so long, since nothing was sent at all, is news no more."""

_JITTER = 0.2


@dataclass(frozen=True, slots=True)
class Plan:
    """How and when something goes."""

    form: Form
    due_at: datetime


def plan(timing: str, habits: Habits, *, zone: str, sent_today: int, now: datetime) -> Plan | None:
    """Return how something is told by a channel, None where it is not.

    `zone` is the company's; `sent_today` are the messages that the channel brought at once since midnight.
    """
    zone = habits.time_zone or zone
    if timing == Timing.NEVER or (timing == Timing.DIGEST and habits.digest == Digest.NEVER):
        return None
    if timing == Timing.DIGEST:
        weekday = habits.weekday if habits.digest == Digest.WEEKLY else None
        return Plan(Form.DIGEST, find_next(now, habits.hour, zone, weekday=weekday))
    if sent_today >= habits.per_day:
        return Plan(Form.PUT_OFF, find_next(find_midnight(now, zone, days=1), habits.hour, zone))
    if is_quiet(now, habits, zone):
        return Plan(Form.PUT_OFF, find_next(now, habits.quiet_until, zone))
    return Plan(Form.SINGLE, now)


def is_quiet(moment: datetime, habits: Habits, zone: str) -> bool:
    """Tell whether somebody wants no messages at a moment."""
    hour, since, until = moment.astimezone(ZoneInfo(zone)).hour, habits.quiet_from, habits.quiet_until
    if since <= until:
        return since <= hour < until
    return hour >= since or hour < until


def find_next(moment: datetime, hour: int, zone: str, *, weekday: int | None = None) -> datetime:
    """Return the first full hour of a clock on the wall that is not before a moment, on any day or on a weekday."""
    there = ZoneInfo(zone)
    day = moment.astimezone(there).date()
    while True:
        found = datetime.combine(day, time(hour), there).astimezone(moment.tzinfo)
        if found >= moment and weekday in (None, day.isoweekday()):
            return found
        day += timedelta(days=1)


def find_midnight(moment: datetime, zone: str, *, days: int = 0) -> datetime:
    """Return when the day of a moment begins in a time zone, or the one so many days later."""
    there = ZoneInfo(zone)
    day = moment.astimezone(there).date() + timedelta(days=days)
    return datetime.combine(day, time(0), there).astimezone(moment.tzinfo)


def find_next_attempt(
    attempts: int,
    *,
    luck: float,
    retry_after: float | None,
    now: datetime,
    pauses: Sequence[timedelta] = PAUSES,
) -> datetime | None:
    """Return when to try again after so many attempts, None where it is given up.

    `luck` (0 to 1) spreads the attempts over a fifth of the pause around it, so that what failed together does not
    come back together; `retry_after` are seconds that the other side asked for, a day at most.
    """
    if attempts > len(pauses):
        return None
    pause = pauses[attempts - 1] * (1 - _JITTER + 2 * _JITTER * luck)
    if retry_after is not None:
        pause = max(pause, min(timedelta(seconds=retry_after), LONGEST_PAUSE))
    return now + pause
