"""The calls of a dashboard beside a page of the feed: how much longer HR waits for figures than a reader for ideas."""

import time
from collections.abc import Awaitable, Callable
from functools import partial

from sqlalchemy import text

from app.core.db import Database
from bench import client, ground, routes
from bench.asks import Ask
from bench.figures import Figures
from bench.ground import Reader
from bench.report import say
from bench.scene import Scene

CALLS = (
    "participation",
    "pipeline",
    "funnel",
    "times",
    "load",
    "travel",
    "benefits",
    "campaigns",
    "rates",
)
"""What a page of figures asks for when it is opened, about the whole company and all of its time."""

_LOOKS = 20
"""Looks at a call in a round, each beside one at the feed: the slowest but one is their 95th percentile."""

Before = Callable[[], Awaitable[None]]
"""What is done before each look."""

_HR = "SELECT employee_id FROM role_grants WHERE role = 'hr' AND ended_at IS NULL LIMIT 1"


async def measure_dashboards(scene: Scene, figures: Figures) -> None:
    """Measure each call in turn with the feed, each look over a connection of its own; the slowest call counts.

    Both are kept until anything changes. So they are measured twice: while nothing does, and with a change before each
    look, where PostgreSQL lets somebody else change something.
    """
    reader = await _sign_in(scene)
    database = Database(scene.installation.settings())
    try:
        ways = {"kept": ("dashboards", _leave)}
        if not database.on_sqlite:
            ways["read anew"] = ("dashboards_anew", partial(_change, database))
        for way, (name, before) in ways.items():
            found = await _look_on(scene, reader, before)
            told = ", ".join(
                f"{call} {sorted(ratios)[len(ratios) // 2]:.1f}" for call, ratios in found.items()
            )
            say(f"dashboards {way}: {told} x a page of the feed")
            worst = [max(found[call][round_] for call in CALLS) for round_ in range(scene.rounds)]
            figures.note(name, worst)
            figures.remarks.append(f"Dashboard calls {way}, p95 ÷ that of a page of the feed {way}: {told}.")
    finally:
        await database.close()


async def _look_on(scene: Scene, reader: Reader, before: Before) -> dict[str, list[float]]:
    """Return by call, round by round, how its p95 compares with that of the feed."""
    found: dict[str, list[float]] = {call: [] for call in CALLS}
    for _ in range(scene.rounds):
        for call in CALLS:
            slow, quick = [], []
            for number in range(_LOOKS):
                another = scene.ground.readers[number % len(scene.ground.readers)]
                await before()
                quick.append(await _time(scene, routes.ask_feed(another)))
                await before()
                slow.append(await _time(scene, Ask("GET", f"/stats/{call}", reader.token)))
            found[call].append(sorted(slow)[-2] / sorted(quick)[-2])
    return found


async def _leave() -> None:
    """Change nothing."""


async def _change(database: Database) -> None:
    """Have a transaction that writes, so that nothing is known to be unchanged."""
    async with database.writer() as session:
        await session.execute(text("SELECT pg_current_xact_id()"))


async def _sign_in(scene: Scene) -> Reader:
    database = Database(scene.installation.settings())
    try:
        async with database.reader() as session:
            person = await session.scalar(text(_HR))
        return (await ground.sign_in(database, scene.installation, [person]))[0]
    finally:
        await database.close()


async def _time(scene: Scene, ask: Ask) -> float:
    begin = time.perf_counter()
    await client.fetch(scene.ours.port, ask)
    return time.perf_counter() - begin
