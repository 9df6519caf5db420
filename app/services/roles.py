"""Granting roles and ending them."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from app.core import ids, locks
from app.core.db import WriteSession
from app.domain import permissions, roles
from app.domain.actors import Actor
from app.domain.employees import NotActive
from app.domain.events import RoleEnded, RoleGranted
from app.domain.permissions import Permission
from app.domain.roles import AlreadyGranted, LastAdmin, NoSuchGrant, OwnGrant, Role
from app.models.employees import Employee
from app.models.roles import RoleGrant
from app.queries import candidates
from app.queries.employees import get_visible
from app.schemas.employees import GrantRole
from app.services import events, references, rerouting


async def grant(
    session: WriteSession, actor: Actor, employee_id: str, values: GrantRole, *, now: datetime
) -> RoleGrant:
    """Grant a role to somebody else; ideas without a holder may find one by it.

    Raises: NoSuchEmployee, RoleMissing, OwnGrant, NotActive, AlreadyGranted, ScopeNotRight, UnknownReference.
    """
    await locks.take(session, locks.ORGANISATION)
    person = await get_visible(session, actor, employee_id)
    permissions.check(actor, Permission.ROLES_GRANT)
    if person.id == actor.id:
        raise OwnGrant
    if not person.active:
        raise NotActive
    await _check_scope(session, values)
    granted = await add(session, person.id, values, actor_id=actor.id, now=now)
    if values.role in candidates.HOLDERS:
        await rerouting.settle_all(session, now=now)
    return granted


async def add(
    session: WriteSession, employee_id: str, values: GrantRole, *, actor_id: str | None, now: datetime
) -> RoleGrant:
    """Write a grant that was checked; the unique key decides whether there is one already.

    Raises: AlreadyGranted.
    """
    granted = RoleGrant(
        employee_id=employee_id,
        role=values.role,
        function_id=values.function,
        entity_id=values.entity,
        campaign_id=values.campaign,
        granted_at=now,
    )
    session.add(granted)
    event = RoleGranted(granted.id, describe(granted))
    events.record(session, event, actor_id=actor_id, now=now)
    try:
        await session.flush()
    except IntegrityError as error:
        raise AlreadyGranted from error
    return granted


async def end(session: WriteSession, actor: Actor, employee_id: str, grant_id: str, *, now: datetime) -> None:
    """End a role; ideas that were held by it find other holders.

    Raises: NoSuchEmployee, RoleMissing, NoSuchGrant, LastAdmin.
    """
    await locks.take(session, locks.ORGANISATION)
    person = await get_visible(session, actor, employee_id)
    permissions.check(actor, Permission.ROLES_GRANT)
    held = await session.get(RoleGrant, grant_id) if ids.is_valid(grant_id) else None
    if held is None or held.employee_id != person.id or held.ended_at is not None:
        raise NoSuchGrant
    await end_held(session, held, actor_id=actor.id, now=now)
    await check_admin_left(session)
    await rerouting.settle_all(session, now=now)


async def end_held(session: WriteSession, held: RoleGrant, *, actor_id: str, now: datetime) -> None:
    """End a grant that was obtained and checked."""
    held.ended_at = now
    events.record(session, RoleEnded(held.id, describe(held)), actor_id=actor_id, now=now)
    await session.flush()


def describe(grant: RoleGrant) -> dict[str, str]:
    """Return what an event says of a grant: the role, whose, and what for."""
    scopes = {"function": grant.function_id, "entity": grant.entity_id, "campaign": grant.campaign_id}
    given = {name: scope for name, scope in scopes.items() if scope is not None}
    return {"role": grant.role, "employee": grant.employee_id, **given}


async def check_admin_left(session: WriteSession) -> None:
    """Let pass a change after which somebody is still an active admin; asked under the exclusive lock.

    Raises: LastAdmin.
    """
    left = await session.scalar(
        select(func.count())
        .select_from(RoleGrant)
        .join(Employee, col(Employee.id) == col(RoleGrant.employee_id))
        .where(
            col(RoleGrant.role) == Role.ADMIN.value,
            col(RoleGrant.ended_at).is_(None),
            col(Employee.active).is_(True),
        )
    )
    if not left:
        raise LastAdmin


async def _check_scope(session: WriteSession, values: GrantRole) -> None:
    roles.check_scope(
        Role(values.role), function=values.function, entity=values.entity, campaign=values.campaign
    )
    if values.function is not None:
        await references.check_function(session, values.function)
    if values.entity is not None:
        await references.check_entity(session, values.entity)
    if values.campaign is not None:
        await references.check_campaign(session, values.campaign)
