"""What runs beside the requests: begun after the server, tried again, and ended however early the end comes."""

import asyncio

import pytest

from app.core.config import Settings
from app.core.db import Database
from app.jobs import beside
from app.main import create_app
from app.models.ideas import Tally
from tests.support.client import speaking_as
from tests.support.world import Cast


class Works:
    """What starts and stops, and how often that went wrong before."""

    def __init__(self, failures: int = 0, *, stuck: bool = False) -> None:
        self.failures = failures
        self.stuck = stuck
        self.said: list[str] = []
        self.started = asyncio.Event()
        self.go = asyncio.Event()
        self.go.set()

    async def start(self, _database: Database) -> "Works":
        self.said.append("start")
        if self.failures:
            self.failures -= 1
            raise OSError("no space left on device")
        self.started.set()
        await self.go.wait()
        self.said.append("started")
        return self

    async def stop(self) -> bool:
        self.said.append("stop")
        if self.stuck:
            raise OSError("no space left on device")
        return True


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "LATER", 0.001)
    monkeypatch.setattr(beside, "AGAIN", 0.001)


async def test_it_runs_until_the_end_is_announced(database: Database) -> None:
    works, ending = Works(), asyncio.Event()
    task = asyncio.create_task(beside.keep(works.start, database, ending))
    assert works.said == []
    await works.started.wait()
    ending.set()
    await task
    assert works.said == ["start", "started", "stop"]


async def test_an_end_before_the_start_starts_nothing(database: Database) -> None:
    works, ending = Works(), asyncio.Event()
    ending.set()
    await beside.keep(works.start, database, ending)
    assert works.said == []


async def test_an_end_in_the_middle_of_the_start_waits_for_it_and_stops(database: Database) -> None:
    works, ending = Works(), asyncio.Event()
    works.go.clear()
    task = asyncio.create_task(beside.keep(works.start, database, ending))
    await works.started.wait()
    ending.set()
    await asyncio.sleep(0)
    assert works.said == ["start"]
    works.go.set()
    await task
    assert works.said == ["start", "started", "stop"]


async def test_what_does_not_start_is_tried_again(database: Database) -> None:
    works, ending = Works(failures=2), asyncio.Event()
    task = asyncio.create_task(beside.keep(works.start, database, ending))
    await works.started.wait()
    ending.set()
    await task
    assert works.said == ["start", "start", "start", "started", "stop"]


async def test_a_stop_that_fails_keeps_nothing_else_from_ending(settings: Settings, cast: Cast) -> None:
    works = Works(stuck=True)
    app = create_app(settings, beside=works.start)
    closed = app.state.wiring.database
    async with app.router.lifespan_context(app):
        await works.started.wait()
        async with speaking_as(app, cast["Alice"]) as alice:
            body = {"title": "An idea", "problem": "p", "solution": "s", "theme": cast.themes["brand"]}
            idea_id = (await alice.post("/ideas", body))["id"]
            await alice.get(f"/ideas/{idea_id}")
    assert works.said[-1] == "stop"
    assert closed.write_engine.pool.checkedin() == 0
    database = Database(settings)
    async with database.reader() as session:
        assert (await session.get_one(Tally, idea_id)).views == 1
    await database.close()
