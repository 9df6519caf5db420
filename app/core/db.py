"""The database: one transaction a request, committed in one place, on SQLite and on PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.core import engines
from app.core.config import Settings
from app.core.lanes import Lane, Witness

_TRANSIENT_STATES = {"40001", "40P01", "55P03", "57014", "57P01", "57P02", "57P03"}
"""SQLSTATEs after which a repeated request may succeed: serialisation, deadlock, lock and statement
time-outs, shutdown (PostgreSQL manual, appendix A)."""

_TROUBLED_CLASSES = ("08", "53", "58")
"""Classes of SQLSTATEs: lost connection; no disk, memory or connection left; the operating system failed."""


_SQLITE_AWAY = {5, 6, 7, 8, 10, 13, 14, 23, 26}
"""Primary result codes of SQLite (sqlite.org/rescode.html) for busy, locked, no memory, read-only, I/O error,
full, can't open, no permission and not a database: the file or its disk, not the statement."""

_PRIMARY = 0xFF

_BROKEN = ("connection is closed", "connection was closed", "another operation is in progress")
"""What asyncpg says, without an SQLSTATE, of a connection that ended while it was prepared or asked."""


class DatabaseAway(Exception):
    """The database can't be reached, or had no connection or lock to give in time."""


class ReadSession(AsyncSession):
    """A session that only reads: its transaction is read-only and is never committed."""

    zone: str = "UTC"
    """The company's time zone, whose days and working days count."""


class WriteSession(ReadSession):
    """A session whose transaction is committed once, at the edge, by `Database.writer`.

    `before_commit` holds what is done last, in the same transaction; `outbox` and `entered` what such steps write
    down.
    """

    region: str = ""
    """The company's region, whose public holidays are no working days."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.outbox: list[dict[str, Any]] = []
        self.entered: list[tuple[Any, dict[str, Any], datetime]] = []
        self.before_commit: list[Callable[[WriteSession], Awaitable[None]]] = []


class Database:
    """The engines of one process, and the two doors to a session."""

    def __init__(self, settings: Settings) -> None:
        self.on_sqlite = settings.on_sqlite
        self.settings = settings
        self._wait = settings.connection_wait_seconds
        # The server's own limit does not help where the network swallows its answer.
        self._limit = settings.statement_timeout_ms / 1000 + 1
        self.zone = settings.company_timezone
        self.region = settings.company_region
        self.after_commit: Callable[[], None] | None = None
        self.after_change: Callable[[], None] | None = None
        self.witness: Witness | None = None
        self._commits = 0
        self._committing = 0
        if settings.on_sqlite:
            self._write_engine = engines.open_sqlite(settings, writing=True)
            self._read_engine = engines.open_sqlite(settings, writing=False)
            writers = 1
        else:
            self._write_engine = engines.open_postgresql(settings, writing=True)
            self._read_engine = engines.open_postgresql(settings, writing=False)
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

    @property
    def engine(self) -> str:
        """The kind of the database, `sqlite` or `postgresql`."""
        return "sqlite" if self.on_sqlite else "postgresql"

    @property
    def changes(self) -> int | None:
        """How many changes this process has committed.

        On SQLite nobody else changes anything: the same number stands for the same data, None for a commit on its way.
        """
        return None if self._committing and self.on_sqlite else self._commits

    @asynccontextmanager
    async def reading_lane(self) -> AsyncIterator[Lane]:
        """Give a lane that only reads.

        Raises: DatabaseAway.
        """
        async with (
            self._passing(self._read_gate),
            _translated(),
            Lane(self._read_engine, limit=self._limit, witness=self.witness) as lane,
        ):
            yield lane

    @asynccontextmanager
    async def writing_lane(self) -> AsyncIterator[Lane]:
        """Give a lane that writes, kept when the block ends well; on PostgreSQL each statement is kept by itself.

        Raises: DatabaseAway.
        """
        async with self._passing(self._write_gate), _translated():
            with self._changing():
                lane = Lane(self._write_engine, limit=self._limit, writing=True, witness=self.witness)
                async with lane:
                    yield lane
        if self.after_commit:
            self.after_commit()

    @asynccontextmanager
    async def reader(self) -> AsyncIterator[ReadSession]:
        """Give a read session.

        Raises: DatabaseAway.
        """
        async with self._passing(self._read_gate), _translated():
            session = ReadSession(self._read_engine, expire_on_commit=False, autoflush=False)
            session.zone = self.zone
            async with session:
                yield session

    @asynccontextmanager
    async def writer(self) -> AsyncIterator[WriteSession]:
        """Give a write session; commit when the block ends well, roll back when it does not.

        Raises: DatabaseAway (nothing was kept, unless the connection broke during the commit itself).
        """
        async with self._passing(self._write_gate), _translated():
            session = WriteSession(self._write_engine, expire_on_commit=False)
            session.zone, session.region = self.zone, self.region
            async with session:
                yield session
                for step in session.before_commit:
                    await step(session)
                with self._changing():
                    await session.commit()
        if session.outbox and self.after_commit:
            self.after_commit()

    async def close(self) -> None:
        """Close every connection, readers first, so that the writer does the last checkpoint."""
        await self._read_engine.dispose()
        await self._write_engine.dispose()

    @contextmanager
    def _changing(self) -> Iterator[None]:
        self._committing += 1
        try:
            yield
        finally:
            self._commits += 1
            self._committing -= 1
            if self.after_change:
                self.after_change()

    @asynccontextmanager
    async def _passing(self, gate: asyncio.Semaphore) -> AsyncIterator[None]:
        try:
            if gate.locked():
                async with asyncio.timeout(self._wait):
                    await gate.acquire()
            else:
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
    except Exception as error:
        if _is_passing(error):
            raise DatabaseAway(str(error)) from error
        raise


def _is_passing(error: BaseException | None) -> bool:
    """Tell whether an error of the engine says that it is away or busy, not that the statement is wrong."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None:
        return code & _PRIMARY in _SQLITE_AWAY
    state = getattr(error, "sqlstate", None) or ""
    if isinstance(error, ConnectionError | TimeoutError | OSError) or any(
        said in str(error) for said in _BROKEN
    ):
        return True
    return state in _TRANSIENT_STATES or state.startswith(_TROUBLED_CLASSES)


async def ping(database: Database) -> None:
    """Ask the database for a sign of life.

    Raises: DatabaseAway.
    """
    async with database.reader() as session:
        await session.execute(text("SELECT 1"))
