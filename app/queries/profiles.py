"""Reading the signed-in person."""

from collections.abc import Iterable

from sqlalchemy import select, true, union_all
from sqlmodel import col

from app.core.db import ReadSession
from app.domain import permissions
from app.domain.actors import Actor, Grant
from app.domain.permissions import Permission
from app.models.campaigns import Campaign
from app.models.employees import Employee
from app.models.entities import Entity
from app.models.functions import Function
from app.queries.notifications import count_unread, count_unsure
from app.schemas.profiles import GrantSummary, Profile
from app.schemas.shapes import Named

EVERYBODY = ("submit_idea",)
"""What needs no role."""

_SCOPES = ((Function, "function_id"), (Entity, "entity_id"), (Campaign, "campaign_id"))


async def get_profile(session: ReadSession, actor: Actor) -> Profile:
    """Return who the actor is, and what the actor may do."""
    counted = count_unread(actor.id)
    person, entity, unread, unsure = (
        await session.execute(
            select(Employee, col(Entity.name), counted.sure, counted.unsure)
            .select_from(Employee)
            .join(counted.source, true())
            .outerjoin(Entity, col(Entity.id) == col(Employee.entity_id))
            .where(col(Employee.id) == actor.id)
        )
    ).one()
    if unsure:
        unread += await count_unsure(session, actor)
    scopes = await _find_scopes(session, actor.grants)
    return Profile(
        id=person.id,
        name=person.name,
        email=person.email,
        entity=Named(id=person.entity_id, name=entity) if person.entity_id else None,
        roles=actor.role_names,
        grants=[
            GrantSummary(
                role=grant.role.value,
                function=scopes.get(grant.function_id or ""),
                entity=scopes.get(grant.entity_id or ""),
                campaign=scopes.get(grant.campaign_id or ""),
            )
            for grant in sorted(actor.grants, key=_sort_key)
        ],
        locale=person.locale,
        unread=unread,
        can=[*EVERYBODY, *sorted(each.value for each in Permission if permissions.may(actor, each))],
    )


async def read_locale(session: ReadSession, actor: Actor) -> str:
    """Return the language that somebody is spoken to in."""
    return await session.scalar(select(col(Employee.locale)).where(col(Employee.id) == actor.id)) or ""


async def _find_scopes(session: ReadSession, grants: Iterable[Grant]) -> dict[str, Named]:
    """Return what the grants hold for, by identifier."""
    selects = []
    for table, field in _SCOPES:
        wanted = {getattr(grant, field) for grant in grants} - {None}
        if wanted:
            selects.append(select(col(table.id), col(table.name)).where(col(table.id).in_(wanted)))
    if not selects:
        return {}
    rows = await session.execute(union_all(*selects))
    return {identifier: Named(id=identifier, name=name) for identifier, name in rows}


def _sort_key(grant: Grant) -> tuple[str, ...]:
    return (grant.role.value, grant.function_id or "", grant.entity_id or "", grant.campaign_id or "")
