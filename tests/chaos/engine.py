"""A PostgreSQL server of a trial's own, which really syncs, and goes and comes back on the same files and port."""

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import psycopg

from tests.chaos.installation import Installation
from tests.support import postgres

_ATTEMPTS = 100
_BETWEEN = 0.1


@dataclass(frozen=True)
class Engine:
    """A running server that can be taken away."""

    server: postgres.Server

    @property
    def port(self) -> int:
        """Where it listens."""
        return urlsplit(self.server.address).port or 0

    async def stop_at_once(self) -> None:
        """Have it drop everything and end, as `pg_ctl stop -m immediate` does; it recovers at the next start."""
        await asyncio.to_thread(self.server.control, "stop", "--mode=immediate")

    async def kill(self) -> None:
        """Kill the postmaster with SIGKILL; its children notice and end."""
        written = (self.server.home / "data" / "postmaster.pid").read_text(encoding="ascii")
        os.kill(int(written.splitlines()[0]), signal.SIGKILL)
        await asyncio.sleep(_BETWEEN)

    async def start(self) -> float:
        """Start it again on the same port; returns the seconds until it accepted connections.

        After a kill its children may hold the files for a moment: it is tried again.
        """
        begin = time.monotonic()
        for attempt in range(_ATTEMPTS):
            try:
                await asyncio.to_thread(self.server.control, "start", f"--options=-p {self.port}")
                break
            except subprocess.CalledProcessError:
                if attempt == _ATTEMPTS - 1:
                    raise
                await asyncio.sleep(_BETWEEN)
        await asyncio.to_thread(self._answer)
        return time.monotonic() - begin

    def _answer(self) -> None:
        with psycopg.connect(self.server.url("postgres"), autocommit=True) as connection:
            connection.execute("SELECT 1")


@asynccontextmanager
async def own(installation: Installation) -> AsyncIterator[tuple[Engine, Installation]]:
    """Have an engine, and an installation on it that is like another one and furnished the same."""
    server = await asyncio.to_thread(postgres.start_own, postgres.DURABLE)
    try:
        postgres.create_database(server.url("postgres"), "chaos")
        there = replace(installation, url=server.url("chaos"), tokens={})
        await there.furnish()
        yield Engine(server), there
    finally:
        await asyncio.to_thread(server.stop)
