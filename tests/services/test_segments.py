"""Segments are found from the record, each night the same as from the beginning."""

from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import delete, select

from app.core.db import Database
from app.domain.segments import Segment
from app.models.segments import Membership
from app.queries import segments as queries
from app.services import segments
from tests.services.test_activity import Life, work_off
from tests.support.world import START, Cast


async def read_members(database: Database) -> dict[str, tuple[str, dict[str, int]]]:
    async with database.reader() as session:
        rows = (await session.scalars(select(Membership))).all()
    return {row.employee_id: (row.segment, row.facts) for row in rows}


@pytest.mark.parametrize("seed", range(3))
async def test_night_by_night_is_the_same_as_from_the_beginning(
    database: Database, cast: Cast, seed: int
) -> None:
    life = Life(database, cast, Random(seed))
    for number in range(60):
        await life.act()
        if number % 15 == 14:
            await work_off(database, life.now)
            await segments.compute(database, now=life.now)
    life.now += timedelta(days=89)
    await work_off(database, life.now)
    await segments.compute(database, now=life.now)
    night_by_night = await read_members(database)
    assert await segments.compute(database, now=life.now) == 0
    async with database.writer() as session:
        await session.execute(delete(Membership))
    await segments.compute(database, now=life.now)
    assert await read_members(database) == night_by_night
    assert {segment for segment, _ in night_by_night.values()} > {Segment.PASSIVE, Segment.TOP_MANAGER}


async def test_who_does_nothing_for_a_season_is_passive_again(database: Database, cast: Cast) -> None:
    life = Life(database, cast, Random(7))
    for _ in range(60):
        await life.act()
    await work_off(database, life.now)
    await segments.compute(database, now=life.now)
    assert (await read_members(database))[cast["Max"].id][0] != Segment.PASSIVE
    await segments.compute(database, now=life.now + timedelta(days=120))
    assert (await read_members(database))[cast["Max"].id] == (Segment.PASSIVE, {})


async def test_what_is_anonymous_moves_nobody(database: Database, cast: Cast) -> None:
    rng = Random(3)
    life = Life(database, cast, rng)
    for _ in range(5):
        life.rng = _Anonymous()
        await life.submit()
        life.now += timedelta(days=1)
    await work_off(database, life.now)
    await segments.compute(database, now=life.now)
    assert (await read_members(database))[cast["Alice"].id] == (Segment.PASSIVE, {})


class _Anonymous(Random):
    """Luck by which Alice always writes without her name."""

    def random(self) -> float:
        return 0.0

    def choice(self, seq: Any) -> Any:
        return seq[0]


async def test_who_does_not_want_to_be_addressed_is_not(database: Database, cast: Cast) -> None:
    await segments.compute(database, now=START)

    async def count() -> int:
        async with database.reader() as session:
            return len((await session.scalars(queries.select_addressable(Segment.PASSIVE))).all())

    before = await count()
    async with database.writer() as session:
        await segments.choose(session, await cast.actor(session, "Max"), addressed=False, now=START)
    assert await count() == before - 1


async def test_who_left_has_no_segment(database: Database, cast: Cast) -> None:
    await segments.compute(database, now=START)
    async with database.writer() as session:
        cast["Max"].active = False
        await session.merge(cast["Max"])
    await segments.compute(database, now=START)
    assert cast["Max"].id not in await read_members(database)
