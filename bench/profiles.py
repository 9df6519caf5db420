"""Where the time of a request goes: the functions with most time of their own."""

import cProfile
import pstats
import re
import time
from collections.abc import Iterator
from itertools import islice, repeat
from pathlib import Path

from bench import asks, inside, routes
from bench.asks import Ask
from bench.installation import ROOT
from bench.scene import Scene

MOST = 12
_REQUESTS = 300
_WARM = 50
_WAITING = re.compile(r"epoll|_thread.lock|run_until_complete|run_forever")


def list_asks(scene: Scene) -> dict[str, Iterator[Ask]]:
    """Return an endless stream of requests for each subject that can be profiled."""
    reader, ground = scene.ground.readers[0], scene.ground
    ideas = ground.votable
    return {
        "feed": repeat(routes.ask_feed(reader)),
        "unchanged": repeat(routes.ask_feed(reader)),
        "idea": repeat(routes.ask_idea(reader, ground.discussed[0])),
        "search": repeat(routes.ask_search(reader, scene.facts.medium[0])),
        "comment": (routes.ask_comment(reader, idea_id) for idea_id in ideas * _REQUESTS),
        "vote": scene.pairs.take(1)[0],
    }


async def take(scene: Scene, subjects: set[str]) -> dict[str, list[str]]:
    """Return for each subject lines that say where our own time goes, most first, in this process without sockets."""
    found = {}
    async with inside.having_ideabox(scene.installation.settings()) as app:
        for subject, stream in list_asks(scene).items():
            if subject in subjects:
                await asks.hand_over_all(app, islice(stream, _WARM))
                profile = cProfile.Profile(time.process_time)
                some = list(islice(stream, _REQUESTS))
                profile.enable()
                await asks.hand_over_all(app, some)
                profile.disable()
                found[subject] = _write(profile, len(some))
    return found


def _write(profile: cProfile.Profile, requests: int) -> list[str]:
    table = pstats.Stats(profile).stats  # type: ignore[attr-defined]  # untyped
    # What waits for the database is no work of this process.
    stats = {place: told for place, told in table.items() if not _WAITING.search(place[2])}
    rows = sorted(stats.items(), key=lambda item: -item[1][2])[:MOST]
    total = sum(own for _, _, own, _, _ in stats.values())
    lines = [f"{total / requests * 1e6:,.0f} µs a request under the profiler, of these"]
    for (path, line, name), (_, calls, own, _, _) in rows:
        where = name if path == "~" else f"{_shorten(path)}:{line} {name}"
        lines.append(f"{own / total:5.1%}  {calls / requests:6.1f} calls  {where}")
    return lines


def _shorten(path: str) -> str:
    """Return a path from the root of the repository, or from where libraries are installed."""
    for root in (f"{ROOT}/", "site-packages/", "lib/python3"):
        if root in path:
            return path.partition(root)[2].removeprefix(".11/").removeprefix(".12/")
    return Path(path).name
