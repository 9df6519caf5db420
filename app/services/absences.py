"""Saying when one is away."""

from datetime import datetime

from sqlalchemy import delete
from sqlmodel import col

from app.core import clock
from app.core.db import WriteSession
from app.domain import absences
from app.domain.actors import Actor
from app.domain.clock_events import AbsenceSet
from app.models.absences import Absence
from app.schemas.absences import SetAbsence
from app.services import events


async def put(session: WriteSession, actor: Actor, values: SetAbsence, *, now: datetime) -> None:
    """Say when one is away; ideas that one holds stay until they would be reminded of.

    Raises: AbsenceNotRight.
    """
    absences.check_absence(values.first_day, values.last_day, clock.day_in(session.zone, now))
    absence = Absence(
        employee_id=actor.id, first_day=values.first_day, last_day=values.last_day, updated_at=now
    )
    await session.merge(absence)
    events.record(session, AbsenceSet(actor.id), actor_id=actor.id, now=now)
    await session.flush()


async def remove(session: WriteSession, actor: Actor, *, now: datetime) -> None:
    """Say that one is there; doing it again changes nothing."""
    gone = await session.scalar(
        delete(Absence).where(col(Absence.employee_id) == actor.id).returning(col(Absence.employee_id))
    )
    if gone is not None:
        events.record(session, AbsenceSet(actor.id), actor_id=actor.id, now=now)
