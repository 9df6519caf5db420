"""The database: one transaction a request, committed in one place, on SQLite and on PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from app.core import sqlite
from app.core.config import Settings

_TRANSIENT_STATES = {"40001", "40P01", "55P03", "57014", "57P01", "57P02", "57P03", "53300"}
"""SQLSTATEs after which a repeated request may succeed: serialisation, deadlock, lock and statement
time-outs, shutdown and too many connections (PostgreSQL manual, appendix A)."""


_SQLITE_AWAY = {5, 6, 7, 8, 10, 13, 14, 23, 26}
"""Primary result codes of SQLite (sqlite.org/rescode.html) for busy, locked, no memory, read-only, I/O error,
full, can't open, no permission and not a database: the file or its disk, not the statement."""

_PRIMARY = 0xFF


class DatabaseAway(Exception):
    """The database can't be reached, or had no connection or lock to give in time."""


class ReadSession(AsyncSession):
    """A session that only reads: its transaction is read-only and is never committed."""


class WriteSession(ReadSession):
    """A session whose transaction is committed once, at the edge, by `Database.writer`.

    `before_commit` holds what is done last, in the same transaction; `outbox` what such a step writes down.
    """

    zone: str = "UTC"
    """The company's time zone, whose days and working days count."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.outbox: list[dict[str, Any]] = []
        self.before_commit: list[Callable[[WriteSession], Awaitable[None]]] = []


class Database:
    """The engines of one process, and the two doors to a session."""

    def __init__(self, settings: Settings) -> None:
        self.on_sqlite = settings.on_sqlite
        self._wait = settings.connection_wait_seconds
        self.zone = settings.company_timezone
        self.after_commit: Callable[[], None] | None = None
        if settings.on_sqlite:
            self._write_engine = _sqlite_engine(settings, writing=True)
            self._read_engine = _sqlite_engine(settings, writing=False)
            writers = 1
        else:
            self._write_engine = _postgres_engine(settings, writing=True)
            self._read_engine = _postgres_engine(settings, writing=False)
            writers = settings.write_connections
        # First come, first served in front of the pool: waiting inside it is unfair and slow.
        self._write_gate = asyncio.Semaphore(writers)
        self._read_gate = asyncio.Semaphore(settings.read_connections)

    @property
    def read_engine(self) -> AsyncEngine:
        """The engine whose connections can't write."""
        return self._read_engine

    @property
    def write_engine(self) -> AsyncEngine:
        """The engine that writes; on SQLite it has one connection, which also does all checkpoints."""
        return self._write_engine

    @asynccontextmanager
    async def reader(self) -> AsyncIterator[ReadSession]:
        """Give a read session.

        Raises: DatabaseAway.
        """
        async with self._passing(self._read_gate), _translated():
            session = ReadSession(self._read_engine, expire_on_commit=False, autoflush=False)
            async with session:
                yield session

    @asynccontextmanager
    async def writer(self) -> AsyncIterator[WriteSession]:
        """Give a write session; commit when the block ends well, roll back when it does not.

        Raises: DatabaseAway (nothing was kept, unless the connection broke during the commit itself).
        """
        async with self._passing(self._write_gate), _translated():
            session = WriteSession(self._write_engine, expire_on_commit=False)
            session.zone = self.zone
            async with session:
                yield session
                for step in session.before_commit:
                    await step(session)
                await session.commit()
        if session.outbox and self.after_commit:
            self.after_commit()

    async def close(self) -> None:
        """Close every connection, readers first, so that the writer does the last checkpoint."""
        await self._read_engine.dispose()
        await self._write_engine.dispose()

    @asynccontextmanager
    async def _passing(self, gate: asyncio.Semaphore) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self._wait):
                await gate.acquire()
        except TimeoutError as error:
            message = "no connection became free in time"
            raise DatabaseAway(message) from error
        try:
            yield
        finally:
            gate.release()


@asynccontextmanager
async def _translated() -> AsyncIterator[None]:
    try:
        yield
    except (PoolTimeout, ConnectionError, OSError) as error:
        raise DatabaseAway(str(error)) from error
    except DBAPIError as error:
        if error.connection_invalidated or _is_passing(error.orig):
            raise DatabaseAway(str(error.orig)) from error
        raise


def _is_passing(error: BaseException | None) -> bool:
    """Tell whether an error of the engine says that it is away or busy, not that the statement is wrong."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None:
        return code & _PRIMARY in _SQLITE_AWAY
    state = getattr(error, "sqlstate", None) or ""
    if isinstance(error, ConnectionError | TimeoutError | OSError):
        return True
    return state in _TRANSIENT_STATES or state.startswith("08")


def _sqlite_engine(settings: Settings, *, writing: bool) -> AsyncEngine:
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
        cursor.execute("PRAGMA cache_size=-16000")
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


def _postgres_engine(settings: Settings, *, writing: bool) -> AsyncEngine:
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
        connect_args={"server_settings": server_settings, "timeout": settings.connection_wait_seconds},
    )


async def ping(database: Database) -> None:
    """Ask the database for a sign of life.

    Raises: DatabaseAway.
    """
    async with database.reader() as session:
        await session.execute(text("SELECT 1"))
