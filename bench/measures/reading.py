"""The feed, an idea with its comments, a search, an unchanged page."""

import asyncio
from collections.abc import Callable, Iterator

from bench import client, load, races, routes
from bench.asks import Ask
from bench.figures import Figures
from bench.ground import Reader
from bench.races import Arm, Samples
from bench.scene import FLOOR, OURS, Scene

CONNECTIONS = 32
MANY = 64
VOTES_A_SECOND = 20


async def measure_feed(scene: Scene, figures: Figures) -> None:
    """Measure the first page of the feed at 32 connections, beside the floor, and ourselves at 64 as well."""
    arms = _both(scene, lambda reader: [routes.ask_feed(reader)])
    if scene.database:
        arms[f"{OURS}, {MANY} connections"] = Arm(
            scene.ours, lambda: _spread(scene, MANY, lambda reader: [routes.ask_feed(reader)])
        )
    found = await races.run(scene, arms)
    _compare(figures, scene, "feed", found)
    if scene.database:
        figures.note("feed.cpu", races.compare(found[OURS], found[FLOOR], lambda sample: sample.cpu))
        figures.note("feed.p99.32", [one.p99 / one.p50 for one in found[OURS]])
        figures.note("feed.p99.64", [one.p99 / one.p50 for one in found[f"{OURS}, {MANY} connections"]])


async def measure_changing_feed(scene: Scene, figures: Figures) -> None:
    """Measure the feed once more while people vote; a remark, no target: what was kept is good for a moment only."""
    found: dict[str, Samples] = {FLOOR: [], OURS: []}
    arms = _both(scene, lambda reader: [routes.ask_feed(reader)])
    for _ in range(scene.rounds):
        for side, arm in arms.items():
            voting = asyncio.create_task(_vote_steadily(scene))
            found[side].append(await races.sample(scene, arm))
            voting.cancel()
            await asyncio.wait([voting])
    figures.describe(f"feed, {VOTES_A_SECOND} votes/s meanwhile", scene.installation.engine, found)


async def _vote_steadily(scene: Scene) -> None:
    for ask in scene.pairs.take(1)[0]:
        await client.fetch(scene.ours.port, ask)
        await asyncio.sleep(1 / VOTES_A_SECOND)


async def measure_unchanged(scene: Scene, figures: Figures) -> None:
    """Measure pages that have not changed since the reader has them, beside our own feed."""
    known = [
        await client.remember(scene.ours.port, routes.ask_feed(reader))
        for reader in scene.ground.readers[:CONNECTIONS]
    ]
    arms = {
        "feed": Arm(
            scene.ours, lambda: _spread(scene, CONNECTIONS, lambda reader: [routes.ask_feed(reader)])
        ),
        OURS: Arm(scene.ours, lambda: [load.repeat([ask]) for ask in known], 304),
    }
    found = await races.run(scene, arms)
    figures.note("unchanged", races.compare(found[OURS], found["feed"], lambda sample: sample.rate))
    figures.describe("unchanged page (304)", scene.installation.engine, {OURS: found[OURS]})


async def measure_idea(scene: Scene, figures: Figures) -> None:
    """Measure an idea and its fifty comments: two requests, in turn."""
    ideas = scene.ground.discussed

    def list_asks(reader: Reader) -> Iterator[Ask]:
        begin = scene.ground.readers.index(reader)
        for idea_id in ideas[begin % len(ideas) :] + ideas[: begin % len(ideas)]:
            yield routes.ask_idea(reader, idea_id)
            yield routes.ask_comments(reader, idea_id)

    found = await races.run(scene, _both(scene, lambda reader: list(list_asks(reader))))
    _compare(figures, scene, "idea", found)


async def measure_search(scene: Scene, figures: Figures) -> None:
    """Measure searches of one word, the hottest ideas first."""
    words = [*scene.facts.common[:8], *scene.facts.medium[:8], *scene.facts.rare[:8]]

    def list_asks(reader: Reader) -> list[Ask]:
        begin = scene.ground.readers.index(reader) % len(words)
        return [routes.ask_search(reader, word) for word in words[begin:] + words[:begin]]

    found = await races.run(scene, _both(scene, list_asks))
    _compare(figures, scene, "search", found)


def _both(scene: Scene, list_asks: Callable[[Reader], list[Ask]]) -> dict[str, Arm]:
    def stream() -> list[Iterator[bytes]]:
        return _spread(scene, CONNECTIONS, list_asks)

    return {FLOOR: Arm(scene.floor, stream), OURS: Arm(scene.ours, stream)}


def _spread(
    scene: Scene, connections: int, list_asks: Callable[[Reader], list[Ask]]
) -> list[Iterator[bytes]]:
    return [load.repeat(list_asks(reader)) for reader in scene.ground.readers[:connections]]


def _compare(figures: Figures, scene: Scene, subject: str, found: dict[str, Samples]) -> None:
    on_sqlite = "" if scene.database else "sqlite."
    figures.note(
        f"{on_sqlite}{subject}.rate", races.compare(found[OURS], found[FLOOR], lambda sample: sample.rate)
    )
    figures.describe(SUBJECTS[subject], scene.installation.engine, found)


SUBJECTS = {"feed": "feed, page of 20", "idea": "idea, then its 50 comments", "search": "search by `hot`"}
