"""Memory of a process after ten thousand requests, and its growth over ten times as many."""

import asyncio
import itertools
import os
from collections.abc import Iterator

from bench import client, load, processes, routes
from bench.asks import Ask
from bench.figures import Figures
from bench.scene import Scene

FIRST = 10_000
MORE = int(os.environ.get("MEMORY") or 100_000)
_CONNECTIONS = 16
_FOREVER = 3600.0


async def measure_memory(scene: Scene, figures: Figures) -> None:
    """Read the resident memory of a server of its own, in MiB: pages of many kinds, most of them unchanged."""
    with processes.serving_ideabox(scene.installation) as server:
        await _send(scene, server.port, FIRST)
        after = processes.read_memory(server.pid)
        await _send(scene, server.port, MORE)
        grown = processes.read_memory(server.pid) - after
    figures.note("memory", [after])
    figures.note("memory.growth", [grown])
    if MORE != 100_000:  # noqa: PLR2004  what the target says
        figures.remarks.append(f"The growth of memory was seen over {MORE:,} requests only.")


async def _send(scene: Scene, port: int, number: int) -> None:
    each = number // (_CONNECTIONS + 1)
    readers = scene.ground.readers[:_CONNECTIONS]
    # Votes among the others change every page of ideas; the themes stay.
    known = [await client.remember(port, Ask("GET", "/themes", reader.token)) for reader in readers]
    unchanged = [load.write(itertools.repeat(ask, each)) for ask in known]
    others = [load.write(itertools.islice(_mix(scene), each))]
    await asyncio.gather(
        load.drive(port, unchanged, seconds=_FOREVER, warm=0, status=304),
        load.drive(port, others, seconds=_FOREVER, warm=0),
    )


def _mix(scene: Scene) -> Iterator[Ask]:
    """Yield what people do beside looking at an unchanged page."""
    ground = scene.ground
    words = itertools.cycle(ground.words)
    for number in itertools.count():
        reader = ground.readers[number % len(ground.readers)]
        idea_id = ground.votable[number % len(ground.votable)]
        yield routes.ask_idea(reader, idea_id)
        yield routes.ask_comments(reader, ground.discussed[number % len(ground.discussed)])
        yield routes.ask_vote(reader, idea_id)
        yield routes.ask_search(reader, next(words))
        yield Ask("GET", "/themes", reader.token)
        yield Ask("DELETE", f"/ideas/{idea_id}/vote", reader.token)
