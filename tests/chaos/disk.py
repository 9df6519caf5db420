"""Trial: the disk fills up under people who write; nothing acknowledged is lost, reads go on, it heals by itself."""

import asyncio
import contextlib
import os
import random
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path

import httpx2
import psycopg

from tests.chaos import audits, bounds, healing, people, records
from tests.chaos.engine import Engine, own
from tests.chaos.installation import Installation, Process
from tests.chaos.journal import Journal
from tests.chaos.kill import describe
from tests.chaos.people import API, sign
from tests.chaos.trials import Outcome
from tests.chaos.writers import Writer, writing

_MIB = 1 << 20
_SIZES = {"sqlite": 32 * _MIB, "postgresql": 320 * _MIB}
_REFUSED = 100
_FULL_SECONDS = 20.0
HEALED_WITHIN = 5.0
_HOPELESS = 60.0
_BETWEEN = 0.1


class NotAllowed(Exception):
    """The machine does not let this process mount anything."""


async def run(installation: Installation, seed: int) -> Outcome:
    """Fill the disk FILLS times (3), each time until a hundred writes met it; then free it and see all healed."""
    outcome, journal = Outcome(), Journal()
    try:
        async with _placed(installation) as (there, disk, engine), there.serving() as server:
            async with there.working() if engine else contextlib.nullcontext():
                world = await people.look_around(there, server.base_url)
                before = records.read(there)
                async with writing(world, journal, lambda: server.base_url, seed=seed) as writers:
                    voter = healing.choose_voter(writers, world)
                    await _fill_and_free(outcome, journal, server, voter, disk, engine, random.Random(seed))
            if server.process.returncode is not None:
                outcome.faults.append("the server ended")
            async with there.working() if engine else contextlib.nullcontext():
                outcome.faults += await audits.audit(there, server.base_url, world, before, journal)
    except NotAllowed as error:
        return Outcome(not_run=str(error))
    outcome.counts |= describe(journal)
    return outcome


async def _fill_and_free(
    outcome: Outcome,
    journal: Journal,
    server: Process,
    voter: Writer,
    disk: Path,
    engine: Engine | None,
    luck: random.Random,
) -> None:
    healed: list[float] = []
    limit = bounds.Limit()
    while len(healed) < bounds.read("FILLS", 3) and not limit.is_over():
        await asyncio.sleep(luck.uniform(1, 2))
        with _filled(disk):
            refused, end = journal.answers[503], time.monotonic() + _FULL_SECONDS
            while journal.answers[503] - refused < _REFUSED and time.monotonic() < end:
                await _read(
                    outcome, server, voter, may_be_away=engine is not None and not _is_running(engine)
                )
            outcome.count("times full")
            outcome.count("writes refused while full", journal.answers[503] - refused)
        if engine is not None and not _is_running(engine):
            # It gave up on its full log: who supervises it starts it again.
            outcome.count("starts of the database")
            await engine.start()
        healed.append(await healing.heal(voter, _HOPELESS))
    outcome.counts["s to heal (worst)"] = round(max(healed), 2)
    outcome.faults += [
        f"whole again only after {seconds:.1f} s" for seconds in healed if seconds > HEALED_WITHIN
    ]


async def _read(outcome: Outcome, server: Process, voter: Writer, *, may_be_away: bool) -> None:
    """Read a page and an idea while the disk is full."""
    await asyncio.sleep(_BETWEEN)
    async with httpx2.AsyncClient(base_url=f"{server.base_url}{API}", timeout=30) as http:
        for path in ("/ideas", f"/ideas/{voter.hand.world.ideas[0]}"):
            answer = await http.get(path, headers=sign(voter.hand.person.token))
            outcome.count("reads while full")
            if answer.status_code == 503 and may_be_away:
                outcome.count("of them without a database")
            elif answer.status_code != 200:
                outcome.faults.append(f"{path} answered {answer.status_code} while the disk was full")


def _is_running(engine: Engine) -> bool:
    """Tell whether the database accepts connections."""
    try:
        psycopg.connect(engine.server.url("postgres"), connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def _filled(disk: Path) -> Iterator[None]:
    """Have a disk without a free byte while the block runs."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        for size in (_MIB, 4096):
            with contextlib.suppress(OSError):
                while file.write(bytes(size)) == size:
                    pass
    try:
        yield
    finally:
        ballast.unlink()


@asynccontextmanager
async def _placed(installation: Installation) -> AsyncIterator[tuple[Installation, Path, Engine | None]]:
    """Have an installation whose database is on a small disk of its own; gives the disk as well."""
    if installation.engine == "sqlite":
        disk = installation.directory / "small"
        with _mounted(disk, _SIZES["sqlite"]):
            for file in installation.directory.iterdir():
                if file.is_file():
                    shutil.copy(file, disk)
            yield replace(installation, url=f"sqlite:///{disk}/ideabox.db", directory=disk), disk, None
        return
    async with own(installation) as (engine, there):
        disk = engine.server.home / "data"
        engine.server.control("stop", "--mode=fast")
        aside = disk.rename(disk.with_name("aside"))
        owner = aside.stat()
        with _mounted(disk, _SIZES["postgresql"], owner):
            await asyncio.to_thread(subprocess.run, ["cp", "-a", f"{aside}/.", str(disk)], check=True)
            await engine.start()
            try:
                yield there, disk, engine
            finally:
                engine.server.control("stop", "--mode=immediate")
        aside.rename(disk)


@contextmanager
def _mounted(place: Path, size: int, owner: os.stat_result | None = None) -> Iterator[None]:
    """Have a disk in memory.

    Raises: NotAllowed.
    """
    place.mkdir()
    options = f"size={size},mode=0700"
    if owner is not None:
        options += f",uid={owner.st_uid},gid={owner.st_gid}"
    command = ["mount", "-t", "tmpfs", "-o", options, "ideabox-chaos", str(place)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise NotAllowed("there is no mount") from error
    if done.returncode:
        place.rmdir()
        raise NotAllowed(f"mounting a small disk is not permitted here: {done.stderr.strip()}")
    try:
        yield
    finally:
        # Whatever still has a file there is about to end.
        subprocess.run(["umount", "--lazy", str(place)], check=True)
        place.rmdir()
