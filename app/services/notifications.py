"""Telling people: events become notifications, each once, and what was asked is settled when it is done."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import col

from app.core import ids
from app.core.db import WriteSession
from app.domain import asks, audiences
from app.domain.actors import Actor
from app.domain.grounds import Ground, find_idea
from app.domain.notifications import CATALOGUE, NoSuchNotification, Notice
from app.domain.subjects import SubjectKind
from app.models.employees import Employee
from app.models.events import Event
from app.models.notifications import Notification
from app.queries.grounds import read_ground
from app.services import deliveries


async def notify(session: WriteSession, events: Sequence[Event], *, now: datetime) -> None:
    """Tell whom events concern, and settle what they have done; doing it again changes nothing.

    Runs in the drain, whose lock makes the order of positions that of the commits.
    """
    ground = await read_ground(session, events)
    notices = [notice for event in events for notice in audiences.list_notices(event, ground)]
    told = await write_down(session, notices, now=now)
    await _settle(session, events, ground, now=now)
    await deliveries.queue(session, [each for each in told if each.resolved_at is None], now=now)


async def write_down(
    session: WriteSession, notices: Sequence[Notice], *, now: datetime
) -> list[Notification]:
    """Put into the inboxes what is not there yet, of people who are still here; returns what is new.

    For the drain and the telling of crowds, which hold the lock that makes the order of positions that of the commits.
    """
    if not notices:
        return []
    people = {notice.employee_id for notice in notices}
    here = await session.scalars(
        select(col(Employee.id)).where(
            col(Employee.id).in_(people), col(Employee.active).is_(True), col(Employee.kind) != "placeholder"
        )
    )
    known = await session.execute(
        select(col(Notification.employee_id), col(Notification.kind), col(Notification.event_sequence)).where(
            col(Notification.event_sequence).in_({notice.event_sequence for notice in notices})
        )
    )
    reached, told = set(here), {tuple(row) for row in known}
    new = [
        Notification(
            employee_id=notice.employee_id,
            kind=notice.kind.value,
            subject_kind=notice.topic.kind.value,
            subject_id=notice.topic.id,
            idea_id=notice.topic.id if notice.topic.kind is SubjectKind.IDEA else None,
            event_sequence=notice.event_sequence,
            facts=notice.facts,
            asks=CATALOGUE[notice.kind].asks,
            created_at=now,
        )
        for notice in notices
        if notice.employee_id in reached
        and (notice.employee_id, notice.kind.value, notice.event_sequence) not in told
    ]
    session.add_all(new)
    await session.flush()
    return new


async def read(session: WriteSession, actor: Actor, notification_id: str, *, now: datetime) -> None:
    """Note that the actor has read a notification; the first time counts.

    Raises: NoSuchNotification.
    """
    mine = None
    if ids.is_valid(notification_id):
        mine = await session.scalar(
            select(Notification).where(
                col(Notification.id) == notification_id, col(Notification.employee_id) == actor.id
            )
        )
    if mine is None:
        raise NoSuchNotification
    if mine.read_at is None:
        mine.read_at = now


async def read_all(session: WriteSession, actor: Actor, *, until: int | None, now: datetime) -> None:
    """Note that the actor has read every notification, or those up to a position."""
    statement = update(Notification).where(
        col(Notification.employee_id) == actor.id, col(Notification.read_at).is_(None)
    )
    if until is not None:
        statement = statement.where(col(Notification.position) <= until)
    await session.execute(statement.values(read_at=now).execution_options(synchronize_session=False))


async def _settle(session: WriteSession, events: Sequence[Event], ground: Ground, *, now: datetime) -> None:
    """Resolve what people were asked about the ideas of events and what is done by now."""
    moves: dict[str, int] = {}
    for event in events:
        idea_id = find_idea(event, ground)
        if idea_id is not None:
            moves.setdefault(idea_id, 0)
            if event.kind == "pipeline.moved":
                moves[idea_id] = event.sequence or 0
    asked = await session.scalars(
        select(Notification).where(
            col(Notification.idea_id).in_(moves),
            col(Notification.asks).is_(True),
            col(Notification.resolved_at).is_(None),
        )
    )
    turns = {turn.id: turn for turns in ground.turns.values() for turn in turns}
    for each in asked:
        if asks.is_done(
            each,
            turns.get(each.facts.get("review", "")),
            clarification=ground.ideas[each.subject_id].clarification,
            state=ground.find_state(each.subject_id, each.employee_id),
            last_move=moves[each.subject_id],
            sought=ground.sought.get(each.facts.get("help", "")),
        ):
            each.resolved_at = now
    await session.flush()
