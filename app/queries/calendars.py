"""Reading working calendars: the one that somebody works by, and the list of them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.core.db import ReadSession, WriteSession
from app.core.keysets import Place
from app.domain import permissions
from app.domain.actors import Actor
from app.domain.calendars import DaysOff, WorkingCalendar
from app.domain.permissions import Permission
from app.models.calendars import Calendar as CalendarRow
from app.models.calendars import Closure as ClosureRow
from app.models.employees import Employee
from app.models.entities import Entity
from app.queries.holidays import get_holidays
from app.schemas.calendars import Calendar, Closure

_own, _above = aliased(Entity), aliased(Entity)
_NEAREST: Any = (
    select(CalendarRow)
    .join(_above, col(_above.calendar_id) == col(CalendarRow.id))
    .join(
        _own,
        or_(
            col(_own.id) == col(_above.id),
            func.substr(col(_own.path), 1, func.length(col(_above.path)) + 1) == col(_above.path) + "/",
        ),
    )
    .join(Employee, col(Employee.entity_id) == col(_own.id))
    .where(col(Employee.id) == bindparam("person"))
    .order_by(func.length(col(_above.path)).desc())
    .limit(1)
)


async def get_working(session: WriteSession, person_id: str | None) -> WorkingCalendar:
    """Return the calendar that somebody works by: their unit's, else that of the next unit above, else the company's.

    It is read once in a transaction.
    """
    known: dict[str | None, WorkingCalendar] = session.info.setdefault("calendars", {})
    if person_id not in known:
        row = await session.scalar(_NEAREST, {"person": person_id}) if person_id else None
        if row is None:
            days_off = DaysOff(await get_holidays(session, session.region))
            known[person_id] = WorkingCalendar(session.zone, days_off=days_off)
        else:
            closures = [(each.first_day, each.last_day) for each in await _list_closures(session, [row.id])]
            days_off = DaysOff(await get_holidays(session, row.region), closures)
            known[person_id] = WorkingCalendar(row.zone, frozenset(map(int, row.weekdays)), days_off)
    return known[person_id]


async def list_calendars(
    session: ReadSession, actor: Actor, *, after: Place | None, limit: int
) -> tuple[list[Calendar], Place | None]:
    """Return a page of the calendars in the order of their names."""
    statement = select(CalendarRow).order_by(col(CalendarRow.name)).limit(limit + 1)
    if after is not None:
        statement = statement.where(col(CalendarRow.name) > after[0])
    rows = list(await session.scalars(statement))
    items = await _shape(session, actor, rows[:limit])
    return items, [items[-1].name] if len(rows) > limit else None


async def get_calendar(session: ReadSession, actor: Actor, calendar_id: str) -> Calendar:
    """Return a calendar that is there."""
    row = (await session.scalars(select(CalendarRow).where(col(CalendarRow.id) == calendar_id))).one()
    return (await _shape(session, actor, [row]))[0]


async def _shape(session: ReadSession, actor: Actor, rows: Sequence[CalendarRow]) -> list[Calendar]:
    ids = [row.id for row in rows]
    closures = await _list_closures(session, ids)
    entities = list(
        await session.execute(
            select(col(Entity.calendar_id), col(Entity.id))
            .where(col(Entity.calendar_id).in_(ids))
            .order_by(col(Entity.path))
        )
    )
    can = ["change", "delete"] if permissions.may(actor, Permission.CALENDARS_WRITE) else []
    return [
        Calendar(
            id=row.id,
            name=row.name,
            region=row.region or None,
            weekdays=[int(digit) + 1 for digit in row.weekdays],
            time_zone=row.zone,
            closures=[Closure.model_validate(each) for each in closures if each.calendar_id == row.id],
            entities=[entity for calendar_id, entity in entities if calendar_id == row.id],
            can=can,
        )
        for row in rows
    ]


async def _list_closures(session: ReadSession, calendar_ids: list[str]) -> Sequence[ClosureRow]:
    statement = select(ClosureRow).where(col(ClosureRow.calendar_id).in_(calendar_ids))
    return list(await session.scalars(statement.order_by(col(ClosureRow.first_day), col(ClosureRow.id))))
