"""Trial: hundreds of slow and idle connections take neither time nor memory from others, and are cut in the end."""

import asyncio
import socket
import statistics
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import httpx2

from app.core import protocol
from tests.chaos import gauges, people, sockets
from tests.chaos.gauges import MIB
from tests.chaos.installation import Installation, Process
from tests.chaos.people import API, sign
from tests.chaos.trials import Outcome

_GROWTH = 100 * MIB
_RATIO = 2.0
_REPEATS, _ROUNDS = 3, 3
_ASKED = 60
_PATIENCE = 30.0
_MARGIN = 25.0
_SETTLED = 4.0
_EACH = {"slow heads": 100, "slow bodies": 60, "slow chunks": 40, "idle": 200, "slow readers": 20}
_ASKING = ("slow heads", "slow bodies", "slow chunks")

Attack = Callable[[str, str, str], Coroutine[None, None, str]]
"""Keeps one connection busy with as little as possible until it is cut, and tells how; gets URL, token, idea."""


async def run(installation: Installation, seed: int) -> Outcome:
    """Ask as everybody does, alone and besieged, in turns; then wait until every slow connection is cut."""
    outcome = Outcome(counts=dict(_EACH))
    async with installation.serving() as server:
        world = await people.look_around(installation, server.base_url)
        token, idea = world.people[0].token, world.ideas[seed % len(world.ideas)]
        await _ask(server, token, idea)
        before = gauges.resident(server.pid)
        gauges.reset_peak(server.pid)
        ratios: list[float] = []
        while len(ratios) < _REPEATS and (not ratios or min(ratios) > _RATIO):
            ratios.append(await _compare(server, token, idea))
        outcome.counts["times the p95 of others, besieged to alone"] = round(min(ratios), 2)
        if min(ratios) > _RATIO:
            outcome.faults.append(
                f"others waited {', '.join(f'{ratio:.1f}' for ratio in ratios)} times as long"
            )
        await _wait_for_the_cut(outcome, server, token, idea)
        grown = gauges.peak(server.pid) - before
        outcome.counts["MiB more at most"] = grown // MIB
        if grown > _GROWTH:
            outcome.faults.append(f"slow connections took {grown // MIB} MiB")
        if not await _ask(server, token, idea):
            outcome.faults.append("the server does not answer any more")
    outcome.faults += await installation.examine()
    return outcome


async def _compare(server: Process, token: str, idea: str) -> float:
    """Return the median of the rounds' ratios of the 95th percentiles, besieged to alone."""
    ratios = []
    for _ in range(_ROUNDS):
        alone = await _ask(server, token, idea)
        async with _besieging(server.base_url, token, idea):
            besieged = await _ask(server, token, idea)
        ratios.append(gauges.quantile(besieged, 0.95) / gauges.quantile(alone, 0.95))
    return statistics.median(ratios)


async def _ask(server: Process, token: str, idea: str) -> list[float]:
    """Look at the feed and vote, one after the other; return the seconds of each."""
    seconds = []
    async with httpx2.AsyncClient(
        base_url=f"{server.base_url}{API}", headers=sign(token), timeout=_PATIENCE
    ) as http:
        for number in range(_ASKED):
            begin = time.monotonic()
            answer = await (http.put(f"/ideas/{idea}/vote") if number % 3 == 2 else http.get("/ideas"))
            seconds.append(time.monotonic() - begin)
            if answer.status_code >= 500:
                raise AssertionError(f"{answer.status_code} for others: {answer.text[:200]}")
    return seconds


async def _wait_for_the_cut(outcome: Outcome, server: Process, token: str, idea: str) -> None:
    """Besiege for as long as a connection may be slow; count how each one ended."""
    within = max(protocol.HEAD_SECONDS, protocol.BODY_SECONDS, protocol.STUCK_SECONDS) + _MARGIN
    async with _besieging(server.base_url, token, idea) as attackers:
        done, pending = await asyncio.wait(attackers, timeout=within)
        ends = Counter(task.result() for task in done)
    outcome.counts |= {f"ended by {end}": number for end, number in sorted(ends.items())}
    if pending:
        names = Counter(task.get_name() for task in pending)
        outcome.faults.append(f"still connected after {within:.0f} s: {dict(names)}")
    # On a machine that has more to do, the database may have had no connection for one of them in time.
    told, asked = ends["408"] + ends["503"], sum(number for name, number in _EACH.items() if name in _ASKING)
    if told < asked:
        outcome.faults.append(f"only {told} of {asked} slow requests were told so")


@asynccontextmanager
async def _besieging(base_url: str, token: str, idea: str) -> AsyncIterator[list[asyncio.Task[str]]]:
    """Have every slow connection open while the block runs."""
    async with AsyncExitStack() as stack:
        tasks: list[asyncio.Task[str]] = [
            asyncio.create_task(_ATTACKS[name](base_url, token, idea), name=name)
            for name, number in _EACH.items()
            for _ in range(number)
        ]
        stack.callback(lambda: [task.cancel() for task in tasks])
        await asyncio.sleep(_SETTLED)
        yield tasks
    await asyncio.gather(*tasks, return_exceptions=True)


async def _drip(base_url: str, request: bytes, whole: int) -> str:
    """Send some bytes at once and then one a second; return the status that ended it."""
    async with sockets.connected(base_url) as connection:
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(connection, request[:whole])
        reading = asyncio.create_task(sockets.read_answer(connection, time.monotonic()))
        try:
            for place in range(whole, len(request)):
                done, _ = await asyncio.wait([reading], timeout=1)
                if done:
                    break
                with suppress(OSError):
                    await loop.sock_sendall(connection, request[place : place + 1])
            return str((await reading).status)
        finally:
            # A read that outlives its socket would fall upon the next one with the same number.
            reading.cancel()
            await asyncio.wait([reading])


async def _send_head(base_url: str, token: str, idea: str) -> str:
    return await _drip(base_url, sockets.head("GET", f"{API}/ideas", token), 0)


async def _send_body(base_url: str, token: str, idea: str) -> str:
    pieces = sockets.post(f"{API}/ideas/{idea}/comments", token, b'{"body":"%s"}' % (b"a" * 500))
    return await _drip(base_url, b"".join(pieces), len(pieces[0]))


async def _send_chunks(base_url: str, token: str, idea: str) -> str:
    pieces = list(sockets.post_chunked(f"{API}/ideas", token, [b" "] * 200))
    return await _drip(base_url, b"".join(pieces), len(pieces[0]))


async def _wait(base_url: str, token: str, idea: str) -> str:
    """Connect and say nothing."""
    async with sockets.connected(base_url) as connection:
        left = await asyncio.get_running_loop().sock_recv(connection, 1)
        return "silence" if not left else "an answer to nothing"


async def _read_slowly(base_url: str, token: str, idea: str) -> str:
    """Ask for many large answers and read a byte a second of them: more than the kernel keeps is left over."""
    async with sockets.connected(base_url, receive_buffer=4096) as connection:
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(connection, sockets.head("GET", "/api/openapi.json") * 40)
        with suppress(OSError):
            while await loop.sock_recv(connection, 1):
                await asyncio.sleep(1)
                if not _is_open(connection):
                    break
        return "reset"


def _is_open(connection: socket.socket) -> bool:
    return connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0


_ATTACKS: dict[str, Attack] = {
    "slow heads": _send_head,
    "slow bodies": _send_body,
    "slow chunks": _send_chunks,
    "idle": _wait,
    "slow readers": _read_slowly,
}
