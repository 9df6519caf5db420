"""Roles that are given twice, and roles that end at the same time: somebody always remains an admin."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from app.core.db import Database, WriteSession
from app.domain.actors import Actor
from app.domain.roles import AlreadyGranted, LastAdmin, Role
from app.models.employees import Employee
from app.models.roles import RoleGrant
from app.schemas.employees import GrantRole
from app.services import employees, roles
from tests.support import world
from tests.support.world import START, Cast

PutOut = Callable[[WriteSession, Actor, str], Awaitable[None]]


async def demote(session: WriteSession, actor: Actor, other: str) -> None:
    grant_id = await session.scalar(
        select(col(RoleGrant.id)).where(
            col(RoleGrant.employee_id) == other, col(RoleGrant.role) == Role.ADMIN.value
        )
    )
    await roles.end(session, actor, other, grant_id or "", now=START)


async def deactivate(session: WriteSession, actor: Actor, other: str) -> None:
    await employees.deactivate(session, actor, other, now=START)


@pytest.mark.parametrize("first", [demote, deactivate])
@pytest.mark.parametrize("second", [demote, deactivate])
async def test_of_two_admins_who_put_each_other_out_one_remains(
    database: Database, cast: Cast, first: PutOut, second: PutOut
) -> None:
    """Both were admins when they began; the second is let on only when the first is committed."""
    async with database.writer() as session:
        await world.grant(session, cast["Max"], Role.ADMIN)
        adam, former = await cast.actor(session, "Adam"), await cast.actor(session, "Max")

    async def answer() -> None:
        async with database.writer() as session:
            await second(session, former, adam.id)

    async with database.writer() as session:
        await first(session, adam, former.id)
        waiting = asyncio.create_task(answer())
        await asyncio.wait({waiting}, timeout=0.2)
    with pytest.raises(LastAdmin):
        await waiting
    async with database.reader() as reading:
        left = await reading.scalar(
            select(func.count())
            .select_from(RoleGrant)
            .join(Employee, col(Employee.id) == col(RoleGrant.employee_id))
            .where(
                col(RoleGrant.role) == Role.ADMIN.value,
                col(RoleGrant.ended_at).is_(None),
                col(Employee.active).is_(True),
            )
        )
    assert left == 1


async def test_a_role_is_held_once_for_each_scope(database: Database, cast: Cast) -> None:
    """The keys of the table see to it, whoever writes."""
    different = [
        GrantRole(role="correspondent", function=cast.functions["IT"]),
        GrantRole(role="correspondent", function=cast.functions["Finance"]),
        GrantRole(role="sponsor"),
        GrantRole(role="sponsor", campaign=cast.permanent_box),
        GrantRole(role="sponsor", entity=cast["Max"].entity_id),
    ]
    for values in different:
        async with database.writer() as session:
            await roles.add(session, cast["Max"].id, values, actor_id=None, now=START)
    for values in different:
        with pytest.raises(AlreadyGranted):
            async with database.writer() as session:
                await roles.add(session, cast["Max"].id, values, actor_id=None, now=START)
