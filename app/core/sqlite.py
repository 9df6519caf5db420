"""SQLite on the event loop: statements run where they are asked for, only commits go to a thread.

A statement on a local file takes some microseconds; handing it to a thread and back takes ten times that.
A commit waits for the disk, so it leaves the loop alone meanwhile.
"""

import asyncio
import math
import sqlite3
import time
from collections import deque
from typing import Any, Self, cast

from sqlalchemy import URL, Pool
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.pool import AsyncAdaptedQueuePool
from sqlalchemy.util import await_only

from app.core import days

DRIVER = "sqlite+loop"
"""What stands before `:///path` in the address of a database that runs on the loop."""

TURN = 0.004
"""Seconds of statements after which other tasks get their turn: what writes a lot stops nobody for long."""


class Cursor(sqlite3.Cursor):
    """A cursor that reads its rows at once, so that later statements can't change what it still has to give."""

    server_side = False

    def execute(self, statement: str, parameters: Any = (), /) -> Self:
        """Run a statement and keep its rows."""
        await_only(cast("Connection", self.connection).take_turn())
        super().execute(statement, parameters)
        self._rows: deque[Any] = deque(super().fetchall() if self.description else ())
        return self

    def executemany(self, statement: str, parameters: Any, /) -> Self:
        """Run a statement for each set of parameters."""
        await_only(cast("Connection", self.connection).take_turn())
        super().executemany(statement, parameters)
        self._rows = deque()
        return self

    def fetchone(self) -> Any:
        """Return the next row, None after the last."""
        return self._rows.popleft() if self._rows else None

    def fetchmany(self, size: int | None = None) -> list[Any]:
        """Return some of the rows that are left."""
        return [self._rows.popleft() for _ in range(min(size or self.arraysize, len(self._rows)))]

    def fetchall(self) -> list[Any]:
        """Return the rows that are left."""
        rows = list(self._rows)
        self._rows.clear()
        return rows

    async def _async_soft_close(self) -> None:
        """Nothing waits on the engine any more: the rows are here."""


class Connection(sqlite3.Connection):
    """A connection that lives on one event loop."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The base-10 logarithm of PostgreSQL; SQLite has it only where it was compiled in.
        self.create_function("log", 1, math.log10, deterministic=True)
        self.create_function(days.SQLITE_FUNCTION, 2, days.tell_day, deterministic=True)
        self._turn_began = time.monotonic()

    def cursor(self, *, server_side: bool = False) -> Cursor:  # type: ignore[override]  # SQLAlchemy's way to ask
        """Return a new cursor."""
        return Cursor(self)

    async def take_turn(self) -> None:
        """Let other tasks run when this one has had the loop for long.

        SQLAlchemy insists that an asynchronous statement awaits something; this is what it awaits.
        """
        moment = time.monotonic()
        if moment - self._turn_began > TURN:
            await asyncio.sleep(0)
            self._turn_began = time.monotonic()

    def commit(self) -> None:
        """Make the transaction last; waits for the disk in a thread."""
        if self.in_transaction:
            await_only(asyncio.to_thread(super().commit))


class LoopDialect(SQLiteDialect_pysqlite):
    """SQLAlchemy's SQLite with these connections, for its asynchronous engine."""

    driver = "loop"
    is_async = True
    supports_statement_cache = True

    @classmethod
    def get_pool_class(cls, url: URL) -> type[Pool]:  # noqa: ARG003  the dialect's own signature
        """Return the pool whose waiting is asynchronous."""
        return AsyncAdaptedQueuePool

    def get_driver_connection(self, connection: Any) -> Any:
        """Return the connection itself: there is nothing wrapped around it."""
        return connection


registry.register("sqlite.loop", __name__, "LoopDialect")


async def compact(connection: Connection) -> bool:
    """Write the file anew and empty its log, in a thread: free pages and the log keep what was deleted until then.

    Tells whether the log could be emptied: not while somebody reads what stood there before.
    """
    cursor = sqlite3.Cursor(connection)
    await asyncio.to_thread(cursor.execute, "VACUUM")
    await asyncio.to_thread(cursor.execute, "PRAGMA wal_checkpoint(TRUNCATE)")
    (busy, *_) = cursor.fetchone()
    cursor.close()
    return not busy


def describe_connection(*, wait: float) -> dict[str, Any]:
    """Return the arguments of a connection; `wait` is the busy time-out in seconds.

    A commit runs in a thread, but never at the same time as anything else on its connection.
    """
    return {"factory": Connection, "isolation_level": None, "timeout": wait, "check_same_thread": False}
