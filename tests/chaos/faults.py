"""Trial: the n-th write or sync of the server fails, for n after n; nothing acknowledged is lost, nothing is half.

Needs strace (`apt-get install strace` on Debian) and the right to trace.
"""

import asyncio
import contextlib
import random
import re
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2

from tests.chaos import audits, bounds, healing, people, records
from tests.chaos.installation import Installation, Process, free_port
from tests.chaos.journal import Journal
from tests.chaos.kill import describe
from tests.chaos.people import API, sign
from tests.chaos.trials import Outcome
from tests.chaos.writers import Writer, writing

CALLS = ("pwrite64", "fdatasync", "fsync")
ERRORS = ("EIO", "ENOSPC")
_MOST = 50
_BETWEEN_KILLS = 5
_WITHIN = 3.0
_ATTACHED_WITHIN = 10.0
_LOOK = 0.05
_HEALED_WITHIN, _HOPELESS = 10.0, 30.0
_INJECTED = re.compile(r"(\w+)\(.*\(INJECTED\)")
_ATTACHED = "attached"


class NotPermitted(Exception):
    """The machine does not let this process trace another."""


async def run(installation: Installation, seed: int) -> Outcome:
    """Let the n-th call fail for n up to FAULTS (50) with each error; kill -9 and restart every few times."""
    outcome, journal, luck, limit = Outcome(), Journal(), random.Random(seed), bounds.Limit()
    if shutil.which("strace") is None:
        return Outcome(not_run="there is no strace here")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    try:
        async with installation.serving(port=port) as server:
            await _check_permission(installation, server)
            world = await people.look_around(installation, url)
        before = records.read(installation)
        turns = [(error, number) for number in range(1, bounds.read("FAULTS", _MOST) + 1) for error in ERRORS]
        async with writing(world, journal, lambda: url, seed=seed) as writers:
            voter = healing.choose_voter(writers, world)
            while turns and not limit.is_over():
                await _live_once(outcome, installation, voter, turns[:_BETWEEN_KILLS], port, luck)
                del turns[:_BETWEEN_KILLS]
        async with installation.serving(port=port):
            outcome.faults += await audits.audit(installation, url, world, before, journal)
    except NotPermitted as error:
        return Outcome(not_run=f"tracing is not permitted here: {error}")
    outcome.counts["turns left out"] = len(turns)
    outcome.counts |= describe(journal)
    return outcome


async def _live_once(
    outcome: Outcome,
    installation: Installation,
    voter: Writer,
    turns: list[tuple[str, int]],
    port: int,
    luck: random.Random,
) -> None:
    """Have a server meet some faults, one after the other; kill it in the end."""
    async with installation.serving(port=port) as server:
        for error, number in turns:
            calls = luck.choice([CALLS, *((call,) for call in CALLS[:2])])
            async with _injecting(
                server, calls, error, f"{number}..{number}", installation.directory
            ) as trace:
                await _wait_for_fault(server, trace)
                await _read(outcome, server, voter, f"{error} in {'/'.join(calls)} number {number}")
            for call in _list_injected(trace):
                outcome.count(f"{error} in {call}")
            if server.process.returncode is not None:
                outcome.count("clean exits" if server.process.returncode >= 0 else "crashes")
                if server.process.returncode < 0:
                    outcome.faults.append(f"{error}, {number}: ended by signal {-server.process.returncode}")
                return
            if (seconds := await healing.heal(voter, _HOPELESS)) >= _HEALED_WITHIN:
                outcome.faults.append(f"writes came back only {seconds:.1f} s after {error} number {number}")
    outcome.count("kills")


async def _wait_for_fault(server: Process, trace: Path) -> None:
    """Wait until a call was made to fail, for some seconds, or until the server has ended."""
    for _ in range(round(_WITHIN / _LOOK)):
        if _list_injected(trace) or server.process.returncode is not None:
            return
        await asyncio.sleep(_LOOK)


async def _read(outcome: Outcome, server: Process, voter: Writer, told: str) -> None:
    if server.process.returncode is not None:
        return
    async with httpx2.AsyncClient(base_url=f"{server.base_url}{API}", timeout=20) as http:
        answer = await http.get("/ideas", headers=sign(voter.hand.person.token))
    outcome.count("reads")
    if answer.status_code != 200:
        outcome.faults.append(f"a read answered {answer.status_code} at {told}")


@asynccontextmanager
async def _injecting(
    server: Process, calls: tuple[str, ...], error: str, when: str, directory: Path
) -> AsyncIterator[Path]:
    """Trace every thread of the server while the block runs, each with its own count of calls; gives the trace.

    Raises: NotPermitted.
    """
    trace = directory / "trace"
    trace.unlink(missing_ok=True)
    names = ",".join(calls)
    tracer = await asyncio.create_subprocess_exec(
        *("strace", "-f", "-o", str(trace), "-p", str(server.pid)),
        *("-e", f"trace={names}", "-e", "signal=none", "-e", f"inject={names}:error={error}:when={when}"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    told = tracer.stderr
    assert told is not None
    try:
        async with asyncio.timeout(_ATTACHED_WITHIN):
            line = (await told.readline()).decode()
        if _ATTACHED not in line:
            raise NotPermitted(line.strip())
        yield trace
    finally:
        if tracer.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                tracer.send_signal(signal.SIGINT)
        await tracer.communicate()


def _list_injected(trace: Path) -> list[str]:
    """Return the calls that were made to fail so far."""
    if not trace.exists():
        return []
    return _INJECTED.findall(trace.read_text(encoding="utf-8", errors="replace"))


async def _check_permission(installation: Installation, server: Process) -> None:
    async with _injecting(server, CALLS, "EIO", "65535", installation.directory):
        return
