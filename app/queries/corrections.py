"""Reading what people say is wrong about them."""

from typing import Any

from sqlalchemy import select, tuple_
from sqlmodel import col

from app.core import keysets
from app.core.db import ReadSession
from app.core.keysets import Place
from app.domain import permissions
from app.domain.actors import Actor
from app.domain.permissions import Permission
from app.models.employees import Employee
from app.models.erasures import Correction as Asked
from app.schemas.own_data import Correction
from app.schemas.shapes import Named


async def list_corrections(
    session: ReadSession, actor: Actor, *, waiting: bool, after: Place | None, limit: int
) -> tuple[list[Correction], Place | None]:
    """Return a page of requests, the oldest first, and where the next page begins: one's own, to admins all.

    With `waiting` only those that nobody has answered.
    """
    settles = permissions.may(actor, Permission.CORRECTIONS_SETTLE)
    statement = (
        select(Asked, col(Employee.name))
        .join(Employee, col(Employee.id) == col(Asked.employee_id))
        .order_by(col(Asked.asked_at), col(Asked.id))
        .limit(limit + 1)
    )
    if not settles:
        statement = statement.where(col(Asked.employee_id) == actor.id)
    if waiting:
        statement = statement.where(col(Asked.settled_at).is_(None))
    if after is not None:
        statement = statement.where(tuple_(col(Asked.asked_at), col(Asked.id)) > keysets.read_time(after))
    rows: Any = (await session.execute(statement)).all()
    items = [_shape(actor, asked, name) for asked, name in rows[:limit]]
    if len(rows) <= limit:
        return items, None
    last = rows[limit - 1][0]
    return items, keysets.write(last.asked_at, last.id)


async def get_correction(session: ReadSession, actor: Actor, asked: Asked) -> Correction:
    """Return a request that was just made or answered."""
    name = await session.scalar(select(col(Employee.name)).where(col(Employee.id) == asked.employee_id))
    return _shape(actor, asked, name or "")


def _shape(actor: Actor, asked: Asked, name: str) -> Correction:
    open_ = asked.settled_at is None and asked.employee_id != actor.id
    return Correction(
        id=asked.id,
        employee=Named(id=asked.employee_id, name=name),
        text=asked.text,
        asked_at=asked.asked_at,
        settled_at=asked.settled_at,
        answer=asked.answer or None,
        can=["settle"] if open_ and permissions.may(actor, Permission.CORRECTIONS_SETTLE) else [],
    )
