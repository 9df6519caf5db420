"""The calls of a dashboard beside a page of the feed: how much longer HR waits for figures than a reader for ideas."""

import time

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

_HR = "SELECT employee_id FROM role_grants WHERE role = 'hr' AND ended_at IS NULL LIMIT 1"


async def measure_dashboards(scene: Scene, figures: Figures) -> None:
    """Measure each call in turn with the feed, each look over a connection of its own; the slowest call counts."""
    reader = await _sign_in(scene)
    found: dict[str, list[float]] = {call: [] for call in CALLS}
    for _ in range(scene.rounds):
        for call in CALLS:
            slow, quick = [], []
            for number in range(_LOOKS):
                another = scene.ground.readers[number % len(scene.ground.readers)]
                quick.append(await _time(scene, routes.ask_feed(another)))
                slow.append(await _time(scene, Ask("GET", f"/stats/{call}", reader.token)))
            found[call].append(sorted(slow)[-2] / sorted(quick)[-2])
    for call, ratios in found.items():
        middle = sorted(ratios)[len(ratios) // 2]
        say(f"dashboards: {call} {middle:.1f} x a page of the feed")
    figures.note("dashboards", [max(found[call][round_] for call in CALLS) for round_ in range(scene.rounds)])
    told = ", ".join(f"{call} {sorted(ratios)[len(ratios) // 2]:.1f}" for call, ratios in found.items())
    figures.remarks.append(f"Dashboard calls, p95 ÷ that of a page of the feed, one at a time: {told}.")


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
