"""The databases that are measured: a PostgreSQL with the settings of one that people work on, an SQLite file."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

from bench import facts as known
from bench.dataset import build
from bench.facts import Facts
from bench.installation import Installation
from bench.report import say
from bench.scales import SCALES
from tests.support import postgres

_BUFFERS = {"1m": "4GB"}
_SMALL_BUFFERS = "1GB"
SQLITE_SCALE = "10k"
"""What is measured on SQLite at most: it is for some thousand people."""


def describe_server(scale: str) -> dict[str, str]:
    """Return the settings of the server: durable, vacuumed as by default, with the working set in memory."""
    return postgres.DURABLE | {
        "autovacuum_naptime": "1min",
        "random_page_cost": "1.1",
        "shared_buffers": _BUFFERS.get(scale, _SMALL_BUFFERS),
        "max_wal_size": "8GB",
    }


@asynccontextmanager
async def having_postgres(
    directory: Path, scale: str, url: str = ""
) -> AsyncIterator[tuple[Installation, Facts]]:
    """Have a filled database on a server of its own, or the one that is there at `url`, filled before."""
    if url:
        yield Installation(url, directory), await known.gather(url)
        return
    server = await asyncio.to_thread(postgres.start_own, describe_server(scale))
    try:
        postgres.create_database(server.url("postgres"), "ideabox")
        address = server.url("ideabox")
        installation = Installation(address, directory)
        facts = await build(address, SCALES[scale])
        await _sum_up(installation)
        await _settle(address)
        yield installation, facts
    finally:
        await asyncio.to_thread(server.stop)


async def fill_sqlite(directory: Path, scale: str) -> tuple[Installation, Facts]:
    """Fill an SQLite file."""
    installation = Installation(f"sqlite:///{directory}/ideabox.db", directory)
    facts = await build(installation.url, SCALES[scale])
    await _sum_up(installation)
    return installation, facts


async def find_process(url: str) -> int:
    """Return the process of the PostgreSQL server at an address on this machine."""
    connection = await asyncpg.connect(url)
    try:
        written: str = await connection.fetchval("SELECT pg_read_file('postmaster.pid')")
    finally:
        await connection.close()
    return int(written.split(maxsplit=1)[0])


async def _sum_up(installation: Installation) -> None:
    """Have the figures that a worker would have summed up; filling goes past what notes the changes."""
    begin = time.monotonic()
    await asyncio.to_thread(installation.call, "figures")
    say(f"{installation.engine}: figures summed up from the history in {time.monotonic() - begin:.0f} s")


async def _settle(url: str) -> None:
    """Have the statistics that autovacuum would gather, and no checkpoint under way, when measuring begins."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("VACUUM ANALYZE")
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()
