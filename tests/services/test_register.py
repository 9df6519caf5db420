"""The register is written with the act, in one chain whatever happens at once."""

import asyncio
from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from app.core.db import Database
from app.domain import register as rules
from app.domain.chains import Verdict
from app.domain.register import Entry
from app.domain.roles import AlreadyGranted
from app.models.register import RegisterEntry, RegisterHead, RegisterName
from app.schemas.employees import GrantRole
from app.services import register, roles
from tests.support.client import Client
from tests.support.world import START, Cast

Speak = Callable[[str], Client]


async def read(database: Database) -> tuple[Sequence[RegisterEntry], Verdict]:
    """Return the whole register and whether it holds."""
    async with database.reader() as session:
        entries = (await session.scalars(select(RegisterEntry).order_by(col(RegisterEntry.position)))).all()
        head = (await session.scalars(select(RegisterHead))).one()
    return entries, rules.verify(entries, head=head.hash, length=head.position)


async def test_a_grant_enters_with_people_apart(speak: Speak, cast: Cast, database: Database) -> None:
    await speak("Adam").post(f"/employees/{cast['Max'].id}/roles", {"role": "hr"})
    (entry,), verdict = await read(database)
    assert verdict.valid
    assert (entry.kind, entry.act, entry.facts) == ("roles", "roles.granted", {"role": "hr"})
    async with database.reader() as session:
        names = dict(
            (await session.execute(select(col(RegisterName.ref), col(RegisterName.employee_id)))).all()
        )
    assert names[entry.actor_ref or ""] == cast["Adam"].id
    assert names[entry.about_ref or ""] == cast["Max"].id
    written = str(entry.model_dump())
    assert cast["Adam"].id not in written
    assert cast["Max"].id not in written


async def test_what_is_rolled_back_does_not_enter(cast: Cast, database: Database) -> None:
    wish = GrantRole(role="hr")
    for expected in (1, 1):
        try:
            async with database.writer() as session:
                await roles.add(session, cast["Max"].id, wish, actor_id=cast["Adam"].id, now=START)
        except AlreadyGranted:
            pass
        entries, verdict = await read(database)
        assert len(entries) == expected
        assert verdict.valid


async def test_many_at_once_make_one_chain(cast: Cast, database: Database) -> None:
    async def enter(number: int) -> None:
        async with database.writer() as session:
            for part in range(3):
                entry = Entry("settings.changed", f"{number}.{part}", actor_id=cast["Adam"].id, text="why")
                register.enter(session, entry, now=START)

    await asyncio.gather(*(enter(number) for number in range(12)))
    entries, verdict = await read(database)
    assert verdict.valid
    assert [entry.position for entry in entries] == list(range(1, 37))
    assert all(
        first.subject.partition(".")[0] == last.subject.partition(".")[0]
        for first, last in zip(entries[::3], entries[2::3], strict=True)
    )


async def test_erasing_people_and_words_leaves_the_register_whole(cast: Cast, database: Database) -> None:
    async with database.writer() as session:
        entry = Entry("exports.made", "e", actor_id=cast["Adam"].id, text="About Max", facts={"rows": 3})
        register.enter(session, entry, now=START)
    async with database.writer() as session:
        await session.execute(update(RegisterName).values(employee_id=None))
        await session.execute(update(RegisterEntry).values(text=None, salt=None))
    _, verdict = await read(database)
    assert verdict.valid


async def test_an_act_that_the_register_does_not_know_is_a_mistake(database: Database) -> None:
    async with database.writer() as session:
        with pytest.raises(KeyError):
            register.enter(session, Entry("lunches.eaten"), now=START)
