"""SQLite on the event loop: statements run where they are asked for, only commits go to a thread.

A statement on a local file takes some microseconds; handing it to a thread and back takes ten times that.
A commit waits for the disk, so it leaves the loop alone meanwhile.
"""

import asyncio
import math
import sqlite3
import time
from collections.abc import Awaitable, Callable
from typing import Any, Self

TURN = 0.004
"""Seconds of statements after which other tasks get their turn: what writes a lot stops nobody for long."""


class Cursor:
    """A cursor with the asynchronous face that SQLAlchemy's adapter speaks to."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection
        self._cursor = connection.raw.cursor()
        self.arraysize = 1

    async def __aenter__(self) -> Self:
        return self

    @property
    def description(self) -> Any:
        """The columns of the result."""
        return self._cursor.description

    @property
    def rowcount(self) -> int:
        """The rows that were changed."""
        return self._cursor.rowcount

    @property
    def lastrowid(self) -> int | None:
        """The row that was inserted last."""
        return self._cursor.lastrowid

    async def execute(self, statement: str, parameters: Any = ()) -> None:
        """Run a statement."""
        await self._connection.take_turn()
        self._cursor.execute(statement, parameters)

    async def executemany(self, statement: str, parameters: Any) -> None:
        """Run a statement for each set of parameters."""
        await self._connection.take_turn()
        self._cursor.executemany(statement, parameters)

    async def fetchall(self) -> list[Any]:
        """Return the rows that are left."""
        return self._cursor.fetchall()

    async def fetchmany(self, size: int | None = None) -> list[Any]:
        """Return some of the rows that are left."""
        await self._connection.take_turn()
        return self._cursor.fetchmany(size or self.arraysize)

    async def fetchone(self) -> Any:
        """Return the next row."""
        return self._cursor.fetchone()

    async def close(self) -> None:
        """Let the cursor go."""
        self._cursor.close()


class Connection:
    """A connection that lives on one event loop."""

    def __init__(self, path: str, *, wait: float) -> None:
        # A commit runs in a thread, never at the same time as anything else on this connection.
        self.raw = sqlite3.connect(path, isolation_level=None, timeout=wait, check_same_thread=False)
        # The base-10 logarithm of PostgreSQL; SQLite has it only where it was compiled in.
        self.raw.create_function("log", 1, math.log10, deterministic=True)
        self._turn_began = time.monotonic()

    @property
    def _connection(self) -> sqlite3.Connection:
        return self.raw

    @property
    def isolation_level(self) -> str | None:
        """None: transactions are begun by hand."""
        return self.raw.isolation_level

    async def take_turn(self) -> None:
        """Let other tasks run when this one has had the loop for long."""
        moment = time.monotonic()
        if moment - self._turn_began > TURN:
            await asyncio.sleep(0)
            self._turn_began = time.monotonic()

    def cursor(self) -> Cursor:
        """Return a new cursor."""
        return Cursor(self)

    async def commit(self) -> None:
        """Make the transaction last; waits for the disk in a thread."""
        if self.raw.in_transaction:
            await asyncio.get_running_loop().run_in_executor(None, self.raw.commit)

    async def rollback(self) -> None:
        """Undo the transaction."""
        self.raw.rollback()

    async def create_function(self, *args: Any, **kwargs: Any) -> None:
        """Make a Python function known to SQL."""
        self.raw.create_function(*args, **kwargs)

    async def close(self) -> None:
        """Close the connection."""
        self.raw.close()

    def stop(self) -> None:
        """Close the connection at once."""
        self.raw.close()


def connector(path: str, *, wait: float) -> Callable[..., Awaitable[Connection]]:
    """Return what SQLAlchemy calls for a connection to a file; `wait` is the busy time-out in seconds."""

    async def connect(*_args: Any, **_kwargs: Any) -> Connection:
        return Connection(path, wait=wait)

    return connect
