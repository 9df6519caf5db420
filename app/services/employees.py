"""Letting one person go, and taking one back."""

from datetime import datetime

from app.core import locks
from app.core.db import WriteSession
from app.domain import employees, permissions
from app.domain.actors import Actor
from app.domain.employees import AlreadyActive
from app.domain.erasures import AlreadyErased
from app.domain.events import EmployeeDeactivated, EmployeeReactivated
from app.domain.permissions import Permission
from app.domain.register import Entry
from app.queries.employees import get_visible
from app.services import departures, register, rerouting, roles


async def deactivate(session: WriteSession, actor: Actor, employee_id: str, *, now: datetime) -> None:
    """Let a person go: sign-ins and roles end, ideas that they hold find others, their own ideas stay.

    Raises: NoSuchEmployee, RoleMissing, OwnDeactivation, NotActive, LastAdmin.
    """
    await locks.take(session, locks.ORGANISATION)
    person = await get_visible(session, actor, employee_id)
    permissions.check(actor, Permission.EMPLOYEES_DEACTIVATE)
    employees.check_may_leave(actor, person)
    await departures.leave(session, [person.id], actor_id=actor.id, now=now)
    register.enter(session, Entry(EmployeeDeactivated.kind, "", actor.id, person.id), now=now)
    await roles.check_admin_left(session)
    await session.flush()
    await rerouting.settle_all(session, now=now)


async def reactivate(session: WriteSession, actor: Actor, employee_id: str, *, now: datetime) -> None:
    """Take a person back where they were, without the roles that they had.

    Raises: NoSuchEmployee, RoleMissing, AlreadyErased, AlreadyActive.
    """
    await locks.take(session, locks.ORGANISATION)
    person = await get_visible(session, actor, employee_id)
    permissions.check(actor, Permission.EMPLOYEES_DEACTIVATE)
    if person.erased_at is not None:
        raise AlreadyErased
    if person.active:
        raise AlreadyActive
    counted = person.entity_id if person.kind == "employee" else None
    await departures.come_back(session, {person.id: counted}, actor_id=actor.id, now=now)
    register.enter(session, Entry(EmployeeReactivated.kind, "", actor.id, person.id), now=now)
    await session.flush()
    await rerouting.settle_all(session, now=now)
