"""Forgetting what was kept long enough, class by class; what the table of the domain says, and nothing else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.core import days
from app.core.db import Database, ReadSession, WriteSession
from app.domain import retention
from app.domain.deliveries import State
from app.domain.events import DraftDeleted
from app.domain.help_requests import OPEN
from app.domain.pipeline import Stage
from app.domain.register import Entry
from app.domain.retention import DataClass
from app.models.deliveries import Delivery
from app.models.erasures import Correction
from app.models.events import Event
from app.models.gatherings import Capture
from app.models.help_requests import HelpMessage, HelpRequest
from app.models.ideas import Idea
from app.models.notifications import Notification
from app.models.sessions import OneTimeLink, Session, SignIn
from app.models.webhooks import WebhookDelivery
from app.services import events, register

BATCH = 2_000
"""Rows deleted in one transaction: few enough that a writer waiting on SQLite does not notice."""

_UNDER_WAY = (State.WAITING.value, State.CLAIMED.value)
Old = Callable[[ReadSession, datetime], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Kept:
    """Where the rows of a class are, and which of them are older than a moment."""

    table: Any
    number: Any
    is_old: Old


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many rows of a class went, or would go."""

    data_class: DataClass
    days: int
    rows: int


async def forget(
    database: Database, given: Mapping[str, int], *, dry_run: bool = False, now: datetime
) -> list[Forgotten]:
    """Forget what was kept long enough, or count it; a run that forgets anything is in the register.

    Raises: UnknownKeeping.
    """
    done = []
    for data_class, kept_days in retention.read(given).items():
        before = now - timedelta(days=kept_days)
        rows = await (_count if dry_run else _forget)(database, KEPT[data_class], before, now=now)
        done.append(Forgotten(data_class, kept_days, rows))
    facts = {each.data_class.value: each.rows for each in done if each.rows}
    if facts and not dry_run:
        async with database.writer() as session:
            register.enter(session, Entry("retention.ran", facts=facts), now=now)
    return done


async def forget_nightly(database: Database, *, now: datetime) -> int:
    """Forget as the settings of the installation say; returns how many rows went."""
    done = await forget(database, database.settings.keep_days, now=now)
    return sum(each.rows for each in done)


async def _count(database: Database, kept: Kept, before: datetime, *, now: datetime) -> int:  # noqa: ARG001  as `_forget`
    async with database.reader() as session:
        old = select(func.count()).select_from(kept.table).where(kept.is_old(session, before))
        return await session.scalar(old) or 0


async def _forget(database: Database, kept: Kept, before: datetime, *, now: datetime) -> int:
    forgotten = 0
    while True:
        async with database.writer() as session:
            old = select(kept.number).where(kept.is_old(session, before)).order_by(kept.number).limit(BATCH)
            gone = await session.scalars(
                delete(kept.table)
                .where(kept.number.in_(old))
                .returning(kept.number)
                .execution_options(synchronize_session=False)
            )
            numbers = gone.all()
            if kept.table is Idea:
                _note_drafts(session, list(numbers), now=now)
        forgotten += len(numbers)
        if len(numbers) < BATCH:
            return forgotten


def _note_drafts(session: WriteSession, drafts: list[str], *, now: datetime) -> None:
    for idea_id in drafts:
        events.record(session, DraftDeleted(idea_id), actor_id=None, now=now)


def _is_old_sign_in(session: ReadSession, before: datetime) -> ColumnElement[bool]:
    """Not the first of its day: figures ask whether somebody was there on a day, and points when they came first."""
    earlier = aliased(SignIn)
    return (col(SignIn.at) < before) & exists().where(
        col(earlier.employee_id) == col(SignIn.employee_id),
        or_(
            col(earlier.at) < col(SignIn.at),
            (col(earlier.at) == col(SignIn.at)) & (col(earlier.id) < col(SignIn.id)),
        ),
        days.day_in(session.zone, col(earlier.at)) == days.day_in(session.zone, col(SignIn.at)),
    )


def _is_old_draft(_session: ReadSession, before: datetime) -> ColumnElement[bool]:
    """Neither what was written down in a room, which has its own time, nor what somebody helps with or a lane reads."""
    return (
        (col(Idea.stage) == Stage.DRAFT.value)
        & col(Idea.restriction).is_(None)
        & (col(Idea.updated_at) < before)
        & ~exists().where(col(Capture.idea_id) == col(Idea.id))
        & ~exists().where(
            col(HelpRequest.idea_id) == col(Idea.id),
            col(HelpRequest.state).in_([state.value for state in OPEN]),
        )
    )


def _is_old_event(_session: ReadSession, before: datetime) -> ColumnElement[bool]:
    """Not the newest: its number must not be given twice."""
    other = aliased(Event)
    newest = select(func.max(col(other.sequence))).scalar_subquery()
    return (col(Event.at) < before) & col(Event.worked_off_at).is_not(None) & (col(Event.sequence) < newest)


KEPT: Mapping[DataClass, Kept] = {
    DataClass.SESSIONS: Kept(
        Session,
        col(Session.id),
        lambda _, before: or_(col(Session.expires_at) < before, col(Session.revoked_at) < before),
    ),
    DataClass.LINKS: Kept(
        OneTimeLink,
        col(OneTimeLink.id),
        lambda _, before: or_(col(OneTimeLink.expires_at) < before, col(OneTimeLink.used_at) < before),
    ),
    DataClass.SIGN_INS: Kept(SignIn, col(SignIn.id), _is_old_sign_in),
    DataClass.NOTIFICATIONS: Kept(
        Notification, col(Notification.position), lambda _, before: col(Notification.created_at) < before
    ),
    DataClass.DELIVERIES: Kept(
        Delivery,
        col(Delivery.id),
        lambda _, before: (col(Delivery.created_at) < before) & col(Delivery.state).not_in(_UNDER_WAY),
    ),
    DataClass.WEBHOOK_DELIVERIES: Kept(
        WebhookDelivery,
        col(WebhookDelivery.id),
        lambda _, before: (
            (col(WebhookDelivery.created_at) < before) & col(WebhookDelivery.state).not_in(_UNDER_WAY)
        ),
    ),
    DataClass.HELP_MESSAGES: Kept(
        HelpMessage,
        col(HelpMessage.id),
        lambda _, before: exists().where(
            col(HelpRequest.id) == col(HelpMessage.request_id), col(HelpRequest.ended_at) < before
        ),
    ),
    DataClass.DRAFTS: Kept(Idea, col(Idea.id), _is_old_draft),
    DataClass.CORRECTIONS: Kept(
        Correction, col(Correction.id), lambda _, before: col(Correction.settled_at) < before
    ),
    DataClass.EVENTS: Kept(Event, col(Event.sequence), _is_old_event),
}
"""THE table of where each class is."""
