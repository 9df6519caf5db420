"""Synced before acknowledged: the system calls of a server on SQLite, between each request and its answer."""

import asyncio
import random
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2

from tests.chaos import acts, bounds, people
from tests.chaos.acts import Hand
from tests.chaos.installation import Installation, Process
from tests.chaos.people import API, World, sign
from tests.chaos.trials import Outcome

_CALLS = "fsync,fdatasync,recvfrom,read,readv,recvmsg,sendto,write,writev,sendmsg"
_ATTACHED_WITHIN = 15.0
_PART = re.compile(r"(?P<pid>\d+)\s+(?:<\.\.\. (?P<resumed>\w+) resumed>|(?P<call>\w+)\()")


async def run(installation: Installation, seed: int) -> Outcome:
    """Make SYNCS writes (60), one after the other, and look for a sync of the log within each."""
    outcome = Outcome()
    if shutil.which("strace") is None:
        return Outcome(not_run="there is no strace")
    trace = installation.directory / "trace"
    async with installation.serving() as server:
        world = await people.look_around(installation, server.base_url)
        async with _traced(server, trace) as attached:
            if not attached:
                said = trace.with_suffix(".said").read_text(encoding="utf-8")
                return Outcome(not_run=f"this machine allows no tracing: {said[-200:]}")
            names = await _write(server.base_url, world, seed, bounds.read("SYNCS", 60))
    lines = trace.read_text(encoding="utf-8", errors="replace").splitlines()
    for name, changed in names.items():
        synced = is_synced(lines, name)
        outcome.count("acknowledged writes traced" if changed else "answers without a change")
        if changed and synced is not True:
            why = "before it was synced" if synced is False else "and the trace does not show it"
            outcome.faults.append(f"{name} was acknowledged {why}")
    return outcome


def is_synced(lines: list[str], name: str) -> bool | None:
    """Tell whether a sync of the write-ahead log was completed between a request and its answer.

    `name` stands in both, as X-Request-Id. None when the trace lacks one of them.
    """
    asked = next((at for at, line in enumerate(lines) if name in line), None)
    answered = next((at for at, line in enumerate(lines) if name in line and "HTTP/1.1 2" in line), None)
    if asked is None or answered is None or answered == asked:
        return None
    under_way: dict[str, str] = {}
    for line in lines[asked:answered]:
        part = _PART.match(line)
        if part is None or "sync" not in line:
            continue
        if "<unfinished" in line:
            under_way[part["pid"]] = line
        elif line.endswith("= 0") and "-wal" in (under_way.get(part["pid"], "") if part["resumed"] else line):
            return True
    return False


async def _write(base_url: str, world: World, seed: int, number: int) -> dict[str, bool]:
    """Write something different each time; return the name of each request that was acknowledged.

    The value tells whether it changed anything for sure: the vote of the first turn may have stood before.
    """
    luck = random.Random(seed)
    voter, names, casts = luck.choice(world.people), {}, True
    async with httpx2.AsyncClient(base_url=base_url, timeout=60) as http:
        for turn in range(number):
            person = voter if turn % 3 == 0 else luck.choice(world.people)
            write = [acts.vote, acts.comment, acts.submit][turn % 3](Hand(person, world, luck, number=turn))
            if write is None:
                continue
            if turn % 3 == 0:
                write.method, write.path = "PUT" if casts else "DELETE", f"/ideas/{world.ideas[-1]}/vote"
                casts = not casts
            name = f"traced-{seed}-{turn:04d}"
            headers = {**sign(person.token), **write.headers, "X-Request-Id": name}
            answer = await http.request(write.method, API + write.path, json=write.body, headers=headers)
            if answer.is_success:
                names[name] = turn > 0
    return names


@asynccontextmanager
async def _traced(server: Process, trace: Path) -> AsyncIterator[bool]:
    """Have a tracer look on; gives whether it may."""
    with trace.with_suffix(".said").open("w") as said:
        tracer = await asyncio.create_subprocess_exec(
            *("strace", "-f", "-y", "-s", "4096", "-e", f"trace={_CALLS}", "-o", str(trace)),
            *("-p", str(server.pid)),
            stderr=said,
        )
        try:
            yield await _is_attached(tracer, trace.with_suffix(".said"))
        finally:
            if tracer.returncode is None:
                tracer.terminate()
            await tracer.wait()


async def _is_attached(tracer: asyncio.subprocess.Process, said: Path) -> bool:
    for _ in range(int(_ATTACHED_WITHIN / 0.1)):
        if tracer.returncode is not None:
            return False
        if _has_said(said, "attached"):
            return True
        await asyncio.sleep(0.1)
    return False


def _has_said(said: Path, word: str) -> bool:
    return word in said.read_text(encoding="utf-8")
