"""A race that was planted: votes checked, then inserted, without a unique key; the gun must catch it.

An application of some lines on the drivers of Ideabox itself, run as a process of its own.
"""

import asyncio
import sys
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import uvicorn
from sqlalchemy import text

from app.core import config
from app.core.db import Database
from tests.chaos.installation import ROOT, Installation, Process, free_port
from tests.chaos.races_ground import REPLICAS, Books
from tests.chaos.starting_gun import Gun, Shot
from tests.chaos.trials import Outcome

_LOOK = text("SELECT count(*) FROM planted_votes WHERE idea = :idea")
_INSERT = text("INSERT INTO planted_votes (idea) VALUES (:idea)")
_READY_WITHIN = 30.0
_BETWEEN_LOOKS = 0.05


class Planted:
    """An ASGI application: `PUT /api/v1/<idea>` counts the votes of an idea, and adds one if there is none."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def __call__(self, scope: Any, _receive: Any, send: Any) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        idea = {"idea": scope["path"].rpartition("/")[2]}
        async with self.database.reader() as session:
            voted = (await session.execute(_LOOK, idea)).scalar_one()
        if not voted:
            async with self.database.writer() as session:
                await session.execute(_INSERT, idea)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})


async def measure(installation: Installation, outcome: Outcome, *, rounds: int, shots: int) -> None:
    """Count the rounds in which the planted race was caught; none is a fault."""
    await _make_table(installation)
    async with AsyncExitStack() as running:
        addresses = [
            await running.enter_async_context(_serving(installation))
            for _ in range(REPLICAS[installation.engine])
        ]
        gun = Gun(*addresses)
        running.push_async_callback(gun.close)
        for number in range(rounds):
            await gun.fire([Shot("PUT", f"/{number}")] * shots)
    doubled = Books(installation.url).count(
        "SELECT count(*) FROM (SELECT idea FROM planted_votes GROUP BY idea HAVING count(*) > 1) AS doubled"
    )
    await _drop_table(installation)
    outcome.counts[f"of {rounds} rounds caught a planted race"] = doubled
    if not doubled:
        outcome.faults.append(f"the planted race was caught in 0 of {rounds} rounds: the gun is no use")


async def _make_table(installation: Installation) -> None:
    await _run(installation, "CREATE TABLE planted_votes (idea varchar(100))")


async def _drop_table(installation: Installation) -> None:
    await _run(installation, "DROP TABLE planted_votes")


async def _run(installation: Installation, statement: str) -> None:
    database = Database(config.Settings(database_url=installation.url, environment="development"))
    try:
        async with database.writer() as session:
            await session.execute(text(statement))
    finally:
        await database.close()


@asynccontextmanager
async def _serving(installation: Installation) -> Any:
    port = free_port()
    log = installation.directory / f"planted-{port}.log"
    with log.open("w") as lines:
        started = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.chaos.races_planted",
            str(port),
            env=installation.environment(),
            cwd=ROOT,
            stdout=lines,
            stderr=lines,
        )
    server = Process(started, Path(log), f"http://127.0.0.1:{port}")
    try:
        await _wait(server)
        yield server.base_url
    finally:
        await server.kill()


async def _wait(server: Process) -> None:
    async with httpx2.AsyncClient() as client, asyncio.timeout(_READY_WITHIN):
        while True:
            try:
                await client.get(server.base_url)
            except httpx2.HTTPError:
                await asyncio.sleep(_BETWEEN_LOOKS)
            else:
                return


def main() -> None:
    """Serve the planted application on the port that is given."""
    database = Database(config.load())
    port = int(sys.argv[1])
    uvicorn.run(Planted(database), host="127.0.0.1", port=port, log_level="warning", lifespan="off")


if __name__ == "__main__":
    main()
