"""`make bench`: measures Ideabox beside the floor, prints the table, and writes the page of `docs/`.

SCALE (10k, 100k, 1m), ROUNDS and SECONDS say how much; `--only feed,vote` measures some subjects and writes no page.
"""

import argparse
import asyncio
import logging
import os
import sys
import tempfile
import time
from pathlib import Path

import uvloop

from bench import agreement, databases, ground, growing, instructions, profiles, report, scene
from bench.facts import Facts
from bench.figures import Figures
from bench.installation import Installation
from bench.measures.catalogue import MEASURES, Measure
from bench.scales import SCALES
from bench.scene import Scene
from bench.targets import TARGETS


def read_arguments() -> argparse.Namespace:
    """Return what the command line and the environment ask for."""
    given = os.environ.get
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--scale", default=given("SCALE") or "100k", choices=["10k", "100k", "1m"])
    parser.add_argument("--rounds", type=int, default=int(given("ROUNDS") or 3))
    parser.add_argument("--seconds", type=float, default=float(given("SECONDS") or 4))
    parser.add_argument("--only", default=given("ONLY") or "", help="subjects, with commas between them")
    parser.add_argument("--engine", default=given("ENGINE") or "", choices=["", "sqlite", "postgresql"])
    parser.add_argument("--url", default="", help="a PostgreSQL database on this machine, filled before")
    return parser.parse_args()


async def main(asked: argparse.Namespace) -> int:
    """Measure, print, and write the page when everything was measured; returns 1 when a target was missed."""
    figures = Figures()
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with tempfile.TemporaryDirectory(prefix="ideabox-bench-") as name:
        directory = Path(name)
        if asked.engine != "sqlite":
            (directory / "postgresql").mkdir()
            async with databases.having_postgres(directory / "postgresql", asked.scale, asked.url) as found:
                await measure(figures, *found, asked)
        if asked.engine != "postgresql" and any(measure.on_sqlite for measure in _choose(asked)):
            (directory / "sqlite").mkdir()
            scale = min(asked.scale, databases.SQLITE_SCALE, key=lambda scale: SCALES[scale].ideas)
            found = await databases.fill_sqlite(directory / "sqlite", scale)
            await measure(figures, *found, asked)
    if not asked.only or "instructions" in asked.only:
        report.say("instructions on SQLite, by valgrind")
        await asyncio.to_thread(instructions.add, figures)
    sys.stdout.write(report.write_text(figures) + "\n")
    if not asked.only and not asked.engine:
        report.write_page(figures, scale=asked.scale, rounds=asked.rounds, seconds=asked.seconds)
    return 1 if report.list_missed(figures) else 0


async def measure(
    figures: Figures, installation: Installation, facts: Facts, asked: argparse.Namespace
) -> None:
    """Measure what was asked for on one installation, after a look whether both servers answer alike."""
    chosen = await ground.survey(installation)
    on_sqlite = installation.engine == "sqlite"
    database = None if on_sqlite else await databases.find_process(installation.url)
    with scene.standing(
        installation, chosen, facts, database=database, rounds=asked.rounds, seconds=asked.seconds
    ) as standing:
        compared = await agreement.check(standing)
        report.say(f"{installation.engine}: {compared} answers of floor and Ideabox are alike")
        for subject in _choose(asked):
            if subject.on_sqlite or not on_sqlite:
                begin = time.monotonic()
                await subject.run(standing, figures)
                report.say(f"{installation.engine}: {subject.name} ({time.monotonic() - begin:.0f} s)")
        if not on_sqlite:
            await _explain(standing, figures)
    grown = os.environ.get("GROWTH", "")
    if not on_sqlite and not asked.only and (asked.scale == "1m" or grown):
        built = grown if grown.startswith("postgresql://") else ""
        await growing.add(figures, installation.url, scale=asked.scale, built=built)


def _choose(asked: argparse.Namespace) -> list[Measure]:
    names = [name for name in asked.only.split(",") if name]
    return [measure for measure in MEASURES if not names or measure.name in names]


async def _explain(standing: Scene, figures: Figures) -> None:
    missed = report.list_missed(figures)
    subjects = {target.subject for target in TARGETS if target.key in missed and target.subject}
    figures.profiles |= await profiles.take(standing, subjects)


if __name__ == "__main__":
    sys.exit(uvloop.run(main(read_arguments())))
