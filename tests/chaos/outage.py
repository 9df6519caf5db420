"""The database goes and comes back while people write: 503 meanwhile, whole again soon, nothing lost."""

import asyncio
import random
import time

import httpx2

from tests.chaos import acts, audits, bounds, people, records
from tests.chaos.engine import Engine, own
from tests.chaos.installation import Installation, Process
from tests.chaos.journal import Journal, Write
from tests.chaos.kill import describe
from tests.chaos.people import API, sign
from tests.chaos.trials import Outcome
from tests.chaos.writers import Writer, writing

HEALED_WITHIN = 5.0
"""Seconds from when the database accepts connections again until reads and writes succeed."""

ENDED_WITHIN = 10.0
"""Seconds that an answer may take at the longest, an outage in its midst or not."""

_STEADY = 10
_HOPELESS = 60.0


async def run(installation: Installation, seed: int) -> Outcome:
    """Stop the database at once OUTAGES times (10), then kill it half as often."""
    outcome, journal = Outcome(), Journal()
    async with own(installation) as (engine, there), there.serving() as server, there.working() as worker:
        world = await people.look_around(there, server.base_url)
        before = records.read(there)
        async with writing(world, journal, lambda: server.base_url, seed=seed) as writers:
            # A worker that has not begun yet ends with the database; who supervises it starts it again.
            outcome.faults += await audits.see_draining(there)
            at_it = [writer.hand.person for writer in writers]
            voters = [writers[0].beside(person) for person in world.people if person not in at_it][:4]
            healed = await _take_away(engine, server, voters, outcome, random.Random(seed))
        if worker.process.returncode is not None:
            outcome.faults.append(f"the worker ended: {worker.log.read_text(encoding='utf-8')[-300:]}")
        outcome.counts["s to heal (worst)"] = round(max(healed, default=0), 2)
        outcome.counts["answers of 503"] = journal.answers[503]
        outcome.counts["s of the slowest answer"] = round(journal.slowest, 2)
        late = [f"whole again only after {seconds:.1f} s" for seconds in healed if seconds > HEALED_WITHIN]
        outcome.faults += late
        if journal.slowest > ENDED_WITHIN:
            outcome.faults.append(f"an answer took {journal.slowest:.1f} s")
        outcome.faults += await audits.audit(there, server.base_url, world, before, journal)
    outcome.counts |= describe(journal)
    return outcome


async def _take_away(
    engine: Engine, server: Process, voters: list[Writer], outcome: Outcome, luck: random.Random
) -> list[float]:
    """Have the outages; return the seconds that each took to heal."""
    stops = bounds.read("OUTAGES", 10)
    limit = bounds.Limit()
    healed: list[float] = []
    while len(healed) < stops + stops // 2 and not limit.is_over():
        await asyncio.sleep(luck.uniform(0.5, 1.5))
        kills = len(healed) >= stops
        await (engine.kill() if kills else engine.stop_at_once())
        outcome.count("postmasters killed" if kills else "immediate stops")
        outcome.faults += await _see_it_away(server, voters[0])
        await asyncio.sleep(luck.uniform(0.2, 1.5))
        await engine.start()
        healed.append(await _heal(server, voters))
    return healed


async def _see_it_away(server: Process, voter: Writer) -> list[str]:
    """Return what is wrong with the answers while the database is away: 503 with Retry-After is right."""
    faults = []
    async with httpx2.AsyncClient(base_url=server.base_url, timeout=30) as http:
        for path, right in (("/health/live", 200), ("/health/ready", 503), (f"{API}/ideas", 503)):
            answer = await http.get(path, headers=sign(voter.hand.person.token))
            if answer.status_code != right:
                faults.append(f"{path} answered {answer.status_code} while the database was away")
    write = await _vote(voter)
    if write.status != 503:
        faults.append(f"a vote was answered with {write.status} while the database was away")
    return faults


async def _heal(server: Process, voters: list[Writer]) -> float:
    """Return the seconds until reads and writes succeed and keep succeeding."""
    begin = whole_since = time.monotonic()
    in_a_row = 0
    async with httpx2.AsyncClient(base_url=server.base_url, timeout=30) as http:
        while in_a_row < _STEADY and time.monotonic() - begin < _HOPELESS:
            header = sign(voters[0].hand.person.token)
            reads = (http.get("/health/ready"), *(http.get(f"{API}/ideas", headers=header) for _ in voters))
            writes, answers = await asyncio.gather(
                asyncio.gather(*(_vote(voter) for voter in voters)), asyncio.gather(*reads)
            )
            in_a_row += 1
            statuses = [write.status for write in writes] + [answer.status_code for answer in answers]
            if any(status is None or status >= 500 for status in statuses):
                in_a_row, whole_since = 0, time.monotonic()
    return whole_since - begin


async def _vote(voter: Writer) -> Write:
    write = acts.vote(voter.hand)
    await voter.send(write)
    return write
