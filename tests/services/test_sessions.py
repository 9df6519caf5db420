"""Sessions on a real database: their chains of tokens, their ends, and what is written down of them."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from app.core import ids
from app.core.db import Database
from app.domain.actors import Actor
from app.domain.sessions import Lifetimes, NoSuchSession, Verdict
from app.models.employees import Employee
from app.models.events import Event
from app.models.sessions import Session, SignIn
from app.services import retention, sessions
from app.services.sessions import Opened
from tests.support.world import START, Cast

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


async def open_for(database: Database, person: Employee, *, now: datetime = START) -> Opened:
    async with database.writer() as session:
        return await sessions.open(session, person, client="test", now=now)


async def rotate(
    database: Database,
    opened: Opened,
    generation: int,
    *,
    after: timedelta,
    lifetimes: Lifetimes | None = None,
) -> Opened | Verdict:
    async with database.writer() as session:
        return await sessions.rotate(
            session, opened.session_id, generation, now=START + after, lifetimes=lifetimes or Lifetimes()
        )


async def find_whys(database: Database, session_id: str) -> list[str]:
    async with database.reader() as session:
        payloads = await session.scalars(
            select(col(Event.payload)).where(
                col(Event.subject) == session_id, col(Event.kind) == "sessions.revoked"
            )
        )
        return [payload["why"] for payload in payloads]


async def test_opening_writes_a_sign_in_a_session_and_an_event(database: Database, cast: Cast) -> None:
    opened = await open_for(database, cast["Alice"])
    async with database.reader() as session:
        row = await session.get_one(Session, opened.session_id)
        assert (row.employee_id, row.generation, row.expires_at) == (cast["Alice"].id, 0, START + 30 * DAY)
        assert await session.scalar(select(func.count()).select_from(SignIn)) == 1
        kinds = (
            await session.scalars(select(col(Event.kind)).where(col(Event.subject) == cast["Alice"].id))
        ).all()
        assert kinds == ["sessions.signed-in"]


async def test_refreshing_prolongs_a_session_and_is_no_sign_in(database: Database, cast: Cast) -> None:
    opened = await open_for(database, cast["Alice"])
    assert await rotate(database, opened, 0, after=DAY) == Opened(opened.session_id, cast["Alice"].id, 1)
    async with database.reader() as session:
        row = await session.get_one(Session, opened.session_id)
        assert (row.last_used_at, row.expires_at) == (START + DAY, START + 31 * DAY)
        assert await session.scalar(select(func.count()).select_from(SignIn)) == 1


async def test_two_tabs_within_the_grace_both_survive(database: Database, cast: Cast) -> None:
    opened = await open_for(database, cast["Alice"])
    first = await rotate(database, opened, 0, after=DAY)
    second = await rotate(database, opened, 0, after=DAY + 9 * SECOND)
    assert first == second == Opened(opened.session_id, cast["Alice"].id, 1)
    assert await find_whys(database, opened.session_id) == []


@pytest.mark.parametrize(
    ("generation", "after"),
    [(1, 11 * SECOND), (0, 1 * SECOND), (0, 29 * DAY)],
    ids=["late", "older", "long-after"],
)
async def test_a_token_used_before_ends_the_whole_session(
    database: Database, cast: Cast, generation: int, after: timedelta
) -> None:
    opened = await open_for(database, cast["Alice"])
    for used in (0, 1):
        assert isinstance(await rotate(database, opened, used, after=DAY), Opened)
    assert await rotate(database, opened, generation, after=DAY + after) is Verdict.REUSED
    assert await rotate(database, opened, 2, after=DAY + after) is Verdict.REFUSED
    assert await find_whys(database, opened.session_id) == ["reuse"]


async def test_fifty_parallel_refreshes_make_one_chain(database: Database, cast: Cast) -> None:
    opened = await open_for(database, cast["Alice"])
    outcomes = await asyncio.gather(*(rotate(database, opened, 0, after=DAY) for _ in range(50)))
    assert {outcome.generation for outcome in outcomes if isinstance(outcome, Opened)} == {1}
    assert len([outcome for outcome in outcomes if isinstance(outcome, Opened)]) == 50
    async with database.reader() as session:
        assert (await session.get_one(Session, opened.session_id)).generation == 1
    assert isinstance(await rotate(database, opened, 1, after=DAY + 20 * SECOND), Opened)
    assert await rotate(database, opened, 0, after=DAY + 20 * SECOND) is Verdict.REUSED


async def test_of_refreshes_too_far_apart_one_succeeds_however_they_meet(
    database: Database, cast: Cast
) -> None:
    opened = await open_for(database, cast["Alice"])
    outcomes = await asyncio.gather(
        *(rotate(database, opened, 0, after=DAY + minute * 60 * SECOND) for minute in range(4))
    )
    verdicts = [outcome for outcome in outcomes if isinstance(outcome, Verdict)]
    assert sorted(verdicts) == [Verdict.REFUSED, Verdict.REFUSED, Verdict.REUSED]


async def test_disuse_ends_a_session_for_good_whatever_the_clock_says_later(
    database: Database, cast: Cast
) -> None:
    opened = await open_for(database, cast["Alice"])
    assert await rotate(database, opened, 0, after=30 * DAY) is Verdict.EXPIRED
    assert await rotate(database, opened, 0, after=-DAY) is Verdict.REFUSED
    assert await find_whys(database, opened.session_id) == ["expired"]


async def test_use_does_not_prolong_a_session_beyond_its_age(database: Database, cast: Cast) -> None:
    opened = await open_for(database, cast["Alice"])
    for day in range(25, 180, 25):
        assert isinstance(await rotate(database, opened, day // 25 - 1, after=day * DAY), Opened)
    assert await rotate(database, opened, 7, after=180 * DAY) is Verdict.EXPIRED


async def test_a_clock_set_back_takes_nothing_from_a_session(database: Database, cast: Cast) -> None:
    opened = await open_for(database, cast["Alice"])
    assert isinstance(await rotate(database, opened, 0, after=5 * DAY), Opened)
    assert isinstance(await rotate(database, opened, 1, after=4 * DAY), Opened)
    async with database.reader() as session:
        row = await session.get_one(Session, opened.session_id)
        assert (row.last_used_at, row.expires_at) == (START + 5 * DAY, START + 35 * DAY)


async def test_the_session_of_somebody_who_left_is_not_prolonged(database: Database, cast: Cast) -> None:
    opened = await open_for(database, cast["Alice"])
    async with database.writer() as session:
        (await session.get_one(Employee, cast["Alice"].id)).active = False
    assert await rotate(database, opened, 0, after=DAY) is Verdict.REFUSED


async def test_a_session_is_ended_by_its_owner_only_and_once(database: Database, cast: Cast) -> None:
    opened = await open_for(database, cast["Alice"])
    for actor in (Actor(id=cast["Max"].id), Actor(id=cast["Adam"].id)):
        with pytest.raises(NoSuchSession):
            async with database.writer() as session:
                await sessions.revoke(session, actor, opened.session_id, now=START)
    alice = Actor(id=cast["Alice"].id)
    async with database.writer() as session:
        await sessions.revoke(session, alice, opened.session_id, now=START)
    for unknown in (opened.session_id, ids.new(), "' OR 1=1", ""):
        with pytest.raises(NoSuchSession):
            async with database.writer() as session:
                await sessions.revoke(session, alice, unknown, now=START)
    assert await find_whys(database, opened.session_id) == ["signed-out"]


async def test_all_sessions_of_a_person_end_except_one(database: Database, cast: Cast) -> None:
    alice = [await open_for(database, cast["Alice"]) for _ in range(3)]
    pete = await open_for(database, cast["Pete"])
    async with database.writer() as session:
        ended = await sessions.revoke_all(
            session, cast["Alice"].id, why="password", now=START, but=alice[0].session_id
        )
    assert ended == 2
    assert await _list_standing(database) == sorted([alice[0].session_id, pete.session_id])
    async with database.reader() as session:
        assert (await session.get_one(Employee, cast["Alice"].id)).access_version == 1


async def test_a_refresh_beside_the_end_of_all_sessions_leaves_none(database: Database, cast: Cast) -> None:
    opened = [await open_for(database, cast["Alice"]) for _ in range(6)]

    async def end() -> None:
        async with database.writer() as session:
            await sessions.revoke_all(session, cast["Alice"].id, why="left", now=START + DAY)

    await asyncio.gather(*(rotate(database, each, 0, after=DAY) for each in opened), end())
    assert await _list_standing(database) == []


async def test_sessions_that_ended_long_ago_are_deleted(database: Database, cast: Cast) -> None:
    old, fresh = (
        await open_for(database, cast["Alice"]),
        await open_for(database, cast["Alice"], now=START + 59 * DAY),
    )
    await retention.forget(database, {}, now=START + 61 * DAY)
    assert old.session_id not in await _list_standing(database)
    assert await _list_standing(database) == [fresh.session_id]


async def _list_standing(database: Database) -> Sequence[str]:
    async with database.reader() as session:
        found = await session.scalars(select(col(Session.id)).where(col(Session.revoked_at).is_(None)))
        return sorted(found.all())
