"""Sessions: how long one lasts, and what a refresh token is worth at a moment."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from app.domain.errors import NotFound, Unauthenticated

GRACE = timedelta(seconds=10)
"""How long the token before the present one still leads to the present one: tabs refresh at the same time."""

MAX_CLIENT = 200
"""Characters kept of what a client calls itself."""


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long a session lasts unused, and how long at all."""

    idle: timedelta = timedelta(days=30)
    absolute: timedelta = timedelta(days=180)


class Verdict(StrEnum):
    """What follows from a refresh token."""

    ROTATE = "rotate"
    REPEAT = "repeat"
    REUSED = "reuse"
    EXPIRED = "expired"
    REFUSED = "refused"


class WrongCredentials(Unauthenticated):
    """The e-mail address or the password is not right."""

    code = "sessions.wrong-credentials"


class SessionOver(Unauthenticated):
    """This session has ended: sign in again."""

    code = "sessions.over"


class NoSuchSession(NotFound):
    """You have no such session."""

    code = "sessions.not-found"


class Standing(Protocol):
    """A session as the rules see it."""

    generation: int
    rotated_at: datetime | None
    expires_at: datetime
    revoked_at: datetime | None


def judge(session: Standing, generation: int, now: datetime) -> Verdict:
    """Say what follows from a genuine refresh token of one generation.

    1. A session that ended stays ended, whatever the clock says.
    2. The present generation is rotated.
    3. The one before, within `GRACE` of its use, is given the present one once more: however many ask, there
       is one chain. The clocks of two replicas may differ by as much.
    4. Any other was used before: whoever holds it, or whoever used it, stole it (RFC 9700, 4.14.2).
    """
    if session.revoked_at is not None or generation > session.generation:
        return Verdict.REFUSED
    if now >= session.expires_at:
        return Verdict.EXPIRED
    if generation == session.generation:
        return Verdict.ROTATE
    rotated = session.rotated_at
    if generation == session.generation - 1 and rotated is not None and abs(now - rotated) <= GRACE:
        return Verdict.REPEAT
    return Verdict.REUSED


def find_end(started_at: datetime, used_at: datetime, lifetimes: Lifetimes) -> datetime:
    """Return when a session ends unless it is used again."""
    return min(started_at + lifetimes.absolute, used_at + lifetimes.idle)


def describe_client(text: str) -> str:
    """Return what a client calls itself, fit to be shown: no control or format characters, cut."""
    visible = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(visible.split())[:MAX_CLIENT].rstrip()
