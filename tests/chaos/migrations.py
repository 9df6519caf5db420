"""Trial: `ideabox migrate` killed at random moments on an older database full of data, and two of them at once."""

import asyncio
import random
import sqlite3
import time
from dataclasses import dataclass
from functools import partial
from typing import Any, Self

import psycopg
from sqlalchemy import Connection

from app.core import migrations
from tests.chaos import bounds, older
from tests.chaos.installation import Installation, Process
from tests.chaos.older import Content, Shelf
from tests.chaos.trials import Outcome
from tests.migrations import test_chain
from tests.migrations.test_chain import Shape

_LOOK = 0.01
_EARLY = 0.2
_SURELY = 0.8
"""Share of the time of an undisturbed migration in which one is killed: the machine is not always as quick."""

_MOST_IN_A_ROW = 3
_BUSY = "is in use by a running Ideabox"


@dataclass(frozen=True)
class Ground:
    """What the trial runs on: older databases by their revision, what must be in them, and how long they take."""

    shelf: Shelf
    older: dict[str, Installation]
    content: dict[str, tuple[Shape, Content]]
    """By revision: the columns that it knows, and what is in them."""

    seconds: dict[str, tuple[float, float]]
    """By revision: from the start of the process to its first lock, and from there to its end."""


_COPIES = 20_000
"""Drafts in the older database, so that a migration takes a while."""


async def run(installation: Installation, seed: int) -> Outcome:
    """Kill MIGRATIONS (20) of them."""
    return await kill_migrations(installation, seed, kills=bounds.read("MIGRATIONS", 20), copies=_COPIES)


async def kill_migrations(
    installation: Installation, seed: int, *, kills: int, copies: int, oldest: int = 0
) -> Outcome:
    """Kill so many migrations, let each be done after all, and compare with what was there before.

    `oldest` is the place of the revision in the chain with which to begin.
    """
    outcome, luck, limit = Outcome(), random.Random(seed), bounds.Limit()
    shelf = Shelf(installation)
    made = shelf.make("made")
    await older.fill(made, shelf.settings(made), copies=copies)
    whole, content = await asyncio.to_thread(test_chain.look, shelf.settings(made), _read_everything)
    outcome.counts |= {"rows": sum(map(len, content.values())), "tables": len(content)}
    outcome.faults += [f"nothing is in {name}" for name, rows in content.items() if not rows]
    ground = Ground(shelf, {}, {}, {})
    for revision in test_chain.list_revisions()[oldest:-1]:
        copy = shelf.copy(made, f"old_{revision}")
        await asyncio.to_thread(migrations.downgrade, shelf.settings(copy), revision)
        kept = await asyncio.to_thread(test_chain.look, shelf.settings(copy), test_chain.read_shape)
        ground.older[revision] = copy
        stays = test_chain.leave_out_what_goes(content, whole, revision)
        known = {name: stays[name] for name in kept}
        ground.content[revision] = kept, test_chain.narrow(known, whole, kept)
        ground.seconds[revision] = await _time(outcome, ground, revision)
    while int(outcome.counts.get("kills", 0)) < kills and not limit.is_over():
        await _kill_and_finish(outcome, ground, luck)
    for revision in ground.older:
        await _migrate_twice_at_once(outcome, ground, revision)
    return outcome


def _read_everything(connection: Connection) -> tuple[Shape, Content]:
    shape = test_chain.read_shape(connection)
    return shape, test_chain.read_content(connection, shape)


async def _time(outcome: Outcome, ground: Ground, revision: str) -> tuple[float, float]:
    """Migrate undisturbed; return when it took its lock and how long it held it."""
    copy = ground.shelf.copy(ground.older[revision], "timed")
    begin = time.monotonic()
    process = await copy.start("migrate")
    with _Watch(copy) as watch:
        await watch.wait(process)
        began = time.monotonic()
        while watch.sees_work():  # noqa: ASYNC110  another process has no events
            await asyncio.sleep(_LOOK)
    ended = time.monotonic()
    if await process.process.wait():
        outcome.faults.append(f"undisturbed: {process.log.read_text(encoding='utf-8')[-300:]}")
    await _examine(outcome, ground, copy, revision, f"{revision}, undisturbed")
    return began - begin, ended - began


