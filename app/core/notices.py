"""Telling the workers that event rows wait, without a database-wide lock at every commit."""

import asyncio
from contextlib import suppress

from sqlalchemy import text

from app.core.db import Database, DatabaseAway

CHANNEL = "ideabox_events"
_PAUSE = 0.1
"""Seconds between two notices: PostgreSQL lets only one transaction with a notice commit at a time."""


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
                    await session.execute(text("SELECT pg_notify(:channel, '')"), {"channel": CHANNEL})
            await asyncio.sleep(_PAUSE)
