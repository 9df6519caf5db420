"""Telling the few people whom prizes and places concern; what was asked is settled when it is decided."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from app.core.db import WriteSession
from app.domain import occasions
from app.domain.occasions import Occasions
from app.domain.subjects import SubjectKind
from app.models.events import Event
from app.models.notifications import Notification
from app.queries.occasions import read_occasions
from app.services import deliveries, notifications


async def notify(session: WriteSession, events: Sequence[Event], *, now: datetime) -> None:
    """Tell whom events concern, and settle what they have done; doing it again changes nothing.

    Runs in the drain, as `notifications.notify` does.
    """
    known = await read_occasions(session, events)
    told = await notifications.write_down(session, occasions.list_notices(events, known), now=now)
    await _settle(session, known, now=now)
    await deliveries.queue(session, [each for each in told if each.resolved_at is None], now=now)


async def _settle(session: WriteSession, known: Occasions, *, now: datetime) -> None:
    """Resolve the questions on awards that are not theirs to answer any more to whom they were put."""
    asked = await session.scalars(
        select(Notification).where(
            col(Notification.subject_id).in_(known.awards),
            col(Notification.subject_kind) == SubjectKind.PRIZE_AWARD.value,
            col(Notification.asks).is_(True),
            col(Notification.resolved_at).is_(None),
        )
    )
    for each in asked:
        if not occasions.may_be_asked(known.awards[each.subject_id], each.employee_id):
            each.resolved_at = now
    await session.flush()