async def _kill_and_finish(outcome: Outcome, ground: Ground, luck: random.Random) -> None:
    """Kill one migration or some in a row, each at a random moment; then let one be done."""
    revision = luck.choice(list(ground.older))
    copy = ground.shelf.copy(ground.older[revision], "victim")
    start, work = ground.seconds[revision]
    story = []
    for _ in range(luck.randint(1, _MOST_IN_A_ROW)):
        process = await copy.start("migrate")
        at_work = luck.random() >= _EARLY
        with _Watch(copy) as watch:
            if at_work:
                await watch.wait(process)
            moment = luck.uniform(0, work * _SURELY if at_work else start)
            await asyncio.wait([asyncio.create_task(process.process.wait())], timeout=moment)
            outcome.count("killed at work" if watch.sees_work() else "killed before or after")
            await process.kill()
        outcome.count("kills")
        story.append(f"{moment:.2f} s")
    status, _, errors = await copy.call("migrate", check=False)
    told = f"{revision}, killed after {', '.join(story)}"
    if status:
        outcome.faults.append(f"{told}: the next one ended with {status}: {errors[-300:]}")
    await _examine(outcome, ground, copy, revision, told)


async def _migrate_twice_at_once(outcome: Outcome, ground: Ground, revision: str) -> None:
    copy = ground.shelf.copy(ground.older[revision], "contested")
    ends = await asyncio.gather(*(copy.call("migrate", check=False) for _ in range(2)))
    outcome.count("pairs at once")
    for status, _, errors in ends:
        # On SQLite the second one is told to come back: one process at a time holds the file.
        if status and not (copy.engine == "sqlite" and _BUSY in errors):
            outcome.faults.append(f"{revision}, two at once: one ended with {status}: {errors[-300:]}")
    if all(status for status, _, _ in ends):
        outcome.faults.append(f"{revision}, two at once: neither was done")
    await _examine(outcome, ground, copy, revision, f"{revision}, two at once")


async def _examine(outcome: Outcome, ground: Ground, copy: Installation, revision: str, told: str) -> None:
    """Compare schema and content with what they have to be, and ask the doctor."""
    settings = ground.shelf.settings(copy)
    standing = await asyncio.to_thread(migrations.current, settings)
    if standing != test_chain.list_revisions()[-1]:
        outcome.faults.append(f"{told}: it stands at {standing}")
        return
    drift = await asyncio.to_thread(test_chain.look, settings, older.find_drift)
    if drift:
        outcome.faults.append(f"{told}: the schema drifts: {str(drift)[:300]}")
    kept, content = ground.content[revision]
    read = partial(test_chain.read_content, shape=kept)
    now: Content = await asyncio.to_thread(test_chain.look, settings, read)
    for name in content.keys() | now.keys():
        was, stands = content.get(name, []), now.get(name, [])
        if was != stands:
            lost, found = set(was) - set(stands), set(stands) - set(was)
            outcome.faults.append(f"{told}: {name}: {len(lost)} of {len(was)} rows lost, {len(found)} others")
    outcome.faults += [f"{told}: {line}" for line in await copy.examine()]
    outcome.count("databases compared")
    ground.shelf.drop(copy)


class _Watch:
    """Looks whether a migration of a database is at work; quick, because little time is left to kill it."""

    def __init__(self, copy: Installation) -> None:
        self._on_sqlite = copy.engine == "sqlite"
        if self._on_sqlite:
            self._file = sqlite3.connect(older.find_file(copy), timeout=0, isolation_level=None)
        else:
            self._server = psycopg.connect(copy.url.rpartition("/")[0] + "/postgres", autocommit=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        (self._file if self._on_sqlite else self._server).close()

    def sees_work(self) -> bool:
        """Tell whether a migration holds its lock now."""
        if self._on_sqlite:
            try:
                self._file.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return True
            self._file.execute("ROLLBACK")
            return False
        locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
        found: Any = self._server.execute(locks).fetchone()
        return bool(found[0])

    async def wait(self, migration: Process) -> None:
        """Wait until the migration is at work, or has ended."""
        while migration.process.returncode is None and not self.sees_work():  # noqa: ASYNC110  another process has no events
            await asyncio.sleep(_LOOK)
