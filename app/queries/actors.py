"""Reading who is acting: the state of a sign-in and the roles of the person, in one statement."""

from datetime import datetime

from sqlalchemy import and_, select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain.actors import Actor, Grant
from app.domain.roles import Role
from app.models.employees import Employee
from app.models.roles import RoleGrant
from app.models.sessions import Session


async def find_actor(
    session: ReadSession, employee_id: str, *, session_id: str | None, now: datetime
) -> Actor | None:
    """Return the person if they are active and the session (when one is named) still stands."""
    statement = (
        select(
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
        .where(col(Employee.id) == employee_id, col(Employee.active).is_(True))
    )
    if session_id is not None:
        statement = statement.join(
            Session,
            and_(
                col(Session.id) == session_id,
                col(Session.employee_id) == col(Employee.id),
                col(Session.revoked_at).is_(None),
                col(Session.expires_at) > now,
            ),
        )
    rows = (await session.execute(statement)).all()
    if not rows:
        return None
    granted = [row[1:] for row in rows if row[1]]
    grants = tuple(Grant(Role(role), *scope) for role, *scope in granted)
    return Actor(id=employee_id, entity_id=rows[0][0], grants=grants, session_id=session_id)
