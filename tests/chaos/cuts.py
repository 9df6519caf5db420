"""The network between: answers swallowed after the commit, writes delivered twice, a database out of reach."""

import asyncio
import random
import time

import httpx2

from tests.chaos import audits, bounds, people, records
from tests.chaos.installation import Installation
from tests.chaos.journal import Fate, Journal
from tests.chaos.kill import beside, describe
from tests.chaos.people import API, World, sign
from tests.chaos.proxy import Courier, Errand, Wire, lose_and_repeat, standing
from tests.chaos.trials import Outcome
from tests.chaos.writers import Manner, writing

ENDED_WITHIN = 5.0
"""Seconds in which a request must end when the database does not answer, and in which all is whole again after."""

_LATENCY = 0.2
_GRACE = 2.0
_SETTLED = 3.0


async def run(installation: Installation, seed: int) -> Outcome:
    """Swallow CUTS answers (200) after the server gave them, and deliver a tenth of the writes twice."""
    outcome, journal, limit = Outcome(), Journal(), bounds.Limit()
    wanted = bounds.read("CUTS", 200)
    async with installation.serving() as server, beside(installation):
        world = await people.look_around(installation, server.base_url)
        before = records.read(installation)
        courier = Courier(server.base_url, lose_and_repeat(random.Random(seed), lost=0.4, twice=0.1))
        async with standing(courier) as port:
            url = f"http://127.0.0.1:{port}"
            manner = Manner(repeats=1.0, closes=True)
            async with writing(world, journal, lambda: url, seed=seed, number=12, manner=manner):
                await courier.lose(wanted, within=limit.left)
        outcome.count("answers swallowed", courier.done[Errand.LOSE_ANSWER])
        outcome.count(f"of {wanted} with a key", len(courier.lost))
        outcome.count("delivered twice", courier.done[Errand.TWICE] + courier.done[Errand.TWICE_AT_ONCE])
        outcome.faults += _compare(courier, journal, outcome)
        bearers = {person.id: person.token for person in world.people}
        for write in journal.writes:
            # What was refused at one delivery may have been taken at the other: refusals are not remembered.
            again = (
                write.key in courier.twice
                or (f"{API}{write.path}", bearers.get(write.who, "")) in courier.unsure
            )
            if write.fate is Fate.REFUSED and again:
                write.status = None
        outcome.faults += await audits.audit(installation, server.base_url, world, before, journal)
    outcome.counts |= describe(journal)
    return outcome


def _compare(courier: Courier, journal: Journal, outcome: Outcome) -> list[str]:
    """Compare the answer that was swallowed with the one that the repetition brought, status and body."""
    faults = []
    for write in journal.writes:
        first = courier.lost.get(write.key or "")
        if first is None or write.fate is not Fate.ACKNOWLEDGED:
            continue
        head, _, body = first.partition(b"\r\n\r\n")
        outcome.count("answers given again")
        if (int(head.split()[1]), body) != (write.status, write.raw):
            faults.append(
                f"{write.method} {write.path}: {head[:20]!r} first, {write.status} at the repetition"
            )
    return faults


async def run_network(installation: Installation, seed: int) -> Outcome:
    """Slow, hold and tear the connections between the server and PostgreSQL while people write."""
    outcome, journal = Outcome(), Journal()
    wire = Wire(*find_host(installation.url))
    async with standing(wire) as port:
        settings = {
            "IDEABOX_DATABASE_URL": installation.url.replace(f":{wire.port}/", f":{port}/"),
            # The waits of an operator who wants every request to end within five seconds.
            "IDEABOX_CONNECTION_WAIT_SECONDS": "1",
            "IDEABOX_STATEMENT_TIMEOUT_MS": "1000",
        }
        async with installation.serving(extra=settings) as server, beside(installation):
            world = await people.look_around(installation, server.base_url)
            before = records.read(installation)
            async with writing(world, journal, lambda: server.base_url, seed=seed, number=12):
                await _slow(wire, server.base_url, world, outcome)
                await _tear(wire, server.base_url, world, outcome)
                await _hold(wire, server.base_url, world, outcome)
            outcome.counts["answers of 503"] = journal.answers[503]
            outcome.counts["s of the slowest answer"] = round(journal.slowest, 2)
            if journal.slowest > ENDED_WITHIN + _GRACE:
                outcome.faults.append(f"a write was answered only after {journal.slowest:.0f} s")
            outcome.faults += await audits.audit(installation, server.base_url, world, before, journal)
    outcome.counts |= describe(journal)
    return outcome


