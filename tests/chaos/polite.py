"""Stopped politely under load: what was begun is finished and acknowledged, and the process ends well."""

import asyncio
import random
import time

from tests.chaos import audits, bounds, people, records
from tests.chaos.installation import Installation, free_port
from tests.chaos.journal import Fate, Journal
from tests.chaos.kill import beside, describe
from tests.chaos.records import Records
from tests.chaos.trials import Outcome
from tests.chaos.writers import Manner, writing

ENDED_WITHIN = 30.0
"""Seconds from SIGTERM to the end of the process."""


async def run(installation: Installation, seed: int) -> Outcome:
    """Send SIGTERM STOPS times (20) under the mixed writes of twenty people."""
    outcome, journal, luck, limit = Outcome(), Journal(), random.Random(seed), bounds.Limit()
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    async with installation.serving(port=port):
        world = await people.look_around(installation, url)
    before = records.read(installation)
    slowest, stops = 0.0, bounds.read("STOPS", 20)
    async with writing(world, journal, lambda: url, seed=seed, manner=Manner(repeats=0)):
        for _ in range(stops):
            if limit.is_over():
                break
            async with installation.serving(port=port) as server:
                await asyncio.sleep(luck.uniform(0.3, 1.2))
                begin = time.monotonic()
                status = await server.stop()
                slowest = max(slowest, time.monotonic() - begin)
            outcome.count(f"of {stops} polite stops")
            if status != 0:
                outcome.faults.append(f"a polite stop ended with {status}: {server.log.read_text()[-300:]}")
    outcome.counts["s to stop (worst)"] = round(slowest, 2)
    if slowest > ENDED_WITHIN:
        outcome.faults.append(f"a polite stop took {slowest:.1f} s")
    outcome.faults += _find_cut_off(records.read(installation), journal)
    async with installation.serving(port=port), beside(installation):
        outcome.faults += await audits.audit(installation, url, world, before, journal)
    outcome.counts |= describe(journal)
    return outcome


def _find_cut_off(now: Records, journal: Journal) -> list[str]:
    """Return the writes that were done and not acknowledged; nobody repeated any.

    A connection that idled may be closed as a request sets out on it (RFC 9112, 9.3.1): that one was not done.
    """
    kept = {(row["employee_id"], row["digest"]) for row in now["idempotency_keys"]}
    return [
        f"{write.method} {write.path} was done and its answer cut off"
        for write in journal.writes
        if write.key and write.fate is Fate.UNKNOWN and (write.who, write.digest) in kept
    ]
