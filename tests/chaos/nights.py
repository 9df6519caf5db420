"""Killed at night: what is worked out about people is the same as without, points and badges and boards.

The rounds of a night run in a process of their own, on a few people at a time, and are killed wherever they are.
"""

import asyncio
import random
import sys
import time
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlmodel import SQLModel, col

from app.core import clock, config
from app.core.db import Database
from app.jobs import schedule
from app.models.activity import ActivityChange
from app.models.employees import Employee
from app.services import activity, badges, leaderboards
from tests.chaos import bounds
from tests.chaos.installation import ROOT, Installation, Process
from tests.chaos.kill import beside
from tests.chaos.races_ground import Books
from tests.chaos.trials import Outcome

ROUNDS = ("activity.refresh", "segments.compute", "badges.award", "leaderboards.compute")
TABLES: Mapping[str, str] = {
    "activity_days": "*",
    "memberships": "*",
    "badge_awards": "employee_id, badge, tier, shown, awarded_on, rule, CAST(facts AS varchar(500))",
    "badge_catalogues": "digest",
    "season_points": "*",
    "person_standings": "*",
    "unit_standings": "*",
    "standing_scopes": "scope, stale",
}
"""What a night writes, and the columns that follow from the record alone."""

_WAITING = ("activity_changes", "badge_changes", "standing_changes")
_PORTION = 5
_LOOKS = 600
_BEGUN = b"begun\n"

Kept = dict[str, list[str]]


async def run(installation: Installation, seed: int) -> Outcome:
    """Kill nights NIGHTS times (40)."""
    return await kill_nights(installation, seed, kills=bounds.read("NIGHTS", 40))


async def kill_nights(installation: Installation, seed: int, *, kills: int) -> Outcome:
    """Kill nights from nothing so many times, twice each before one gets to its end; then compare."""
    outcome, luck, limit = Outcome(), random.Random(seed), bounds.Limit()
    async with installation.serving(), beside(installation):
        await _wait_for_events(installation)
    now = clock.now()
    await forget(installation)
    begin = time.monotonic()
    await _finish(await _begin(installation, now))
    span = time.monotonic() - begin
    whole = read(installation)
    outcome.faults += [f"a night leaves {name} empty" for name, rows in whole.items() if not rows]
    done = 0
    while done < kills and not limit.is_over():
        await forget(installation)
        for _ in range(2):
            night = await _begin(installation, now)
            await asyncio.sleep(luck.uniform(0, span))
            await night.kill()
            done += 1
        await _finish(await _begin(installation, now))
        outcome.faults += _compare(whole, read(installation))
    outcome.count(f"of {kills} nights killed", done)
    outcome.faults += await installation.examine()
    return outcome


def read(installation: Installation) -> Kept:
    """Return what the last night left, and who still waits for the next one."""
    books = Books(installation.url)
    kept = {
        name: sorted(map(str, books.ask(f"SELECT {columns} FROM {name}")))  # noqa: S608  names of our own
        for name, columns in TABLES.items()
    }
    waiting = [name for name in _WAITING if books.count(f"SELECT count(*) FROM {name}")]  # noqa: S608  as above
    return kept | {f"{name} that wait": ["nobody"] for name in _WAITING if name not in waiting}


async def forget(installation: Installation) -> None:
    """Forget what was worked out, and have everybody looked at from the beginning."""
    database = Database(config.Settings(database_url=installation.url, environment="development"))
    try:
        async with database.writer() as session:
            for name in (*TABLES, *_WAITING):
                await session.execute(delete(SQLModel.metadata.tables[name]))
            started = await session.execute(select(col(Employee.id), col(Employee.created_at)))
            days = [
                {"employee_id": person, "since": clock.day_in(session.zone, at)} for person, at in started
            ]
            await session.execute(insert(ActivityChange), days)
    finally:
        await database.close()


def _compare(whole: Kept, now: Kept) -> list[str]:
    return [
        f"{name} differ after a killed night: {sorted(set(rows) ^ set(now.get(name, [])))[:4]}"
        for name, rows in whole.items()
        if rows != now.get(name)
    ]


async def _wait_for_events(installation: Installation) -> None:
    books = Books(installation.url)
    for _ in range(_LOOKS):
        if not books.count("SELECT count(*) FROM events WHERE worked_off_at IS NULL"):
            return
        await asyncio.sleep(0.1)


async def _begin(installation: Installation, now: datetime) -> Process:
    """Start a night; returns when its first round begins."""
    log = installation.directory / "night.log"
    with log.open("w") as lines:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.chaos.nights", now.isoformat()),
            env=installation.environment(),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
            stderr=lines,
        )
    assert process.stdout is not None
    assert await process.stdout.readline() == _BEGUN, log.read_text(encoding="utf-8")
    return Process(process, log)


async def _finish(night: Process) -> None:
    status = await night.process.wait()
    assert status == 0, night.log.read_text(encoding="utf-8")


async def work(now: datetime) -> None:
    """Run the rounds of a night on a few people at a time."""
    settings = config.load()
    activity.PEOPLE = badges.PEOPLE = leaderboards.PEOPLE = _PORTION
    database = Database(settings)
    try:
        rounds = {each.name: each for each in schedule.list_periodic(database, settings.data_dir)}
        sys.stdout.buffer.write(_BEGUN)
        sys.stdout.buffer.flush()
        for name in ROUNDS:
            await rounds[name].run(now)
    finally:
        await database.close()


if __name__ == "__main__":
    asyncio.run(work(datetime.fromisoformat(sys.argv[1])))
