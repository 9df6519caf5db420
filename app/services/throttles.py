"""Slowing down who guesses passwords, without locking out who knows them.

Attempts are counted by account and kind of place: all places unknown to the account together, each device
that signed in to it before apart. An attempt is counted before it is evaluated and forgiven when it
succeeds, so that a thousand parallel ones pass no more than a thousand in a row.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from weakref import WeakValueDictionary

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from app.core.db import DatabaseAway, ReadSession, WriteSession
from app.core.security import devices
from app.core.security.seals import Seals
from app.domain import throttles
from app.models.sessions import SignInThrottle

_COUNT_FIRST = {
    dialect.__name__.rpartition(".")[2]: dialect.insert(SignInThrottle)
    .on_conflict_do_nothing(index_elements=["subject"])
    .returning(col(SignInThrottle.subject))
    for dialect in (postgresql, sqlite)
}

_TRIES = 5
"""How often a count may be there for the insertion and gone for the look."""

_turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()


def name_place(seals: Seals, account: str, device: str = "") -> str:
    """Return what attempts on an account (a folded name) are counted under; it does not tell the name."""
    number = devices.find(seals, device, account) if device else None
    return seals.make("sign-ins by device", account, number) if number else seals.make("sign-ins", account)


def name_person(seals: Seals, employee_id: str) -> str:
    """Return what a signed-in person's tries of the present password are counted under."""
    return seals.make("changes of password", employee_id)


@asynccontextmanager
async def take_turn(subject: str) -> AsyncIterator[None]:
    """Let the attempts that are counted together through one after the other, in this process.

    So the right password, sent fifty times at once, is not taken for fifty guesses.
    """
    turn = _turns.setdefault(subject, asyncio.Lock())
    async with turn:
        yield


async def check(session: ReadSession, subject: str, *, now: datetime) -> None:
    """Let pass an attempt whose turn it is, without counting it.

    Raises: TooManyAttempts.
    """
    count = await session.get(SignInThrottle, subject)
    if count is not None:
        throttles.check(count, now)


async def count_attempt(session: WriteSession, subject: str, *, now: datetime) -> None:
    """Count an attempt as if it failed; to be committed before it is evaluated.

    Raises: TooManyAttempts; DatabaseAway when other processes forgive faster than this one can count.
    """
    count = await _count_first(session, subject, now=now)
    if count is None:
        return
    throttles.check(count, now)
    if throttles.is_forgotten(count, now):
        count.failures, count.first_at = 0, now
    count.failures += 1
    count.blocked_until = throttles.find_next_turn(count.failures, first_at=count.first_at, now=now)


async def _count_first(session: WriteSession, subject: str, *, now: datetime) -> SignInThrottle | None:
    """Begin a count, or return the one that stands, locked.

    Raises: DatabaseAway.
    """
    connection = await session.connection()
    first = {"subject": subject, "failures": 1, "first_at": now}
    # One statement for who mistypes nothing, known here or not: a count goes with every success.
    for _ in range(_TRIES):
        if (await connection.execute(_COUNT_FIRST[connection.dialect.name], first)).scalar() is not None:
            return None
        # A sign-in that succeeds elsewhere takes the count away between the two.
        count = await session.get(SignInThrottle, subject, with_for_update=True, populate_existing=True)
        if count is not None:
            return count
    message = "the count of attempts never stood still"
    raise DatabaseAway(message)


async def take_back(session: WriteSession, subject: str) -> None:
    """Uncount an attempt that was not evaluated after all."""
    count = await session.get(SignInThrottle, subject, with_for_update=True, populate_existing=True)
    if count is not None:
        count.failures = max(0, count.failures - 1)
        count.blocked_until = None


async def forgive(session: WriteSession, subject: str) -> None:
    """Begin anew: the password was given, or is another one now."""
    await session.execute(delete(SignInThrottle).where(col(SignInThrottle.subject) == subject))


async def forget_old(session: WriteSession, *, now: datetime) -> None:
    """Drop counts that no longer count."""
    await session.execute(
        delete(SignInThrottle).where(col(SignInThrottle.first_at) <= now - throttles.WINDOW)
    )
