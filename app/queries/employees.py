"""Reading people: found by name, shown with as much as the reader may know."""

from typing import Any

from sqlalchemy import String, and_, func, literal, or_, select, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.core import ids, keysets
from app.core.db import ReadSession
from app.core.keysets import Place
from app.domain import names, permissions
from app.domain.actors import Actor
from app.domain.employees import PLACEHOLDER, NoSuchEmployee
from app.domain.permissions import Permission
from app.models.campaigns import Campaign
from app.models.employees import Employee, Management
from app.models.entities import Entity
from app.models.functions import Function
from app.models.roles import RoleGrant
from app.schemas.employees import EmployeeCard, EmployeeDetail, HeldRole
from app.schemas.shapes import Named


async def get_visible(session: ReadSession, actor: Actor, employee_id: str) -> Employee:
    """Return a person as they are now, if the actor may know of them: who left is known to admins only.

    Raises: NoSuchEmployee.
    """
    found: Employee | None = None
    if ids.is_valid(employee_id):
        found = await session.scalar(
            select(Employee)
            .where(col(Employee.id) == employee_id, col(Employee.kind) != PLACEHOLDER)
            .execution_options(populate_existing=True)
        )
    if found is None or not (found.active or permissions.may(actor, Permission.DIRECTORY_READ)):
        raise NoSuchEmployee
    return found


async def list_employees(
    session: ReadSession, *, words: str | None, entity_id: str | None, after: Place | None, limit: int
) -> tuple[list[EmployeeCard], Place | None]:
    """Return a page of active employees by name, and where the next page begins.

    Each of the words begins a word of the name, whatever its case and accents; `entity_id` takes what is
    below the entity too.
    """
    statement: Any = _CARDS.limit(limit + 1)
    if words is not None:
        sought = names.fold_words(words).split()
        if not sought:
            return [], None
        for word in sought:
            statement = statement.where(col(Employee.folded_name).like(f"% {word}%"))
    if entity_id is not None:
        statement = _narrow(statement, entity_id)
    if after is not None:
        place = tuple_(*(literal(value, String()) for value in after))
        statement = statement.where(tuple_(col(Employee.folded_name), col(Employee.id)) > place)
    rows = (await session.execute(statement)).all()
    items = [
        EmployeeCard(id=key, name=name, entity=_name(entity_key, entity))
        for key, name, _, entity_key, entity in rows[:limit]
    ]
    last = rows[limit - 1] if len(rows) > limit else None
    return items, keysets.write(last.folded_name, last.id) if last is not None else None


async def get_detail(session: ReadSession, actor: Actor, employee_id: str) -> EmployeeDetail:
    """Return a person; what only admins may know is null for others.

    Raises: NoSuchEmployee.
    """
    person = await get_visible(session, actor, employee_id)
    knows = permissions.may(actor, Permission.DIRECTORY_READ)
    manager, above = aliased(Management), aliased(Employee)
    entity_name, manager_id, manager_name = (
        await session.execute(
            select(col(Entity.name), col(above.id), col(above.name))
            .select_from(Employee)
            .outerjoin(Entity, col(Entity.id) == col(Employee.entity_id))
            .outerjoin(
                manager, and_(col(manager.employee_id) == col(Employee.id), col(manager.ended_at).is_(None))
            )
            .outerjoin(above, col(above.id) == col(manager.manager_id))
            .where(col(Employee.id) == person.id)
        )
    ).one()
    roles = await list_roles(session, person.id) if permissions.may(actor, Permission.ROLES_READ) else None
    return EmployeeDetail(
        id=person.id,
        name=person.name,
        entity=_name(person.entity_id, entity_name),
        active=person.active,
        email=person.email if knows else None,
        external_id=person.external_id if knows else None,
        manager=_name(manager_id, manager_name) if knows else None,
        roles=None if roles is None else sorted({held.role for held in roles}),
        can=_list_acts(actor, person),
    )


async def list_roles_as(session: ReadSession, actor: Actor, employee_id: str) -> list[HeldRole]:
    """Return the roles that a person holds now, to whoever may know them.

    Raises: NoSuchEmployee, RoleMissing.
    """
    person = await get_visible(session, actor, employee_id)
    permissions.check(actor, Permission.ROLES_READ)
    return await list_roles(session, person.id)


async def list_roles(session: ReadSession, employee_id: str) -> list[HeldRole]:
    """Return the roles that a person holds now, with what each is for."""
    rows = await session.execute(
        select(RoleGrant, col(Function.name), col(Entity.name), col(Campaign.name))
        .outerjoin(Function, col(Function.id) == col(RoleGrant.function_id))
        .outerjoin(Entity, col(Entity.id) == col(RoleGrant.entity_id))
        .outerjoin(Campaign, col(Campaign.id) == col(RoleGrant.campaign_id))
        .where(col(RoleGrant.employee_id) == employee_id, col(RoleGrant.ended_at).is_(None))
        .order_by(col(RoleGrant.role), col(RoleGrant.granted_at), col(RoleGrant.id))
    )
    return [
        HeldRole(
            id=grant.id,
            role=grant.role,
            function=_name(grant.function_id, function),
            entity=_name(grant.entity_id, entity),
            campaign=_name(grant.campaign_id, campaign),
            source=grant.source,
            granted_at=grant.granted_at,
        )
        for grant, function, entity, campaign in rows
    ]


def _narrow(statement: Any, entity_id: str) -> Any:
    above, below = aliased(Entity), aliased(Entity)
    # Not LIKE: a path may have a `%` or `_` in it.
    beginning = func.substr(col(below.path), 1, func.length(col(above.path)) + 1)
    inside = (
        select(col(below.id))
        .join(above, or_(col(above.id) == col(below.id), beginning == col(above.path) + "/"))
        .where(col(above.id) == entity_id)
    )
    return statement.where(col(Employee.entity_id).in_(inside))


def _list_acts(actor: Actor, person: Employee) -> list[str]:
    acts: list[str] = []
    other = person.id != actor.id
    if person.erased_at is not None:
        return acts
    if other and not person.active and permissions.may(actor, Permission.EMPLOYEES_ERASE):
        acts.append("erase")
    if other and permissions.may(actor, Permission.EMPLOYEES_DEACTIVATE):
        acts.append("deactivate" if person.active else "reactivate")
    if other and person.active and permissions.may(actor, Permission.ROLES_GRANT):
        acts.append("grant_role")
    if person.active and permissions.may(actor, Permission.EMPLOYEES_INVITE):
        acts.append("invite")
    return acts


def _name(key: str | None, name: str | None) -> Named | None:
    return Named(id=key, name=name) if key is not None and name is not None else None


_CARDS: Any = (
    select(
        col(Employee.id),
        col(Employee.name),
        col(Employee.folded_name),
        col(Entity.id).label("entity_id"),
        col(Entity.name).label("entity"),
    )
    .outerjoin(Entity, col(Entity.id) == col(Employee.entity_id))
    .where(col(Employee.active).is_(True), col(Employee.kind) == "employee")
    .order_by(col(Employee.folded_name), col(Employee.id))
)
