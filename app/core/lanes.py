"""Lanes: a connection as the driver gives it, for the prepared statements of the busiest requests."""

import asyncio
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Protocol, Self

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.util import greenlet_spawn

from app.core.prepared import Prepared, Row

Witness = Callable[[str], None]
"""Told the text of each statement, for who counts them."""


class Fetching(Protocol):
    """Where prepared statements are sent: a lane, or the transaction of a session."""

    engine: str

    async def fetch(self, statement: Prepared, values: Mapping[str, Any]) -> Sequence[Row]:
        """Run a statement and return all of its rows, none when it returns none."""


class Lane:
    """A connection of an engine's pool for a moment; statements go to the driver without the ORM.

    On PostgreSQL each statement is a transaction of its own. On SQLite reading needs none, and with `writing`
    the whole block is one: committed when it ends well, rolled back when it does not.
    """

    def __init__(
        self, engine: AsyncEngine, *, limit: float, writing: bool = False, witness: Witness | None = None
    ) -> None:
        """Take an engine; `limit` are the seconds after which a statement on PostgreSQL is given up."""
        self.engine = engine.dialect.name
        self._pool = engine.sync_engine
        self._limit = limit
        self._writing = writing
        self._witness = witness
        self._connection: Any = None
        self._driver: Any = None

    async def fetch(self, statement: Prepared, values: Mapping[str, Any]) -> Sequence[Row]:
        """Run a statement and return all of its rows, none when it returns none."""
        compiled = statement.compile(self.engine)
        given = compiled.bind(values)
        if self._witness is not None:
            self._witness(compiled.text)
        if self.engine == "postgresql":
            return compiled.read(await self._driver.fetch(compiled.text, *given, timeout=self._limit))
        await self._driver.take_turn()
        return compiled.read(sqlite3.Cursor(self._driver).execute(compiled.text, given).fetchall())

    async def __aenter__(self) -> Self:
        self._connection = await greenlet_spawn(self._pool.raw_connection)
        self._driver = self._connection.driver_connection
        if self._writing and self.engine == "sqlite":
            try:
                sqlite3.Cursor(self._driver).execute("BEGIN IMMEDIATE")
            except BaseException:
                # What was not entered is never left: the only connection that writes would be gone.
                await greenlet_spawn(self._connection.close)
                raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._writing and self.engine == "sqlite":
                end = sqlite3.Connection.commit if error is None else sqlite3.Connection.rollback
                await asyncio.to_thread(end, self._driver)
        finally:
            await greenlet_spawn(
                self._connection.invalidate if self._is_lost(error) else self._connection.close
            )

    def _is_lost(self, error: BaseException | None) -> bool:
        """Tell whether the connection is in no state to be used again: closed, or left in the middle of an answer."""
        if self.engine == "sqlite" or error is None:
            return False
        # What the server refused has an SQLSTATE; the driver's own trouble is with the connection.
        of_driver = type(error).__module__.startswith("asyncpg") and getattr(error, "sqlstate", None) is None
        return of_driver or self._driver.is_closed() or isinstance(error, OSError | asyncio.CancelledError)


class SessionLane:
    """Prepared statements inside the transaction of a session, for use cases that do more than these."""

    def __init__(self, session: AsyncSession) -> None:
        self.engine = session.get_bind().dialect.name
        self._session = session

    async def fetch(self, statement: Prepared, values: Mapping[str, Any]) -> Sequence[Row]:
        """Run a statement and return all of its rows, none when it returns none."""
        result = await self._session.execute(statement.write(self.engine), dict(values))
        # What the ORM answers always has rows, and says nothing of it.
        return [tuple(row) for row in result] if getattr(result, "returns_rows", True) else ()