async def _slow(wire: Wire, base_url: str, world: World, outcome: Outcome) -> None:
    """Add 200 ms each way for some seconds: slow answers, no errors but 503, and none that hangs."""
    wire.latency = _LATENCY
    outcome.faults += [
        f"with a slow database: {fault}" for fault in await _watch(base_url, world, 5, (200, 503))
    ]
    wire.latency = 0.0
    await _see_it_whole(base_url, world, outcome, "slowness")


async def _tear(wire: Wire, base_url: str, world: World, outcome: Outcome) -> None:
    """Reset every connection, ten times in a row."""
    for _ in range(10):
        outcome.count("ends reset", wire.tear())
        outcome.faults += [
            f"after a reset: {fault}" for fault in await _watch(base_url, world, 0.3, (200, 503))
        ]
    await _see_it_whole(base_url, world, outcome, "resets")


async def _hold(wire: Wire, base_url: str, world: World, outcome: Outcome) -> None:
    """Let nothing through for HOLE seconds (20): every request ends in time with 503, readiness says so."""
    seconds = bounds.read("HOLE", 20)
    wire.hold()
    outcome.counts["s of black hole"] = seconds
    await asyncio.sleep(_SETTLED)
    faults = await _watch(base_url, world, seconds - _SETTLED, (503,))
    outcome.faults += [f"in the black hole: {fault}" for fault in faults]
    wire.release()
    await _see_it_whole(base_url, world, outcome, "the black hole")


async def _watch(base_url: str, world: World, seconds: float, right: tuple[int, ...]) -> list[str]:
    """Read for some seconds, one after the other and some at once; return what is wrong with the answers."""
    faults: set[str] = set()
    end = time.monotonic() + seconds
    async with httpx2.AsyncClient(base_url=base_url, timeout=30) as http:

        async def ask(path: str) -> None:
            begin = time.monotonic()
            try:
                status = (await http.get(path, headers=sign(world.people[-1].token))).status_code
            except httpx2.HTTPError as error:
                status = 0
                faults.add(f"{path}: {error!r}")
            if status not in right:
                faults.add(f"{path} answered {status}")
            if time.monotonic() - begin > ENDED_WITHIN + _GRACE:
                faults.add(f"{path} took {time.monotonic() - begin:.0f} s")

        while time.monotonic() < end:
            await asyncio.gather(*map(ask, ("/health/ready", f"{API}/ideas", f"{API}/me")))
            await asyncio.sleep(0.05)
    return sorted(faults)


async def _see_it_whole(base_url: str, world: World, outcome: Outcome, what: str) -> None:
    """Wait until reads succeed again, ten times in a row; that it takes too long is a fault."""
    begin = whole = time.monotonic()
    in_a_row = 0
    while in_a_row < 10 and time.monotonic() - begin < 60:
        in_a_row += 1
        if await _watch(base_url, world, 0.01, (200,)):
            in_a_row, whole = 0, time.monotonic()
    outcome.counts[f"s whole after {what}"] = round(whole - begin, 2)
    if whole - begin > ENDED_WITHIN:
        outcome.faults.append(f"whole again only {whole - begin:.0f} s after {what}")


def find_host(url: str) -> tuple[str, int]:
    """Return where a database listens."""
    host, _, port = url.rpartition("@")[2].partition("/")[0].partition(":")
    return host, int(port)
