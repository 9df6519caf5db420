"""Those who ask at the same moment share a statement, and nobody spoils it for the others."""

import asyncio
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col

from app.core import ids
from app.core.db import Database
from app.domain.actors import Actor
from app.domain.roles import Role
from app.models.roles import RoleGrant
from app.models.sessions import Session
from app.queries import actors
from app.services import sign_in_states
from app.services.sign_in_states import Person, SignInStates
from tests.support.statements import counted
from tests.support.world import Cast, grant

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def states(database: Database) -> SignInStates:
    return SignInStates(database, held=0.5)


@pytest.fixture
async def herd(database: Database, cast: Cast) -> list[Person]:
    """Five sessions of everybody."""
    opened = [
        Session(
            employee_id=person.id,
            started_at=NOW,
            last_used_at=NOW,
            expires_at=NOW + timedelta(days=1),
        )
        for person in cast.people.values()
        for _ in range(5)
    ]
    async with database.writer() as session:
        session.add_all(opened)
    return [(one.employee_id, one.id) for one in opened]


async def read(states: SignInStates, people: Collection[Person]) -> list[Actor | None]:
    found = await asyncio.gather(*(states.read(person, NOW) for person in people))
    return [actor for actor, _ in found]


async def test_a_herd_is_read_in_one_statement(
    states: SignInStates, database: Database, herd: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    with counted(database) as statements:
        found = await read(states, herd)
    assert [(actor.id, actor.session_id) for actor in found if actor] == herd
    assert len(statements) == 1
    monkeypatch.setattr(sign_in_states, "MOST", 10)
    assert [(actor.id, actor.session_id) for actor in await read(states, herd) if actor] == herd


async def test_each_gets_the_own_state(
    states: SignInStates, database: Database, cast: Cast, herd: list[Person]
) -> None:
    async with database.writer() as session:
        for role in (Role.ADMIN, Role.HR):
            await grant(session, cast["Alice"], role)
        await session.execute(update(Session).where(col(Session.id) == herd[0][1]).values(revoked_at=NOW))
        await session.execute(update(Session).where(col(Session.id) == herd[1][1]).values(expires_at=NOW))
    alice, bob = cast["Alice"].id, cast["Bob"].id
    of_alice = [person for person in herd[2:] if person[0] == alice]
    somebody_elses = (bob, of_alice[0][1])
    nobody: list[Person] = [herd[0], herd[1], somebody_elses, (ids.new(), None), (bob, ids.new())]
    anybody: list[Person] = [(alice, None), (bob, None), *of_alice]
    found = await read(states, [*nobody, *anybody])
    assert found[: len(nobody)] == [None] * len(nobody)
    for person, actor in zip(anybody, found[len(nobody) :], strict=True):
        assert actor is not None
        assert (actor.id, actor.session_id) == person
        assert {one.role for one in actor.grants} == ({Role.ADMIN, Role.HR} if person[0] == alice else set())
        assert len(actor.grants) == len(set(actor.grants))


async def test_one_that_can_not_be_read_spoils_it_for_nobody_else(
    states: SignInStates, database: Database, cast: Cast, herd: list[Person]
) -> None:
    async with database.writer() as session:
        await grant(session, cast["Bob"], Role.HR)
        await session.execute(
            update(RoleGrant).where(col(RoleGrant.employee_id) == cast["Bob"].id).values(role="emperor")
        )
    found = await asyncio.gather(*(states.read(person, NOW) for person in herd), return_exceptions=True)
    for (employee_id, _), one in zip(herd, found, strict=True):
        assert isinstance(one, ValueError) is (employee_id == cast["Bob"].id)


async def test_a_round_that_hangs_does_not_stop_the_others(
    states: SignInStates, herd: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    go, list_signed_in = asyncio.Event(), actors.list_signed_in

    async def hang(*asked: Any, **named: Any) -> Any:
        if not go.is_set():
            go.set()
            await asyncio.Event().wait()
        return await list_signed_in(*asked, **named)

    monkeypatch.setattr(actors, "list_signed_in", hang)
    stuck = asyncio.create_task(states.read(herd[0], NOW))
    await go.wait()
    assert None not in await read(states, herd[1:])
    stuck.cancel()
