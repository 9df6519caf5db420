"""The files of exports: streamed while somebody waits, or made beside and kept for their owner."""

import asyncio
import os
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import structlog

from app.core import clock
from app.core.db import Database, DatabaseAway
from app.domain.actors import Actor
from app.domain.errors import Refusal
from app.domain.exports import ExportFailed, ExportState, What
from app.integrations import printing
from app.integrations.press.orders import Order, Outcome
from app.integrations.printing import Press, PressFailed
from app.models.exports import ExportRecord
from app.queries import actors
from app.services import export_orders, exports
from app.services.exports import Made

TELLING = 5.0
"""Seconds between two words of how far an export is."""

_FOLDER = "exports"
_PART = ".part"
_log = structlog.get_logger()


def find_file(data_dir: Path, export_id: str, file_format: str) -> Path:
    """Return where the file of an export is."""
    return data_dir / _FOLDER / f"{export_id}.{file_format}"


class Stream:
    """An export that is answered at once: written down before its first byte, and again when it has ended."""

    def __init__(self, database: Database, export_id: str, press: Press, first: bytes) -> None:
        self.export_id = export_id
        self._database = database
        self._press = press
        self._first = first

    async def read(self) -> AsyncGenerator[bytes, None]:
        """Yield the file; ends the press when nobody reads any more.

        Raises: PressFailed, so that the answer is cut off and nobody takes a part for the whole.
        """
        telling = asyncio.create_task(_keep_telling(self._database, self.export_id, self._press))
        state, made = ExportState.CUT, Made()
        try:
            yield self._first
            while piece := await self._press.read():
                yield piece
            made = _tell(await self._press.wait())
            state = ExportState.SENT
        except PressFailed as error:
            _log.warning("exports.failed", export=self.export_id, why=str(error))
            raise
        finally:
            telling.cancel()
            made = made if state is ExportState.SENT else Made(rows=self._press.rows)
            # Shielded: whoever has gone away cancels this, and the log must say so all the same.
            await asyncio.shield(self._close(state, made))

    async def _close(self, state: ExportState, made: Made) -> None:
        await self._press.stop()
        with suppress(DatabaseAway):
            await exports.end(self._database, self.export_id, state, made, attempt=1, now=clock.now())


async def stream(
    database: Database,
    actor: Actor,
    *,
    what: What,
    file_format: str,
    filters: Mapping[str, str],
    reason: str,
    now: datetime,
) -> Stream:
    """Begin an export that is answered at once.

    Raises: RoleMissing, TooManyExports, ExportFailed, and what the filters are refused for.
    """
    async with database.reader() as reading:
        # Before anything is counted: who has too many under way costs nothing more.
        await exports.check_room(reading, actor, what)
    order = await export_orders.write_order(
        database, actor, what=what, file_format=file_format, filters=filters, now=now
    )
    async with database.writer() as session:
        record = await exports.begin(
            session,
            actor,
            what=what.value,
            file_format=file_format,
            filters=filters,
            reason=reason,
            streamed=True,
            now=now,
        )
        export_id = record.id
    press = await printing.start(order)
    first = await press.read()
    if not first:
        await _fail(database, export_id, press)
    return Stream(database, export_id, press, first)


async def make_due(database: Database, data_dir: Path, *, now: datetime) -> int:
    """Make the file of the export that has waited longest; returns how many were handled."""
    async with database.writer() as session:
        record = await exports.take_next(session, now=now)
        if record is None:
            return 0
        actor = await actors.find_actor(session, record.employee_id, session_id=None, now=now)
    state, made = await _make(database, data_dir, record, actor, now=now)
    ended = await exports.end(database, record.id, state, made, attempt=record.attempts, now=clock.now())
    if ended and state is not ExportState.READY:
        find_file(data_dir, record.id, record.format).unlink(missing_ok=True)
    return 1


async def forget_old(database: Database, data_dir: Path, *, now: datetime) -> int:
    """Take up what was abandoned, and delete files whose time is over and those that nobody knows."""
    async with database.writer() as session:
        handled = await exports.give_up_silent(session, now=now)
    async with database.writer() as session:
        kept = await exports.forget_files(session, now=now)
    return handled + await asyncio.to_thread(_delete_others, data_dir / _FOLDER, kept)


async def _make(
    database: Database, data_dir: Path, record: ExportRecord, actor: Actor | None, *, now: datetime
) -> tuple[ExportState, Made]:
    """Make a file under a name of its own, and give it the right one when it is whole and on the disk."""
    if actor is None:
        return ExportState.FAILED, Made()
    target = find_file(data_dir, record.id, record.format)
    part = target.with_name(f"{record.id}.{record.attempts}{_PART}")
    try:
        order = await export_orders.write_order(
            database,
            actor,
            what=What(record.what),
            file_format=record.format,
            filters=record.filters,
            now=now,
        )
        outcome = await _print(database, record.id, order, part)
        await asyncio.to_thread(part.replace, target)
    except (Refusal, PressFailed, OSError) as error:
        _log.warning("exports.failed", export=record.id, why=str(error))
        return ExportState.FAILED, Made()
    finally:
        part.unlink(missing_ok=True)
    return ExportState.READY, _tell(outcome)


async def _print(database: Database, export_id: str, order: Order, part: Path) -> Outcome:
    part.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with part.open("wb") as target:
        press = await printing.start(order, target)
        telling = asyncio.create_task(_keep_telling(database, export_id, press))
        try:
            outcome = await press.wait()
            await asyncio.to_thread(os.fsync, target.fileno())
        finally:
            telling.cancel()
            await press.stop()
    return outcome


async def _keep_telling(database: Database, export_id: str, press: Press) -> None:
    while True:
        await asyncio.sleep(TELLING)
        with suppress(DatabaseAway):
            await exports.tell(database, export_id, press.rows, now=clock.now())


async def _fail(database: Database, export_id: str, press: Press) -> None:
    """End an export of which nothing came.

    Raises: ExportFailed.
    """
    try:
        await press.wait()
    except PressFailed as error:
        _log.warning("exports.failed", export=export_id, why=str(error))
    await exports.end(database, export_id, ExportState.FAILED, Made(), attempt=1, now=clock.now())
    raise ExportFailed


def _tell(outcome: Outcome) -> Made:
    return Made(**asdict(outcome))


def _delete_others(folder: Path, kept: set[str]) -> int:
    deleted = 0
    for file in folder.glob("*.*") if folder.is_dir() else ():
        if file.name.partition(".")[0] not in kept:
            file.unlink(missing_ok=True)
            deleted += 1
    return deleted
