"""Telling crowds: an event opens a broadcast, which reaches one slice of people after the other."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, delete, or_, select
from sqlmodel import col

from app.core import locks, notices
from app.core.db import Database, DatabaseAway, WriteSession
from app.domain.crowds import find_call
from app.domain.notifications import Kind, Notice
from app.models.broadcasts import Broadcast
from app.models.events import Event
from app.queries import crowds
from app.queries.jobs import MAX_ATTEMPTS
from app.services import deliveries, notifications

SLICE = 200
"""People who are told in one transaction: few enough that a writer waiting on SQLite does not notice."""

KEPT = timedelta(days=30)

_log = structlog.get_logger()


async def open_all(session: WriteSession, events: Sequence[Event], *, now: datetime) -> None:
    """Open a broadcast for each event that a crowd is told of; doing it again changes nothing."""
    followed = await crowds.find_followed(session, events)
    calls = [(event, call) for event in events if (call := find_call(event, followed)) is not None]
    if not calls:
        return
    rows = await session.execute(
        select(col(Broadcast.event_sequence), col(Broadcast.kind)).where(
            col(Broadcast.event_sequence).in_([event.sequence for event, _ in calls])
        )
    )
    known = {tuple(row) for row in rows}
    session.add_all(
        Broadcast(
            kind=call.kind.value,
            subject_kind=call.topic.kind.value,
            subject_id=call.topic.id,
            event_sequence=event.sequence or 0,
            actor_id=event.actor_id,
            facts=call.facts,
            created_at=now,
        )
        for event, call in calls
        if (event.sequence, call.kind.value) not in known
    )
    await session.flush()


async def tell(database: Database, *, now: datetime) -> int:
    """Tell one slice of the crowd of one broadcast; returns how many rows were handled, 0 when none is due.

    Who dies in the middle has told nobody of the slice. One that fails waits twice as long after each failure, and
    the others go on.

    Raises: DatabaseAway.
    """
    first = select(col(Broadcast.id)).where(*_list_conditions(now)).limit(1)
    # Nearly always there is none: a look does not hold up those who write.
    async with database.reader() as reading:
        if (await reading.execute(first)).first() is None:
            return 0
    chosen: list[str] = []
    try:
        async with database.writer() as session:
            return await _tell_slice(session, chosen, now=now)
    except DatabaseAway:
        raise
    except Exception as error:  # noqa: BLE001  whatever is wrong with one of them, the others go on
        _log.error("broadcasts.failed", broadcast=chosen, exc_info=error)
        await _put_off(database, chosen, now=now)
        return len(chosen)


async def forget_old(session: WriteSession, *, now: datetime) -> None:
    """Forget broadcasts that ended long ago."""
    await session.execute(
        delete(Broadcast)
        .where(col(Broadcast.ended_at) < now - KEPT)
        .execution_options(synchronize_session=False)
    )


def _list_conditions(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Broadcast.ended_at).is_(None),
        col(Broadcast.attempts) < MAX_ATTEMPTS,
        or_(col(Broadcast.retry_at).is_(None), col(Broadcast.retry_at) <= now),
    )


async def _put_off(database: Database, chosen: Sequence[str], *, now: datetime) -> None:
    async with database.writer() as session:
        for broadcast in await session.scalars(select(Broadcast).where(col(Broadcast.id).in_(chosen))):
            broadcast.attempts += 1
            broadcast.retry_at = now + timedelta(seconds=2**broadcast.attempts)


async def _tell_slice(session: WriteSession, chosen: list[str], *, now: datetime) -> int:
    """Tell a slice; `chosen` gets the identifier of the broadcast that was worked on."""
    # Positions of the inbox are given by one process at a time, in the order of the commits.
    await locks.take(session, locks.EVENTS)
    broadcast = await session.scalar(
        select(Broadcast).where(*_list_conditions(now)).order_by(col(Broadcast.event_sequence)).limit(1)
    )
    if broadcast is None:
        return 0
    chosen.append(broadcast.id)
    people = await crowds.list_slice(session, broadcast.topic, after=broadcast.reached, limit=SLICE)
    # Who is told of it for another reason, as its author for example, is not told once more.
    heard = await crowds.list_told(session, broadcast.event_sequence, people)
    told = await notifications.write_down(
        session,
        [
            Notice(
                person, Kind(broadcast.kind), broadcast.topic, broadcast.event_sequence, dict(broadcast.facts)
            )
            for person in people
            if person != broadcast.actor_id and person not in heard
        ],
        now=now,
    )
    await deliveries.queue(session, told, now=now)
    broadcast.attempts, broadcast.retry_at = 0, None
    if people:
        broadcast.reached = people[-1]
    if len(people) < SLICE:
        broadcast.ended_at = now
    await session.flush()
    await notices.announce(session)
    return len(people) + 1
