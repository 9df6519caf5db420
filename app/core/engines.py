"""Engines: how connections to SQLite and to PostgreSQL are made, for reading and for writing."""

from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from app.core import sqlite
from app.core.config import Settings

_WRITER_CACHE, _READER_CACHE = 8000, 2000
"""Kibibytes of pages that a connection to SQLite keeps for itself."""


def open_sqlite(settings: Settings, *, writing: bool) -> AsyncEngine:
    """Return an engine on the file; the one that writes has one connection, which also does all checkpoints."""
    engine = create_async_engine(
        f"{sqlite.DRIVER}:///{settings.sqlite_path}",
        pool_size=1 if writing else settings.read_connections,
        max_overflow=0,
        pool_timeout=settings.connection_wait_seconds,
        connect_args=sqlite.describe_connection(wait=5),
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA busy_timeout=5000")
        # The pages of the file are in the machine's memory already: seven caches of their own would only copy them.
        cursor.execute(f"PRAGMA cache_size=-{_WRITER_CACHE if writing else _READER_CACHE}")
        cursor.execute("PRAGMA temp_store=MEMORY")
        if writing:
            cursor.execute("PRAGMA journal_mode=WAL")
            cursor.execute("PRAGMA synchronous=FULL")
        else:
            # Two connections that checkpoint can meet a WAL-reset race in SQLite before 3.51.3.
            cursor.execute("PRAGMA wal_autocheckpoint=0")
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:
        # A deferred BEGIN that later writes fails under contention; IMMEDIATE waits its turn.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def open_postgresql(settings: Settings, *, writing: bool) -> AsyncEngine:
    """Return an engine on a server; the one that reads can't write, and has no transactions."""
    server_settings = {
        "application_name": "ideabox",
        "timezone": "UTC",
        "statement_timeout": str(settings.statement_timeout_ms),
        "lock_timeout": str(settings.lock_timeout_ms),
        "idle_in_transaction_session_timeout": "30000",
        "default_transaction_read_only": "off" if writing else "on",
        # What was acknowledged is on disk, whatever the server's own default says.
        "synchronous_commit": "on",
    }
    return create_async_engine(
        settings.database_url.replace("postgresql://", "postgresql+asyncpg://", 1),
        pool_size=settings.write_connections if writing else settings.read_connections,
        max_overflow=0,
        pool_timeout=settings.connection_wait_seconds,
        pool_pre_ping=False,
        # A reading request needs no transaction of its own: each statement sees one snapshot.
        isolation_level="READ COMMITTED" if writing else "AUTOCOMMIT",
        connect_args={
            "server_settings": server_settings,
            "timeout": settings.connection_wait_seconds,
            # The server's own limit does not help where the network swallows its answer.
            "command_timeout": settings.statement_timeout_ms / 1000 + 1,
        },
    )
