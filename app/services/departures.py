"""Letting people go and taking them back, many at a time: account, headcount, roles, sign-ins."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import delete, insert, select, update
from sqlmodel import col

from app.core import ids
from app.core.db import WriteSession
from app.domain.events import EmployeeDeactivated, EmployeeReactivated
from app.domain.register import Entry
from app.models.absences import Absence
from app.models.capacities import Capacity
from app.models.employees import Employee, Employment
from app.models.roles import RoleGrant
from app.models.sessions import OneTimeLink, Session
from app.models.skills import HelpCapacity, Skill
from app.services import events, help_settling, register, sessions

CHUNK = 5_000
"""Values of one statement: SQLite takes 32,766 of them, PostgreSQL 32,767."""

T = TypeVar("T")
_SILENT = {"synchronize_session": False}
_OFFERS: tuple[Any, ...] = (Skill, HelpCapacity, Capacity, Absence)


async def leave(
    session: WriteSession, employee_ids: Iterable[str], *, actor_id: str | None, now: datetime
) -> int:
    """Let active people go: no more headcount, role, session, link or offer; returns how many roles ended.

    Who managed them stays recorded: a manager who left is a doubt, and the line above them still counts.
    Called under the exclusive lock of the organisation; the caller settles who holds their ideas then.
    """
    ended = 0
    for people in split(sorted(employee_ids)):
        # The account first: a sign-in that is under way holds it, and its session is seen below.
        await session.execute(
            update(Employee)
            .where(col(Employee.id).in_(people))
            .values(active=False, deactivated_at=now)
            .execution_options(**_SILENT)
        )
        await end_employments(session, people, now=now)
        roles = await session.execute(
            update(RoleGrant)
            .where(col(RoleGrant.employee_id).in_(people), col(RoleGrant.ended_at).is_(None))
            .values(ended_at=now)
            .returning(col(RoleGrant.id), col(RoleGrant.role), col(RoleGrant.employee_id))
            .execution_options(**_SILENT)
        )
        for grant_id, role, employee_id in sorted(tuple(row) for row in roles):
            ended += 1
            entry = Entry("roles.ended", grant_id, actor_id, employee_id, facts={"role": role, "why": "left"})
            register.enter(session, entry, now=now)
        await _close_doors(session, people, now=now)
        await _forget_offers(session, people)
        await help_settling.let_go(session, people, now=now)
        for employee_id in people:
            events.record(session, EmployeeDeactivated(employee_id), actor_id=actor_id, now=now)
    return ended


async def come_back(
    session: WriteSession, entities: Mapping[str, str | None], *, actor_id: str | None, now: datetime
) -> None:
    """Take people back into the entities given by person; they count in the headcount from now on.

    Roles, sessions and links that ended stay ended.
    """
    for people in split(sorted(entities)):
        await session.execute(
            update(Employee)
            .where(col(Employee.id).in_(people))
            .values(active=True, deactivated_at=None)
            .execution_options(**_SILENT)
        )
        for employee_id in people:
            events.record(session, EmployeeReactivated(employee_id), actor_id=actor_id, now=now)
    await start_employments(session, entities, now=now)


async def end_employments(session: WriteSession, employee_ids: Sequence[str], *, now: datetime) -> None:
    """End the stretch of headcount that each of at most `CHUNK` people is in."""
    await session.execute(
        update(Employment)
        .where(col(Employment.employee_id).in_(employee_ids), col(Employment.ended_at).is_(None))
        .values(ended_at=now)
        .execution_options(**_SILENT)
    )


async def start_employments(
    session: WriteSession, entities: Mapping[str, str | None], *, now: datetime
) -> None:
    """Start a stretch of headcount in the entities given by person; without an entity there is none."""
    starts = [
        {
            "id": ids.new(),
            "employee_id": employee_id,
            "entity_id": entity_id,
            "started_at": now,
            "ended_at": None,
        }
        for employee_id, entity_id in entities.items()
        if entity_id is not None
    ]
    for part in split(starts):
        await session.execute(insert(Employment), part)


async def cancel_links(session: WriteSession, employee_ids: Sequence[str], *, now: datetime) -> None:
    """Make every one-time link of at most `CHUNK` people useless."""
    await session.execute(
        update(OneTimeLink)
        .where(col(OneTimeLink.employee_id).in_(employee_ids), col(OneTimeLink.used_at).is_(None))
        .values(used_at=now)
        .execution_options(**_SILENT)
    )


async def _close_doors(session: WriteSession, people: Sequence[str], *, now: datetime) -> None:
    await cancel_links(session, people, now=now)
    signed_in = await session.scalars(
        select(col(Session.employee_id))
        .where(col(Session.employee_id).in_(people), col(Session.revoked_at).is_(None))
        .distinct()
        .order_by(col(Session.employee_id))
    )
    for employee_id in signed_in.all():
        await sessions.revoke_all(session, employee_id, why="deactivated", now=now)


async def _forget_offers(session: WriteSession, people: Sequence[str]) -> None:
    """Forget what people offered to do, and when they are away: whoever comes back says it anew."""
    for table in _OFFERS:
        await session.execute(
            delete(table).where(col(table.employee_id).in_(people)).execution_options(**_SILENT)
        )


def split(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Return the values in parts that fit into one statement each."""
    return (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))
