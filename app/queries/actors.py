"""Reading who is acting: the state of sign-ins and the roles of people, in one statement for as many as ask."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, select
from sqlmodel import col

from app.core.db import ReadSession
from app.core.lanes import Fetching, SessionLane
from app.core.prepared import Prepared, Row, among, pack
from app.core.types import UtcDateTime
from app.domain.actors import Actor, Grant
from app.domain.roles import Role
from app.models.employees import Employee
from app.models.roles import RoleGrant
from app.models.sessions import Session


async def find_actor(
    session: ReadSession, employee_id: str, *, session_id: str | None, now: datetime
) -> Actor | None:
    """Return the person if they are active and the session (when one is named) still stands."""
    lane = SessionLane(session)
    if session_id is None:
        return (await list_active(lane, [employee_id])).get(employee_id)
    actor = (await list_signed_in(lane, [session_id], now=now)).get(session_id)
    return actor if actor is not None and actor.id == employee_id else None


async def list_active(lane: Fetching, employee_ids: Collection[str]) -> dict[str, Actor]:
    """Return those of some people who are active, by identifier."""
    values = {"people": pack(sorted(employee_ids), lane.engine)}
    found = _shape((row[0], None, *row[1:]) for row in await lane.fetch(_ACTIVE, values))
    return {actor.id: actor for actor in found}


async def list_signed_in(lane: Fetching, session_ids: Collection[str], *, now: datetime) -> dict[str, Actor]:
    """Return who is signed in by some sessions that still stand, by session."""
    values = {"sessions": pack(sorted(session_ids), lane.engine), "now": now}
    found = _shape(await lane.fetch(_SIGNED_IN, values))
    return {actor.session_id: actor for actor in found if actor.session_id is not None}


def _shape(rows: Iterable[Row]) -> list[Actor]:
    """Return actors of rows with person, session, entity and a grant, which is empty where there is none."""
    granted: dict[tuple[str, str | None, str | None], list[Grant]] = {}
    for person, session_id, entity_id, role, *scope in rows:
        grants = granted.setdefault((person, session_id, entity_id), [])
        if role:
            grants.append(Grant(Role(role), *scope))
    return [
        Actor(id=person, entity_id=entity_id, grants=tuple(grants), session_id=session_id)
        for (person, session_id, entity_id), grants in granted.items()
    ]


def _select_grants(*who: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(
            *who,
            col(Employee.entity_id),
            col(RoleGrant.role),
            col(RoleGrant.function_id),
            col(RoleGrant.entity_id),
            col(RoleGrant.campaign_id),
        )
        .select_from(Employee)
        .outerjoin(
            RoleGrant, and_(col(RoleGrant.employee_id) == col(Employee.id), col(RoleGrant.ended_at).is_(None))
        )
        .where(col(Employee.active).is_(True))
    )


_ACTIVE = Prepared(
    lambda engine: _select_grants(col(Employee.id)).where(among(col(Employee.id), "people", engine))
)
_SIGNED_IN = Prepared(
    lambda engine: (
        _select_grants(col(Employee.id), col(Session.id))
        .join(Session, col(Session.employee_id) == col(Employee.id))
        .where(
            among(col(Session.id), "sessions", engine),
            col(Session.revoked_at).is_(None),
            col(Session.expires_at) > bindparam("now", type_=UtcDateTime()),
        )
    )
)
