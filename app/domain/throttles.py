"""How often a password may be guessed: ten times at once, then more and more slowly, then no more."""

import math
from datetime import datetime, timedelta
from typing import Protocol

from app.domain.errors import TooMany

FREE = 10
"""Attempts without a wait between them."""

LIMIT = 100
"""Consecutive failures after which nothing is evaluated any more (NIST SP 800-63B-4, 3.2.2)."""

WINDOW = timedelta(days=30)
"""How long after the first of them failures are forgotten."""

LONGEST = timedelta(hours=1)
"""Longest wait between two attempts below the limit."""

_DOUBLINGS = 20
"""Of the wait: more than it takes to reach `LONGEST`."""


class TooManyAttempts(TooMany):
    """Too many failed attempts on this account: wait, or use a device on which you signed in before."""

    code = "sessions.too-many-attempts"


class Count(Protocol):
    """The attempts on one account from one kind of place since the last success."""

    failures: int
    first_at: datetime
    blocked_until: datetime | None


def is_forgotten(count: Count, now: datetime) -> bool:
    """Tell whether the failures are so old that counting begins anew."""
    return now - count.first_at >= WINDOW


def check(count: Count, now: datetime) -> None:
    """Let pass an attempt whose turn it is.

    Raises: TooManyAttempts, with the wait in seconds.
    """
    if is_forgotten(count, now) or count.blocked_until is None or count.blocked_until <= now:
        return
    refusal = TooManyAttempts()
    refusal.retry_after = max(1, math.ceil((count.blocked_until - now).total_seconds()))
    raise refusal


def find_next_turn(failures: int, *, first_at: datetime, now: datetime) -> datetime | None:
    """Return when the next attempt may be made after so many failures; None means at once.

    1 second after the tenth, doubled with each, at most an hour: some 45 in the first day. From `LIMIT` on,
    not before all is forgotten.
    """
    if failures < FREE:
        return None
    if failures >= LIMIT:
        return first_at + WINDOW
    # The exponent is bounded, or a large count would overflow before the least is taken.
    return now + min(LONGEST, timedelta(seconds=2 ** min(failures - FREE, _DOUBLINGS)))
