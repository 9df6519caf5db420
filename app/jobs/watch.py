"""A worker's own PostgreSQL session: hears of new events, shows that it lives, looks after the dead."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import asyncpg
import structlog

from app.core.notices import CHANNEL
from app.jobs import takeover

_log = structlog.get_logger()

INTERVAL = 3.0
"""Seconds between two looks for dead workers; also what a worker has to come back after a lost connection."""

_BETWEEN_ATTEMPTS = 1.0
_SESSION = {
    "application_name": "ideabox worker",
    # A vanished host must not keep its lock for the two hours that are the default.
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}


class Watch:
    """The session of one worker at a PostgreSQL address; `on_event` is called in the loop."""

    def __init__(self, url: str, executor: str, on_event: Callable[[], None]) -> None:
        self._url = url
        self._executor = executor
        self._on_event = on_event
        self._connection: asyncpg.Connection | None = None

    async def open(self) -> None:
        """Connect, hold the worker's lock, listen.

        Raises: OSError, TimeoutError, asyncpg.PostgresError.
        """
        connection = await asyncpg.connect(self._url, server_settings=_SESSION, timeout=10)
        try:
            await takeover.hold(connection, self._executor)
            await connection.add_listener(CHANNEL, lambda *_: self._on_event())
        except BaseException:
            connection.terminate()
            raise
        self._connection = connection

    async def keep(self) -> None:
        """Keep the session, with another connection when one is lost, until cancelled."""
        while True:
            try:
                if not self._connection:
                    await self.open()
                    self._on_event()  # for what was recorded while nobody listened
                await self._attend()
            except Exception as error:  # noqa: BLE001  a worker that watches no more is worse than any of them
                if self._connection:
                    _log.warning("jobs.session-lost", exc_info=error)
                await self.close()
                await asyncio.sleep(_BETWEEN_ATTEMPTS)

    async def close(self) -> None:
        """End the session, and with it the sign of life."""
        connection, self._connection = self._connection, None
        if connection:
            with suppress(Exception):
                await connection.close(timeout=2)

    async def _attend(self) -> None:
        connection = self._connection
        if not connection:
            return
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _: lost.set())
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(INTERVAL):
                    await lost.wait()
            await connection.execute("SELECT 1", timeout=5)
            await takeover.take_over(connection, self._executor)
