"""Snapshots: long readings beside a live server, for audits and nightly looks, never for a request."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.core import engines
from app.core.db import Database, ReadSession

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
