"""Exports: beginning, ending and logging them; who makes the files is in `export_files`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlmodel import col

from app.core.db import Database, ReadSession, WriteSession
from app.domain import exports
from app.domain.actors import Actor
from app.domain.export_events import ExportMade, ExportOrdered
from app.domain.exports import ATTEMPTS, FILE_LIVES, SILENT, UNDER_WAY, ExportState, What
from app.domain.register import Entry
from app.models.exports import ExportRecord
from app.services import events, register, turns

_UNDER_WAY = col(ExportRecord.state).in_(sorted(UNDER_WAY))


@dataclass(frozen=True, slots=True)
class Made:
    """What came of an export; sizes in bytes, checksums hexadecimal."""

    rows: int = 0
    size: int = 0
    checksum: str = ""
    data_checksum: str = ""


async def check_room(session: ReadSession, actor: Actor, what: What) -> None:
    """Let pass one more export of somebody who may have it.

    Raises: RoleMissing, TooManyExports.
    """
    exports.check_may(actor, what)
    own = func.count().filter(col(ExportRecord.employee_id) == actor.id)
    row = (await session.execute(select(own, func.count()).where(_UNDER_WAY))).one()
    exports.check_room(row[0], row[1])


async def begin(
    session: WriteSession,
    actor: Actor,
    *,
    what: str,
    file_format: str,
    filters: Mapping[str, str],
    reason: str,
    streamed: bool,
    now: datetime,
) -> ExportRecord:
    """Write an export down before anything of it leaves; one that is not streamed waits for a worker.

    Raises: RoleMissing, TooManyExports.
    """
    await turns.take(session, actor.id)
    await check_room(session, actor, What(what))
    record = ExportRecord(
        employee_id=actor.id,
        what=what,
        format=file_format,
        filters=dict(filters),
        reason=reason,
        streamed=streamed,
        state=(ExportState.RUNNING if streamed else ExportState.WAITING).value,
        attempts=int(streamed),
        created_at=now,
        told_at=now,
    )
    session.add(record)
    facts = {"what": what, "format": file_format, "filters": record.filters, "streamed": streamed}
    events.record(session, ExportOrdered(record.id, facts), actor_id=actor.id, now=now)
    await session.flush()
    return record


async def take_next(session: WriteSession, *, now: datetime) -> ExportRecord | None:
    """Return the export that has waited longest, now being made by the caller; None when none waits."""
    record = await session.scalar(
        select(ExportRecord)
        .where(col(ExportRecord.state) == ExportState.WAITING.value)
        .order_by(col(ExportRecord.created_at), col(ExportRecord.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if record is not None:
        record.state = ExportState.RUNNING.value
        record.attempts += 1
        record.told_at = now
        await session.flush()
    return record


async def tell(database: Database, export_id: str, rows: int, *, now: datetime) -> None:
    """Say that an export goes on, and how many rows it has."""
    async with database.writer() as session:
        await session.execute(
            update(ExportRecord)
            .where(col(ExportRecord.id) == export_id, col(ExportRecord.state) == ExportState.RUNNING.value)
            .values(rows=rows, told_at=now)
            .execution_options(synchronize_session=False)
        )


async def end(
    database: Database, export_id: str, state: ExportState, made: Made, *, attempt: int, now: datetime
) -> bool:
    """Write down how the attempt at an export ended; False when another one has taken it over meanwhile."""
    async with database.writer() as session:
        record = await session.get(ExportRecord, export_id, with_for_update=True)
        if record is None or record.state != ExportState.RUNNING or record.attempts != attempt:
            return False
        _close(session, record, state, made, now=now)
        return True


async def give_up_silent(session: WriteSession, *, now: datetime) -> int:
    """Take exports up again whose maker is gone; what was streamed, or begun too often, is over.

    Returns how many there were.
    """
    silent = await session.scalars(
        select(ExportRecord)
        .where(col(ExportRecord.state) == ExportState.RUNNING.value, col(ExportRecord.told_at) < now - SILENT)
        .with_for_update(skip_locked=True)
    )
    records = silent.all()
    for record in records:
        if record.streamed:
            _close(session, record, ExportState.CUT, Made(rows=record.rows), now=now)
        elif record.attempts >= ATTEMPTS:
            _close(session, record, ExportState.FAILED, Made(), now=now)
        else:
            record.state = ExportState.WAITING.value
            record.rows = 0
    return len(records)


async def forget_files(session: WriteSession, *, now: datetime) -> set[str]:
    """End the time of files that were kept long enough; returns the identifiers of all that are to be kept."""
    await session.execute(
        update(ExportRecord)
        .where(col(ExportRecord.state) == ExportState.READY.value, col(ExportRecord.kept_until) <= now)
        .values(state=ExportState.GONE.value)
        .execution_options(synchronize_session=False)
    )
    kept = await session.scalars(
        select(col(ExportRecord.id)).where(
            col(ExportRecord.state).in_([ExportState.READY.value, *sorted(UNDER_WAY)])
        )
    )
    return set(kept)


def _close(
    session: WriteSession, record: ExportRecord, state: ExportState, made: Made, *, now: datetime
) -> None:
    record.state = state.value
    record.rows, record.size = made.rows, made.size
    record.checksum, record.data_checksum = made.checksum, made.data_checksum
    record.ended_at = now
    record.kept_until = now + FILE_LIVES if state is ExportState.READY else None
    facts = {
        "what": record.what,
        "format": record.format,
        "state": state.value,
        "filters": record.filters,
        "rows": made.rows,
        "size": made.size,
        "checksum": made.checksum,
    }
    events.record(session, ExportMade(record.id, facts), actor_id=record.employee_id, now=now)
    entry = Entry(ExportMade.kind, record.id, record.employee_id, text=record.reason or None, facts=facts)
    register.enter(session, entry, now=now)
