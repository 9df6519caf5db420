"""Attendance: who was there, by a code that the host shows and that changes every minute."""

from datetime import UTC, datetime, timedelta

from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.domain.gatherings import Arranged, Cancelled

OPENS_BEFORE = timedelta(minutes=15)
"""How long before the beginning the code is shown."""

CLOSES_AFTER = timedelta(minutes=30)
"""How long after the end the code is shown."""

BY_HAND = timedelta(days=7)
"""How long after the end hosts may still note who was there, and what was said."""

TURN = timedelta(minutes=1)
"""How long a code is shown; it is taken during the next one too, for those who have to sign in first."""


class NotNow(Conflict):
    """Attendance is noted from a quarter of an hour before the gathering to half an hour after it."""

    code = "attendances.not-now"


class NotSignedUp(Forbidden):
    """You have no place in this gathering: ask the host."""

    code = "attendances.not-signed-up"


class CodeNotRight(Invalid):
    """This code is not the one that is shown now: look at the host's screen again."""

    code = "attendances.code-not-right"


class NoSuchAttendant(NotFound):
    """There is no such person here."""

    code = "attendances.no-such-person"


def is_open(gathering: Arranged, *, now: datetime) -> bool:
    """Tell whether the code counts now."""
    opens, closes = gathering.starts_at - OPENS_BEFORE, gathering.ends_at + CLOSES_AFTER
    return gathering.cancelled_at is None and opens <= now < closes


def is_open_by_hand(gathering: Arranged, *, now: datetime) -> bool:
    """Tell whether hosts may note now what happened in the room."""
    opens, closes = gathering.starts_at - OPENS_BEFORE, gathering.ends_at + BY_HAND
    return gathering.cancelled_at is None and opens <= now < closes


def check_open(gathering: Arranged, *, now: datetime) -> None:
    """Let pass somebody with a code in the time of the gathering.

    Raises: Cancelled, NotNow.
    """
    if gathering.cancelled_at is not None:
        raise Cancelled
    if not is_open(gathering, now=now):
        raise NotNow


def check_open_by_hand(gathering: Arranged, *, now: datetime) -> None:
    """Let pass what hosts note from the time of the gathering on, to a week after it.

    Raises: Cancelled, NotNow.
    """
    if gathering.cancelled_at is not None:
        raise Cancelled
    if not is_open_by_hand(gathering, now=now):
        message = (
            "Hosts note what happened from a quarter of an hour before the gathering to a week after it."
        )
        raise NotNow(message)


def check_may_attend(*, seated: bool, walk_ins: bool, invited: bool) -> None:
    """Let pass whoever has a place, and others of the audience where the host lets people walk in.

    Raises: NotSignedUp.
    """
    if not seated and not (walk_ins and invited):
        raise NotSignedUp


def count_turns(now: datetime) -> int:
    """Return the number of the code that is shown at a moment."""
    return int(now.timestamp() // TURN.total_seconds())


def find_expiry(turn: int) -> datetime:
    """Return until when the code of a turn is taken."""
    return datetime.fromtimestamp((turn + 2) * TURN.total_seconds(), tz=UTC)
