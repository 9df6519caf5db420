"""Snapshots: long readings beside a live server, for audits and nightly looks, never for a request."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from app.core import engines
from app.core.db import Database, ReadSession

T = TypeVar("T")

_UNHURRIED = 3_600_000
"""Milliseconds that a statement may take."""


@asynccontextmanager
async def take(database: Database) -> AsyncIterator[ReadSession]:
    """Give a read session whose statements all see the same data, however long they take.

    On PostgreSQL it has a connection of its own: requests keep theirs.
    """
    if database.on_sqlite:
        async with database.read_engine.connect() as connection:
            session = ReadSession(connection, expire_on_commit=False, autoflush=False)
            session.zone = database.zone
            yield session
        return
    # The limit of the driver is that of its connections, so nobody else's will do.
    settings = database.settings.model_copy(update={"statement_timeout_ms": _UNHURRIED})
    engine = engines.open_postgresql(settings, writing=False)
    try:
        async with engine.connect() as opened:
            connection = await opened.execution_options(isolation_level="REPEATABLE READ")
            session = ReadSession(connection, expire_on_commit=False, autoflush=False)
            session.zone = database.zone
            yield session
    finally:
        await engine.dispose()


async def read_aside(database: Database, read: Callable[[ReadSession], Awaitable[T]]) -> T:
    """Return what somebody reads in one snapshot, in a thread with a connection and an event loop of its own.

    Requests are answered meanwhile, on SQLite too, where statements run on the loop that asks.

    Raises: what `read` does.
    """
    return await asyncio.to_thread(_read_alone, database, read)


def _read_alone(database: Database, read: Callable[[ReadSession], Awaitable[T]]) -> T:
    async def open_and_read() -> T:
        settings = database.settings.model_copy(update={"statement_timeout_ms": _UNHURRIED})
        open_engine = engines.open_sqlite if database.on_sqlite else engines.open_postgresql
        engine = open_engine(settings, writing=False)
        try:
            async with engine.connect() as opened:
                connection = opened
                if not database.on_sqlite:
                    connection = await connection.execution_options(isolation_level="REPEATABLE READ")
                session = ReadSession(connection, expire_on_commit=False, autoflush=False)
                session.zone = database.zone
                return await read(session)
        finally:
            await engine.dispose()

    return asyncio.run(open_and_read())
