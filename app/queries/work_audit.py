"""Auditing what waits for a worker or for a person."""

from sqlalchemy import func, select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain.roles import Role
from app.models.employees import Employee
from app.models.events import Event
from app.models.roles import RoleGrant
from app.queries.findings import Finding


async def check(session: ReadSession) -> list[Finding]:
    """Tell what waits for a worker or for a person."""
    found: list[Finding] = []
    waiting = await session.scalar(select(func.count()).where(col(Event.worked_off_at).is_(None)))
    if waiting:
        what = f"{waiting} events wait to be worked off"
        found.append(
            Finding("warning", what, "Make sure that `ideabox worker` (or the server on SQLite) runs.")
        )
    failed = await session.scalar(
        select(func.count()).where(col(Event.worked_off_at).is_(None), col(Event.attempts) > 0)
    )
    if failed:
        found.append(Finding("warning", f"{failed} events failed", "See `ideabox jobs`."))
    admins = await session.scalar(
        select(func.count())
        .select_from(RoleGrant)
        .join(Employee, col(Employee.id) == col(RoleGrant.employee_id))
        .where(
            col(RoleGrant.role) == Role.ADMIN,
            col(RoleGrant.ended_at).is_(None),
            col(Employee.active).is_(True),
        )
    )
    if not admins:
        found.append(Finding("warning", "There is no active admin", "Run `ideabox create-admin`."))
    return found
