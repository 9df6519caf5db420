"""Votes, spread over ideas and all on one; comments."""

import asyncio
from collections import Counter
from collections.abc import Iterator

from sqlalchemy import bindparam, text

from app.core.db import Database
from bench import load, processes, races, routes
from bench.asks import Ask
from bench.figures import Figures
from bench.races import Arm
from bench.scene import FLOOR, OURS, Scene

CONNECTIONS = 32
VOTERS = 64

_COUNTS = text(
    """
    SELECT t.idea_id, t.votes, (SELECT count(*) FROM votes v WHERE v.idea_id = t.idea_id AND v.withdrawn_at IS NULL)
    FROM tallies t WHERE t.idea_id IN :ideas
    """
).bindparams(bindparam("ideas", expanding=True))


class Miscounted(Exception):
    """The counter of an idea is not the number of its votes, or a vote that was acknowledged is missing."""


async def measure_vote(scene: Scene, figures: Figures) -> None:
    """Measure votes of many people for many ideas, beside the floor; each pair of them is new."""

    def stream() -> list[Iterator[bytes]]:
        return [load.write(asks) for asks in scene.pairs.take(CONNECTIONS)]

    found = await races.run(scene, {FLOOR: Arm(scene.floor, stream), OURS: Arm(scene.ours, stream)})
    key = "vote.rate" if scene.database else "sqlite.vote.rate"
    figures.note(key, races.compare(found[OURS], found[FLOOR], lambda sample: sample.rate))
    figures.describe("vote", scene.installation.engine, found)


async def measure_hot_vote(scene: Scene, figures: Figures) -> None:
    """Measure 64 people who vote for one idea at a time, beside the same votes spread; every count is exact."""
    sent: Counter[str] = Counter()
    before: dict[str, int] = {}

    def count(asks: Iterator[Ask]) -> Iterator[Ask]:
        for ask in asks:
            sent[ask.path.split("/")[2]] += 1
            yield ask

    def stream(*, together: bool) -> list[Iterator[bytes]]:
        return [load.write(count(asks)) for asks in scene.pairs.take(VOTERS, together=together)]

    before = {idea: votes for idea, votes, _ in await _read_counts(scene, scene.ground.votable)}
    arms = {
        "spread": Arm(scene.ours, lambda: stream(together=False)),
        OURS: Arm(scene.ours, lambda: stream(together=True)),
    }
    found = await races.run(scene, arms)
    for idea, votes, rows in await _read_counts(scene, list(sent)):
        if not votes == rows == before[idea] + sent[idea]:
            raise Miscounted(
                f"{idea}: counter {votes}, rows {rows}, acknowledged {before[idea] + sent[idea]}"
            )
    figures.note("vote.hot", races.compare(found[OURS], found["spread"], lambda sample: sample.rate))
    figures.describe("vote, 64 people on one idea at a time", scene.installation.engine, {OURS: found[OURS]})
    figures.remarks.append(
        f"{sum(sent.values()):,} votes of 64 people on {len(sent)} ideas: every count exact."
    )


async def _read_counts(scene: Scene, ideas: list[str]) -> list[tuple[str, int, int]]:
    database = Database(scene.installation.settings())
    try:
        async with database.reader() as session:
            rows = []
            for begin in range(0, len(ideas), 5000):
                rows += list(await session.execute(_COUNTS, {"ideas": ideas[begin : begin + 5000]}))
    finally:
        await database.close()
    return [(row[0], row[1], row[2]) for row in rows]


async def measure_comment(scene: Scene, figures: Figures) -> None:
    """Measure comments on many ideas, beside the floor."""
    ideas = scene.ground.votable

    def stream() -> list[Iterator[bytes]]:
        return [
            load.repeat(
                routes.ask_comment(reader, ideas[(number * 31 + step) % len(ideas)]) for step in range(40)
            )
            for number, reader in enumerate(scene.ground.readers[:CONNECTIONS])
        ]

    found = await races.run(scene, {FLOOR: Arm(scene.floor, stream, 201), OURS: Arm(scene.ours, stream, 201)})
    figures.note("comment.rate", races.compare(found[OURS], found[FLOOR], lambda sample: sample.rate))
    figures.describe("comment", scene.installation.engine, found)


async def measure_beside_worker(scene: Scene, figures: Figures) -> None:
    """Measure votes once more while a worker follows them up; a remark, no target."""
    with processes.working(scene.installation):
        await asyncio.sleep(3)
        arm = Arm(scene.ours, lambda: [load.write(asks) for asks in scene.pairs.take(CONNECTIONS)])
        found = [await races.sample(scene, arm)]
    figures.describe("vote, a worker running", scene.installation.engine, {OURS: found})
