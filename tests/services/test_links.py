"""One-time links on a real database."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from app.core.db import Database
from app.domain.links import AccountClosed, AlreadyJoined, LinkNotValid
from app.models.employees import Employee
from app.models.sessions import OneTimeLink
from app.services import links
from tests.support.world import START, Cast

SECOND = timedelta(seconds=1)


async def issue(database: Database, person: Employee, purpose: str = "reset") -> str:
    async with database.writer() as session:
        return await links.issue(session, person, purpose, now=START)


async def find(database: Database, secret: str, *, after: timedelta = SECOND) -> str | None:
    async with database.reader() as session:
        try:
            return (await links.get_person(session, secret, now=START + after)).id
        except LinkNotValid:
            return None


@pytest.mark.parametrize(
    ("purpose", "lifetime"), [("reset", timedelta(hours=1)), ("invitation", timedelta(days=7))]
)
async def test_a_link_lasts_its_time(
    database: Database, cast: Cast, purpose: str, lifetime: timedelta
) -> None:
    secret = await issue(database, cast["Alice"], purpose)
    assert await find(database, secret, after=lifetime - SECOND) == cast["Alice"].id
    assert await find(database, secret, after=lifetime) is None
    async with database.reader() as session:
        kept = (await session.scalars(select(OneTimeLink))).one()
    assert secret not in kept.digest


async def test_a_newer_link_cancels_the_older_one_of_that_person(database: Database, cast: Cast) -> None:
    older, hers = await issue(database, cast["Alice"]), await issue(database, cast["Pete"])
    newer = await issue(database, cast["Alice"], "invitation")
    assert await find(database, older) is None
    assert await find(database, newer) == cast["Alice"].id
    assert await find(database, hers) == cast["Pete"].id


async def test_of_links_made_at_the_same_time_one_is_left(database: Database, cast: Cast) -> None:
    await asyncio.gather(*(issue(database, cast["Alice"]) for _ in range(8)))
    async with database.reader() as session:
        left = await session.scalar(
            select(func.count()).select_from(OneTimeLink).where(col(OneTimeLink.used_at).is_(None))
        )
    assert left == 1


async def test_a_link_is_used_once(database: Database, cast: Cast) -> None:
    secret = await issue(database, cast["Alice"])

    async def use() -> bool:
        try:
            async with database.writer() as session:
                await links.use(session, secret, now=START + SECOND)
        except LinkNotValid:
            return False
        return True

    assert (await asyncio.gather(*(use() for _ in range(20)))).count(True) == 1
    assert await find(database, secret) is None


async def test_there_is_no_link_into_a_closed_account(database: Database, cast: Cast) -> None:
    secret = await issue(database, cast["Alice"])
    async with database.writer() as session:
        (await session.get_one(Employee, cast["Alice"].id)).active = False
        (await session.get_one(Employee, cast["Pete"].id)).kind = "placeholder"
        (await session.get_one(Employee, cast["Max"].id)).password_hash = "$argon2id$"
    assert await find(database, secret) is None
    for name in ("Alice", "Pete"):
        with pytest.raises(AccountClosed):
            await issue(database, cast[name])
    with pytest.raises(AlreadyJoined):
        await issue(database, cast["Max"], "invitation")
    assert await find(database, await issue(database, cast["Max"])) == cast["Max"].id
