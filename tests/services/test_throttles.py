"""Counting attempts on a real database."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState
from sqlalchemy.util import await_only

from app.core.db import Database, DatabaseAway
from app.core.security import devices
from app.core.security.seals import Seals
from app.domain.throttles import FREE, WINDOW, TooManyAttempts
from app.models.sessions import SignInThrottle
from app.services import throttles
from tests.support.world import START

ALICE, MAX = "alice@company.example", "max@company.example"
SEALS = Seals(["a secret of an installation, long enough"])
SUBJECT = throttles.name_place(SEALS, ALICE)


async def attempt(database: Database, *, after: timedelta = timedelta(0), subject: str = SUBJECT) -> bool:
    """Make an attempt, and tell whether it would be evaluated."""
    try:
        async with database.writer() as session:
            await throttles.count_attempt(session, subject, now=START + after)
    except TooManyAttempts:
        return False
    return True


async def test_of_many_parallel_attempts_only_the_free_ones_pass(database: Database) -> None:
    passed = await asyncio.gather(*(attempt(database) for _ in range(40)))
    assert passed.count(True) == FREE


async def test_a_wait_holds_for_looking_and_for_counting_and_ends(database: Database) -> None:
    for _ in range(FREE):
        assert await attempt(database)
    async with database.reader() as session:
        with pytest.raises(TooManyAttempts):
            await throttles.check(session, SUBJECT, now=START)
        await throttles.check(session, SUBJECT, now=START + timedelta(seconds=1))
    assert not await attempt(database)
    assert await attempt(database, after=timedelta(seconds=1))
    assert not await attempt(database, after=timedelta(seconds=2))


async def test_a_success_forgives_and_a_month_forgets(database: Database) -> None:
    for _ in range(FREE):
        await attempt(database)
    async with database.writer() as session:
        await throttles.forgive(session, SUBJECT)
    for _ in range(FREE):
        assert await attempt(database)
    assert not await attempt(database)
    for _ in range(FREE):
        assert await attempt(database, after=WINDOW)


async def test_an_attempt_that_was_not_evaluated_does_not_count(database: Database) -> None:
    for _ in range(FREE):
        await attempt(database)
    async with database.writer() as session:
        await throttles.take_back(session, SUBJECT)
    assert await attempt(database)
    assert not await attempt(database)


async def attempt_while_a_sign_in_succeeds(database: Database) -> None:
    """Make an attempt that meets a count, which a sign-in elsewhere takes away before it is looked at."""
    async with database.writer() as session:

        async def succeed() -> None:
            if database.on_sqlite:  # where nobody else writes meanwhile
                await throttles.forgive(session, SUBJECT)
                return
            async with database.writer() as other:
                await throttles.forgive(other, SUBJECT)

        def interrupt(look: ORMExecuteState) -> None:
            await_only(succeed())

        # The insertion passes the session by: the look is the first that comes through it.
        event.listen(session.sync_session, "do_orm_execute", interrupt, once=True)
        await throttles.count_attempt(session, SUBJECT, now=START)


async def test_a_count_that_goes_while_it_is_met_begins_anew(database: Database) -> None:
    for _ in range(3):
        await attempt(database)
    await attempt_while_a_sign_in_succeeds(database)
    async with database.reader() as session:
        assert (await session.get_one(SignInThrottle, SUBJECT)).failures == 1


async def test_a_count_that_always_goes_is_not_waited_for(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttles, "_TRIES", 1)
    await attempt(database)
    with pytest.raises(DatabaseAway):
        await attempt_while_a_sign_in_succeeds(database)


async def test_old_counts_are_dropped(database: Database) -> None:
    await attempt(database)
    async with database.writer() as session:
        await throttles.forget_old(session, now=START + WINDOW - timedelta(seconds=1))
        assert await session.get(SignInThrottle, SUBJECT) is not None
        await throttles.forget_old(session, now=START + WINDOW)
    async with database.reader() as session:
        assert await session.get(SignInThrottle, SUBJECT) is None


def test_a_known_device_is_counted_apart_and_a_foreign_one_is_not_known() -> None:
    device = devices.issue(SEALS, ALICE)
    places = {
        SUBJECT,
        throttles.name_place(SEALS, MAX),
        throttles.name_place(SEALS, ALICE, device),
        throttles.name_place(SEALS, ALICE, devices.issue(SEALS, ALICE)),
    }
    assert len(places) == 4
    assert throttles.name_place(SEALS, MAX, device) == throttles.name_place(SEALS, MAX)
    assert throttles.name_place(SEALS, ALICE, "nonsense") == SUBJECT
    assert not any(ALICE.partition("@")[0] in place for place in places)


async def test_attempts_counted_together_take_turns() -> None:
    inside = most = 0

    async def enter() -> None:
        nonlocal inside, most
        async with throttles.take_turn(SUBJECT):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(enter() for _ in range(10)))
    assert most == 1
