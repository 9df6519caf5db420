"""Runs under valgrind: hands requests to both applications, and has the instructions of some of them counted.

Started by `bench.instructions`; the counters are read from the files that callgrind writes.
"""

import itertools
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import uvloop

from app.core import config
from bench import inside, routes
from bench.asks import Application, Ask, hand_over_all
from bench.ground import Ground

SUBJECTS = ("feed", "idea", "comments", "vote")
SHORT, LONG = 10, 40
"""Requests of the two runs whose difference is told: what switching itself costs is in both."""

_WARM = 15
_PORTION = _WARM + SHORT + LONG
_SLOWNESS = 50
_real_time = time.monotonic


def _slow_time() -> float:
    return _real_time() / _SLOWNESS


def list_asks(ground: Ground) -> dict[str, Iterator[Ask]]:
    """Return an endless stream of requests for each subject; one reader, who is known by then."""
    reader = ground.readers[0]
    rest = itertools.chain.from_iterable(routes.Pairs(ground, portion=_PORTION).take(1))
    ideas = itertools.cycle(ground.discussed[:3])
    return {
        "feed": itertools.repeat(routes.ask_feed(reader)),
        "idea": (routes.ask_idea(reader, idea_id) for idea_id in ideas),
        "comments": itertools.repeat(routes.ask_comments(reader, ground.discussed[0])),
        "vote": rest,
    }


def _control(*command: str) -> None:
    silent = subprocess.DEVNULL
    subprocess.run(
        ["callgrind_control", *command, str(os.getpid())], check=True, stdout=silent, stderr=silent
    )


async def count(name: str, app: Application, ground: Ground) -> None:
    """Have the instructions of both runs of every subject written down."""
    for subject, asks in list_asks(ground).items():
        await hand_over_all(app, itertools.islice(asks, _WARM))
        for number in (SHORT, LONG):
            some = [next(asks) for _ in range(number)]
            _control("--instr=on")
            await hand_over_all(app, some)
            _control("--instr=off")
            _control(f"--dump={name}.{subject}.{number}")


async def main(ground: Ground) -> None:
    """Count for the floor and for Ideabox, on a database that `IDEABOX_DATABASE_URL` names."""
    settings = config.load()
    # Time passes as slowly as the program runs, so that what is remembered for half a second serves as many
    # requests as it does in truth.
    time.monotonic = _slow_time
    async with inside.having_floor(settings, ground.readers) as floor:
        await count("floor", floor, ground)
    async with inside.having_ideabox(settings) as app:
        # The floor has voted on the first portion.
        await count("ideabox", app, replace(ground, votable=ground.votable[_PORTION:]))


if __name__ == "__main__":
    uvloop.run(main(msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=Ground)))
