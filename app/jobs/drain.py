"""Working off event rows: in order, in batches, each batch with its reactions in one transaction."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import or_, select, update
from sqlmodel import col

from app.core import locks, notices
from app.core.db import Database, DatabaseAway, ReadSession, WriteSession
from app.jobs import reactions
from app.models.events import Event
from app.queries.jobs import MAX_ATTEMPTS

BATCH = 400
"""Events worked off in one transaction: few enough that a writer waiting on SQLite does not notice."""

_log = structlog.get_logger()


async def drain(database: Database, *, now: datetime) -> int:
    """Work off one batch of events; returns how many, 0 when none is left or another process is at it.

    A batch that fails is tried again event by event, so that one poisoned event never blocks the others;
    it waits twice as long after each failure.
    """
    try:
        return await _work_off(database, now=now)
    except DatabaseAway:
        raise
    except Exception as error:  # noqa: BLE001  whatever a reaction raises, the others go on
        _log.warning("events.batch-failed", exc_info=error)
        return await _work_off_singly(database, now=now)


async def _work_off(database: Database, *, now: datetime) -> int:
    async with database.writer() as session:
        if not await locks.try_take(session, locks.EVENTS):
            return 0
        pending = await _list_pending(session, now=now)
        await reactions.react(session, pending, now=now)
        await _mark(session, pending, now=now)
        if pending:
            await notices.announce(session)
        return len(pending)


async def _work_off_singly(database: Database, *, now: datetime) -> int:
    async with database.reader() as reading:
        sequences = [event.sequence for event in await _list_pending(reading, now=now)]
    for sequence in sequences:
        try:
            async with database.writer() as session:
                await locks.take(session, locks.EVENTS)
                event = await session.get(Event, sequence)
                if event is not None and event.worked_off_at is None:
                    await reactions.react(session, [event], now=now)
                    event.worked_off_at = now
                    await notices.announce(session)
        except DatabaseAway:
            raise
        except Exception as error:  # noqa: BLE001  the failure is kept with the event
            await _put_off(database, sequence, error, now=now)
    return len(sequences)


async def _put_off(database: Database, sequence: int | None, error: Exception, *, now: datetime) -> None:
    _log.error("events.failed", sequence=sequence, exc_info=error)
    async with database.writer() as session:
        event = await session.get_one(Event, sequence)
        event.attempts += 1
        event.retry_at = now + timedelta(seconds=2**event.attempts)
        event.failure = f"{type(error).__name__}"


async def _list_pending(session: ReadSession, *, now: datetime) -> Sequence[Event]:
    pending = await session.scalars(
        select(Event)
        .where(
            col(Event.worked_off_at).is_(None),
            col(Event.attempts) < MAX_ATTEMPTS,
            or_(col(Event.retry_at).is_(None), col(Event.retry_at) <= now),
        )
        .order_by(col(Event.sequence))
        .limit(BATCH)
    )
    return pending.all()


async def _mark(session: WriteSession, events: Sequence[Event], *, now: datetime) -> None:
    await session.execute(
        update(Event)
        .where(col(Event.sequence).in_([event.sequence for event in events]))
        .values(worked_off_at=now)
        .execution_options(synchronize_session=False)
    )
