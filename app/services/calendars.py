"""Keeping the working calendars: adding them, closing days, giving them to units of the organisation."""

from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from app.core import ids, locks
from app.core.db import WriteSession
from app.domain import calendars, permissions, register
from app.domain.actors import Actor
from app.domain.calendars import (
    CalendarInUse,
    NameTaken,
    NoSuchCalendar,
    NoSuchClosure,
    UnknownRegion,
    UnknownZone,
)
from app.domain.clock_events import CalendarChanged, EntityCalendarSet
from app.domain.ideas import UnknownReference
from app.domain.permissions import Permission
from app.domain.register import Detail
from app.integrations import holidays
from app.integrations.holidays import Years
from app.models.calendars import Calendar, Closure
from app.models.entities import Entity
from app.queries.holidays import list_years
from app.schemas.calendars import AddCalendar, AddClosure, RenameCalendar, SetCalendar
from app.services import events
from app.services.holidays import keep


async def find_days_off(actor: Actor, values: AddCalendar, *, now: datetime) -> Years:
    """Return the public holidays that a new calendar has, by year; takes half a second, so outside a transaction.

    Raises: RoleMissing, UnknownRegion.
    """
    permissions.check(actor, Permission.CALENDARS_WRITE)
    if values.region is None:
        return {}
    if not await holidays.check_known(values.region):
        raise UnknownRegion.at("/region")
    return (await holidays.look_up([values.region], list_years(now)))[values.region]


async def add(
    session: WriteSession, actor: Actor, values: AddCalendar, *, days_off: Years, now: datetime
) -> Calendar:
    """Add a calendar, by which nobody works yet; `days_off` are those of `find_days_off`.

    Raises: RoleMissing, UnknownZone, NameTaken.
    """
    permissions.check(actor, Permission.CALENDARS_WRITE)
    if values.time_zone not in available_timezones():
        raise UnknownZone.at("/time_zone")
    calendar = Calendar(
        name=values.name,
        region=values.region or "",
        weekdays="".join(str(day - 1) for day in sorted(set(values.weekdays))),
        zone=values.time_zone,
        created_at=now,
    )
    session.add(calendar)
    _record(session, actor, calendar.id, "added", now, after=_read_terms(calendar))
    await _flush_name(session)
    await keep(session, calendar.region, days_off)
    return calendar


async def rename(
    session: WriteSession, actor: Actor, calendar_id: str, values: RenameCalendar, *, now: datetime
) -> None:
    """Give a calendar another name; its own again changes nothing.

    Raises: RoleMissing, NoSuchCalendar, NameTaken.
    """
    calendar = await _get(session, actor, calendar_id)
    if calendar.name == values.name:
        return
    calendar.name = values.name
    events.record(
        session,
        CalendarChanged(calendar.id, {"change": "renamed"}),
        actor_id=actor.id,
        now=now,
        detail=Detail({"texts": ["name"]}),
    )
    await _flush_name(session)


async def delete(session: WriteSession, actor: Actor, calendar_id: str, *, now: datetime) -> None:
    """Take a calendar away by which nobody works.

    Raises: RoleMissing, NoSuchCalendar, CalendarInUse.
    """
    calendar = await _get(session, actor, calendar_id)
    await locks.take(session, locks.ORGANISATION)
    used = select(col(Entity.id)).where(col(Entity.calendar_id) == calendar.id).limit(1)
    if await session.scalar(used) is not None:
        raise CalendarInUse
    await session.delete(calendar)
    _record(session, actor, calendar_id, "removed", now, before=_read_terms(calendar))
    await session.flush()


async def close(
    session: WriteSession, actor: Actor, calendar_id: str, values: AddClosure, *, now: datetime
) -> None:
    """Add days off to a calendar; due dates that were given stay.

    Raises: RoleMissing, NoSuchCalendar, ClosureNotRight.
    """
    calendar = await _get(session, actor, calendar_id)
    calendars.check_closure(values.first_day, values.last_day)
    closure = Closure(
        calendar_id=calendar.id,
        name=values.name,
        first_day=values.first_day,
        last_day=values.last_day,
    )
    session.add(closure)
    _record(session, actor, calendar.id, "closed", now, after=_read_days(closure))
    await session.flush()


async def reopen(
    session: WriteSession, actor: Actor, calendar_id: str, closure_id: str, *, now: datetime
) -> None:
    """Take days off out of a calendar.

    Raises: RoleMissing, NoSuchCalendar, NoSuchClosure.
    """
    calendar = await _get(session, actor, calendar_id)
    closure = await session.get(Closure, closure_id) if ids.is_valid(closure_id) else None
    if closure is None or closure.calendar_id != calendar.id:
        raise NoSuchClosure
    await session.delete(closure)
    _record(session, actor, calendar.id, "reopened", now, before=_read_days(closure))
    await session.flush()


async def give(
    session: WriteSession, actor: Actor, entity_id: str, values: SetCalendar, *, now: datetime
) -> None:
    """Have a unit, and those below it without one of their own, work by a calendar, or by that of the unit above.

    Raises: NoSuchEntity, RoleMissing, UnknownReference.
    """
    await locks.take(session, locks.ORGANISATION)
    entity = await session.get(Entity, entity_id) if ids.is_valid(entity_id) else None
    if entity is None:
        raise calendars.NoSuchEntity
    permissions.check(actor, Permission.CALENDARS_WRITE)
    chosen = values.calendar
    if chosen is not None and (not ids.is_valid(chosen) or await session.get(Calendar, chosen) is None):
        raise UnknownReference.at("/calendar", "There is no such calendar.")
    facts = {"calendar": chosen}
    detail = Detail(register.compare({"calendar": entity.calendar_id}, facts))
    entity.calendar_id = chosen
    events.record(session, EntityCalendarSet(entity.id, facts), actor_id=actor.id, now=now, detail=detail)
    await session.flush()


async def _flush_name(session: WriteSession) -> None:
    try:
        await session.flush()
    except IntegrityError as error:
        raise NameTaken.at("/name") from error


async def _get(session: WriteSession, actor: Actor, calendar_id: str) -> Calendar:
    """Return a calendar that the actor may change; everybody may know of all of them."""
    calendar = await session.get(Calendar, calendar_id) if ids.is_valid(calendar_id) else None
    if calendar is None:
        raise NoSuchCalendar
    permissions.check(actor, Permission.CALENDARS_WRITE)
    return calendar


def _record(
    session: WriteSession,
    actor: Actor,
    calendar_id: str,
    change: str,
    now: datetime,
    **terms: dict[str, Any],
) -> None:
    """Record a change, and enter with it what was so `before`, or is so `after` it."""
    event = CalendarChanged(calendar_id, {"change": change})
    events.record(session, event, actor_id=actor.id, now=now, detail=Detail(terms))


def _read_terms(calendar: Calendar) -> dict[str, Any]:
    return {"region": calendar.region, "weekdays": calendar.weekdays, "zone": calendar.zone}


def _read_days(closure: Closure) -> dict[str, Any]:
    return {"first_day": closure.first_day, "last_day": closure.last_day}
