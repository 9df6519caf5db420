"""Measuring nudges: once, seven days after; then it is forgotten who got one."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, func, or_, select
from sqlmodel import col

from app.core import clock
from app.core.db import Database, WriteSession
from app.domain.measures import start_day
from app.domain.notifications import Kind
from app.domain.nudge_events import NudgeMeasured
from app.domain.nudges import WATCHED, count_days
from app.domain.subjects import SubjectKind
from app.models.activity import ActivityDay
from app.models.notifications import Notification
from app.models.nudges import Nudge, NudgeRecipient
from app.services import activity, events


async def measure_due(database: Database, *, now: datetime) -> int:
    """Measure each nudge whose seven days are over, once, however many workers are at it; returns how many.

    Days of activity are brought up to date first.
    """
    measured = 0
    if await _is_any_due(database, now):
        await activity.refresh(database, now=now)
        while await _measure_next(database, now):
            measured += 1
    return measured


async def _is_any_due(database: Database, now: datetime) -> bool:
    async with database.reader() as reading:
        return await reading.scalar(_select_due(reading.zone, now)) is not None


def _select_due(zone: str, now: datetime) -> Any:
    # The first moment of today, less the days: sent before that, the last of them ended yesterday.
    begun = start_day(clock.day_in(zone, now) - WATCHED, zone)
    return (
        select(Nudge)
        .where(col(Nudge.sent_at) < begun, col(Nudge.measured_at).is_(None))
        .order_by(col(Nudge.sent_at), col(Nudge.id))
        .limit(1)
    )


async def _measure_next(database: Database, now: datetime) -> bool:
    async with database.writer() as session:
        due = _select_due(session.zone, now).with_for_update(skip_locked=True)
        nudge = await session.scalar(due)
        if nudge is None:
            return False
        nudge.opened = await _count(session, nudge, _has_opened(nudge), held_out=False)
        acted = _has_acted(session, nudge)
        nudge.acted = await _count(session, nudge, acted, held_out=False)
        nudge.held_acted = await _count(session, nudge, acted, held_out=True)
        nudge.measured_at = now
        nudge.version += 1
        await session.execute(
            delete(NudgeRecipient).where(col(NudgeRecipient.nudge_id) == nudge.id),
            execution_options={"synchronize_session": False},
        )
        events.record(session, NudgeMeasured(nudge.id), actor_id=None, now=now)
        return True


async def _count(session: WriteSession, nudge: Nudge, done: ColumnElement[bool], *, held_out: bool) -> int:
    found = await session.scalar(
        select(func.count()).where(
            col(NudgeRecipient.nudge_id) == nudge.id, col(NudgeRecipient.held_out).is_(held_out), done
        )
    )
    return found or 0


def _has_opened(nudge: Nudge) -> ColumnElement[bool]:
    return exists().where(
        col(Notification.employee_id) == col(NudgeRecipient.employee_id),
        col(Notification.kind) == Kind.NUDGE_SENT.value,
        col(Notification.subject_kind) == SubjectKind.NUDGE.value,
        col(Notification.subject_id) == nudge.id,
        col(Notification.read_at).is_not(None),
    )


def _has_acted(session: WriteSession, nudge: Nudge) -> ColumnElement[bool]:
    """Return the condition that somebody did something with their name, or voted, or signed in, on one of the days."""
    first, last = count_days(clock.day_in(session.zone, nudge.sent_at or nudge.created_at))
    return exists().where(
        col(ActivityDay.employee_id) == col(NudgeRecipient.employee_id),
        col(ActivityDay.day) >= first,
        col(ActivityDay.day) <= last,
        or_(
            col(ActivityDay.sign_ins) > 0,
            col(ActivityDay.named_ideas) > 0,
            col(ActivityDay.named_comments) > 0,
            col(ActivityDay.votes) > 0,
        ),
    )
