"""Telling other processes that there is something new, without a database-wide lock at every commit."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import asyncpg
import structlog
from sqlalchemy import text

from app.core.db import Database, DatabaseAway, WriteSession

CHANNEL = "ideabox_events"
"""Says that event rows wait."""

FOLLOWED = "ideabox_followed"
"""Says that something followed from events, such as messages to people."""

_PAUSE = 0.1
"""Seconds between two notices: PostgreSQL lets only one transaction with a notice commit at a time."""

_LOOK = 5.0
"""Seconds between two signs of life of a connection that only listens."""

_AGAIN, _SWALLOWED = 1.0, 0.2
_SESSION = {
    "application_name": "ideabox live",
    # A vanished server must be noticed sooner than in the two hours that are the default.
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}
_NOTIFY = text("SELECT pg_notify(:channel, '')")
_log = structlog.get_logger()


class Notifier:
    """Sends at most ten notices a second, however many changes are committed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._due = asyncio.Event()

    def ring(self) -> None:
        """Say that there are new events; cheap, called after every commit that recorded some."""
        self._due.set()

    async def run(self) -> None:
        """Send notices until cancelled; a lost one is made good by the workers' own schedule."""
        while True:
            await self._due.wait()
            self._due.clear()
            with suppress(DatabaseAway):
                async with self._database.writer() as session:
                    await session.execute(_NOTIFY, {"channel": CHANNEL})
            await asyncio.sleep(_PAUSE)


async def announce(session: WriteSession) -> None:
    """Say in all processes, once this transaction is committed, that something followed from events.

    On SQLite there are no others: who wants to know is called after each change. A transaction that says so
    waits for others that do: for batches, never for a single act of a person.
    """
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(_NOTIFY, {"channel": FOLLOWED})


@asynccontextmanager
async def hearing(url: str, ring: Callable[[], None]) -> AsyncIterator[None]:
    """Have `ring` called at each notice of any process, by one connection that is made again when it is lost.

    It is also called when the connection stands, for what was said while nobody heard.
    """
    task = asyncio.create_task(_keep_hearing(url, ring))
    try:
        yield
    finally:
        # The driver may swallow what comes in the middle of its connecting.
        while not task.done():
            task.cancel()
            await asyncio.wait([task], timeout=_SWALLOWED)


async def _keep_hearing(url: str, ring: Callable[[], None]) -> None:
    while True:
        try:
            connection = await asyncpg.connect(url, server_settings=_SESSION, timeout=10)
            try:
                await _hear(connection, ring)
            finally:
                connection.terminate()
        except Exception as error:  # noqa: BLE001  whatever it is, the next attempt may succeed
            _log.warning("notices.connection-lost", exc_info=error)
        await asyncio.sleep(_AGAIN)


async def _hear(connection: asyncpg.Connection, ring: Callable[[], None]) -> None:
    lost = asyncio.Event()
    connection.add_termination_listener(lambda _: lost.set())
    for channel in (CHANNEL, FOLLOWED):
        await connection.add_listener(channel, lambda *_: ring())
    ring()
    while not lost.is_set():
        with suppress(TimeoutError):
            async with asyncio.timeout(_LOOK):
                await lost.wait()
        if not lost.is_set():
            await connection.execute("SELECT 1", timeout=5)
