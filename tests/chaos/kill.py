"""Killed while it works: the server a second after it is ready, the worker while it drains, again and again."""

import asyncio
import contextlib
import os
import random
import statistics
from pathlib import Path

from tests.chaos import audits, bounds, people, records
from tests.chaos.installation import Installation, Process, free_port
from tests.chaos.journal import Journal
from tests.chaos.trials import Outcome
from tests.chaos.writers import writing

READY_WITHIN = 3.0
"""Seconds from the start of a process to its first answer, at the 95th percentile."""

_AT_WORK_WITHIN, _ENOUGH = 10.0, 20
_STARTS_TO_JUDGE = 10
_TICKS = os.sysconf("SC_CLK_TCK")


async def run(installation: Installation, seed: int) -> Outcome:
    """Kill the server KILLS times (60) under mixed writes of twenty people."""
    return await kill_servers(installation, seed, kills=bounds.read("KILLS", 60))


async def run_worker(installation: Installation, seed: int) -> Outcome:
    """Kill the worker KILLS times (60) while it works off what twenty people write."""
    return await kill_workers(installation, seed, kills=bounds.read("KILLS", 60))


async def kill_servers(installation: Installation, seed: int, *, kills: int, number: int = 20) -> Outcome:
    """Kill the server so many times; then have everything that was acknowledged looked for."""
    outcome, journal, luck, limit = Outcome(), Journal(), random.Random(seed), bounds.Limit()
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    async with installation.serving(port=port):
        world = await people.look_around(installation, url)
    before = records.read(installation)
    waits: list[float] = []
    costs: list[float] = []
    async with writing(world, journal, lambda: url, seed=seed, number=number):
        while len(waits) < kills and not limit.is_over():
            server = await installation.start("serve", "--port", str(port))
            server.base_url = url
            try:
                waits.append(await server.get_ready())
                costs.append(measure_cpu(server))
                await _see_at_work(journal, luck.uniform(0.5, 1.5))
            finally:
                await server.kill()
    outcome.count(f"of {kills} kills of the server", len(waits))
    _say_waits(outcome, waits, costs)
    async with installation.serving(port=port), beside(installation):
        outcome.faults += await audits.audit(installation, url, world, before, journal)
    outcome.counts |= describe(journal)
    return outcome


async def kill_workers(installation: Installation, seed: int, *, kills: int) -> Outcome:
    """Kill the worker so many times, each time once it has begun to work off; a new one takes over."""
    outcome, journal, luck, limit = Outcome(), Journal(), random.Random(seed), bounds.Limit()
    async with installation.serving() as server:
        world = await people.look_around(installation, server.base_url)
        before = records.read(installation)
        done = 0
        async with writing(world, journal, lambda: server.base_url, seed=seed):
            while done < kills and not limit.is_over():
                async with installation.working():
                    outcome.faults += await audits.see_draining(installation)
                    await asyncio.sleep(luck.uniform(0, 0.4))
                done += 1
        outcome.count(f"of {kills} kills of the worker", done)
        async with installation.working():
            outcome.faults += await audits.audit(installation, server.base_url, world, before, journal)
    outcome.counts |= describe(journal)
    return outcome


def measure_cpu(process: Process) -> float:
    """Return the seconds of processor time that a process has had."""
    fields = Path(f"/proc/{process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


async def _see_at_work(journal: Journal, seconds: float) -> None:
    """Wait so long, and until the server has answered some writes: on a busy machine a second may be too short."""
    answered = journal.answers.total()
    await asyncio.sleep(seconds)
    for _ in range(int(_AT_WORK_WITHIN / 0.1)):
        if journal.answers.total() >= answered + _ENOUGH:
            break
        await asyncio.sleep(0.1)


def _say_waits(outcome: Outcome, waits: list[float], costs: list[float]) -> None:
    """Show how soon a server was ready; the machine may be shared, so its own processor time is shown too.

    Slow by the clock and by its processor time is a fault of the server; by the clock alone it is the machine's.
    Of fewer than ten starts nothing is said: their slowest is chance.
    """
    if len(waits) < _STARTS_TO_JUDGE:
        return
    late, cost = (statistics.quantiles(values, n=20, method="inclusive")[-1] for values in (waits, costs))
    outcome.counts["s to ready (median)"] = round(statistics.median(waits), 2)
    outcome.counts["s to ready (p95)"] = round(late, 2)
    outcome.counts["s of CPU to ready (p95)"] = round(cost, 2)
    if late > READY_WITHIN and cost > READY_WITHIN * 0.9:
        outcome.faults.append(f"ready only after {late:.1f} s (p95), with {cost:.1f} s of CPU")


def describe(journal: Journal) -> dict[str, int | float | str]:
    fates: dict[str, int | float | str] = {}
    return fates | {f"{fate} writes": number for fate, number in journal.count().items()}


def beside(installation: Installation) -> contextlib.AbstractAsyncContextManager[object]:
    """Have a worker where one belongs to the server."""
    return installation.working() if installation.engine == "postgresql" else contextlib.nullcontext()
