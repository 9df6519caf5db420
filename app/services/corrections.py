"""Saying what is wrong about oneself, and answering that."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from app.core import ids
from app.core.db import WriteSession
from app.domain import permissions
from app.domain.actors import Actor
from app.domain.corrections import AlreadySettled, NoSuchCorrection, OwnCorrection
from app.domain.permissions import Permission, RoleMissing
from app.domain.rights_events import CorrectionAsked, CorrectionSettled
from app.models.erasures import Correction
from app.schemas.own_data import AskCorrection, SettleCorrection
from app.services import events


async def ask(session: WriteSession, actor: Actor, values: AskCorrection, *, now: datetime) -> Correction:
    """Say what is wrong; the directory itself is put right where it comes from."""
    asked = Correction(employee_id=actor.id, text=values.text, asked_at=now)
    session.add(asked)
    events.record(session, CorrectionAsked(asked.id), actor_id=actor.id, now=now)
    await session.flush()
    return asked


async def settle(
    session: WriteSession, actor: Actor, correction_id: str, values: SettleCorrection, *, now: datetime
) -> Correction:
    """Answer a request of somebody else, once.

    Raises: NoSuchCorrection, RoleMissing, OwnCorrection, AlreadySettled.
    """
    asked: Correction | None = None
    if ids.is_valid(correction_id):
        asked = await session.scalar(
            select(Correction).where(col(Correction.id) == correction_id).with_for_update()
        )
    settles = permissions.may(actor, Permission.CORRECTIONS_SETTLE)
    if asked is None or not (settles or asked.employee_id == actor.id):
        raise NoSuchCorrection
    if not settles:
        raise RoleMissing
    if asked.employee_id == actor.id:
        raise OwnCorrection
    if asked.settled_at is not None:
        raise AlreadySettled
    asked.settled_at, asked.settled_by, asked.answer = now, actor.id, values.answer
    events.record(session, CorrectionSettled(asked.id), actor_id=actor.id, now=now)
    await session.flush()
    return asked
