"""Sweeping the identifier of who was erased out of where no key leads, and what was deleted out of the file.

This takes a look at every event and notification, which is too long for a request: a job does it within the minute.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, Table, cast, func, select, text, true, type_coerce, update
from sqlmodel import col

from app.core import sqlite
from app.core.db import Database, WriteSession
from app.models import metadata
from app.models.broadcasts import Broadcast
from app.models.erasures import Erasure
from app.models.events import Event
from app.models.notifications import Notification

SPAN = 50_000
"""Rows that one transaction looks at."""


async def sweep(database: Database, *, now: datetime) -> int:  # noqa: ARG001  every run of the schedule takes it
    """Put the identifiers of nameless accounts in the place of those that are gone; returns of how many people."""
    async with database.reader() as session:
        waiting = (
            await session.execute(
                select(col(Erasure.id), col(Erasure.former_id), col(Erasure.nameless_id))
                .where(col(Erasure.swept_at).is_(None), col(Erasure.former_id).is_not(None))
                .order_by(col(Erasure.made_at))
            )
        ).all()
    for erasure_id, old, new in waiting:
        await _sweep_table(database, Event, "sequence", "payload", old or "", new or "")
        await _sweep_table(database, Notification, "position", "facts", old or "", new or "")
        async with database.writer() as session:
            await _sweep_broadcasts(session, old or "", new or "")
            await session.execute(
                update(Erasure).where(col(Erasure.id) == erasure_id).values(former_id=None, nameless_id=None)
            )
    return len(waiting)


async def compact(database: Database, *, now: datetime) -> int:
    """On SQLite, write the file anew after somebody was erased; returns how many had been.

    Writers wait meanwhile, so it is for the night. PostgreSQL frees what was deleted by and by, with autovacuum.
    """
    swept = (col(Erasure.swept_at).is_(None), col(Erasure.former_id).is_(None))
    async with database.reader() as session:
        waiting = await session.scalar(select(func.count()).where(*swept)) or 0
    if waiting and database.on_sqlite:
        async with database.writer() as session:
            # Deleted words linger in the index until its parts are merged.
            await session.execute(text("INSERT INTO search_index(search_index) VALUES ('optimize')"))
        async with database.write_engine.connect() as connection:
            raw = await connection.get_raw_connection()
            file: Any = raw.driver_connection
            if not await sqlite.compact(file):
                # Somebody reads for long: another night.
                return 0
    if waiting:
        async with database.writer() as session:
            await session.execute(update(Erasure).where(*swept).values(swept_at=now))
    return waiting


async def _sweep_table(
    database: Database, model: Any, number: str, document: str, old: str, new: str
) -> None:
    table: Table = metadata.tables[model.__tablename__]
    async with database.reader() as session:
        last = await session.scalar(select(func.coalesce(func.max(table.c[number]), 0))) or 0
    for start in range(0, last + 1, SPAN):
        async with database.writer() as session:
            here = table.c[number].between(start + 1, start + SPAN)
            await _rewrite(session, table, document, here, old, new)


async def _sweep_broadcasts(session: WriteSession, old: str, new: str) -> None:
    """Rewrite what crowds are told; how far one was told stays where it is, just before who was the last."""
    table = metadata.tables[Broadcast.__tablename__]
    await _rewrite(session, table, "facts", true(), old, new)
    await session.execute(
        update(Broadcast)
        .where(col(Broadcast.reached) == old)
        .values(reached=old[:-1])
        .execution_options(synchronize_session=False)
    )


async def _rewrite(session: WriteSession, table: Table, document: str, here: Any, old: str, new: str) -> None:
    """Put the new identifier in the place of the old one, in the documents and in the columns that hold one."""
    written: Any
    renewed: Any
    if session.get_bind().dialect.name == "postgresql":
        written = cast(table.c[document], String())
        renewed = cast(func.replace(written, old, new), JSON())
    else:
        written = type_coerce(table.c[document], String())
        renewed = func.replace(written, old, new)
    connection = await session.connection()
    await connection.execute(update(table).where(here, written.like(f"%{old}%")).values({document: renewed}))
    if "subject" in table.c:
        for column in ("actor_id", "subject"):
            await connection.execute(update(table).where(here, table.c[column] == old).values({column: new}))
