"""Ten thousand live connections to one process: its memory, and the time until they hear of a vote."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import cast

from app.core import files
from bench import client, ground, processes, routes
from bench.asks import Ask
from bench.figures import Figures
from bench.ground import Reader
from bench.processes import Server
from bench.scene import Scene

LISTENERS = 10_000
OF_ONE = 12
"""Connections of one person, which is as many as are allowed."""

_GROUP = 100
_VOTES = 20
_AT_A_TIME = 100
_SETTLING, _IDLE, _BETWEEN = 3.0, 10.0, 0.3
_PATIENCE = 60.0
_IDEA = b"event: idea"


class _Round:
    """A change that some listeners wait for: when they heard of it, in seconds of one clock."""

    def __init__(self) -> None:
        self.heard: list[float] = []
        self.wanted = 0
        self.done = asyncio.Event()

    def begin(self, wanted: int) -> None:
        self.heard, self.wanted = [], wanted
        self.done.clear()

    def note(self) -> None:
        self.heard.append(time.perf_counter())
        if len(self.heard) == self.wanted:
            self.done.set()


class _Listener(asyncio.Protocol):
    def __init__(self, ask: bytes, now: _Round) -> None:
        self._ask = ask
        self._round = now

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        cast("asyncio.WriteTransport", transport).write(self._ask)

    def data_received(self, data: bytes) -> None:
        for _ in range(data.count(_IDEA)):
            self._round.note()


async def measure_listeners(scene: Scene, figures: Figures) -> None:
    """Have listeners in groups of a hundred, each group with an idea in view, and all of them with one more."""
    place = "" if scene.database else "sqlite."
    files.allow_all()
    if files.limit_connections(LISTENERS) < LISTENERS:
        few = "needs a hard limit of open files (`ulimit -Hn`) of 11,000 or more"
        figures.not_run |= {f"{place}listeners.{key}": few for key in ("memory", "hundred", "all")}
        return
    readers = (await ground.survey(scene.installation, readers=LISTENERS // OF_ONE * 2)).readers
    number = min(LISTENERS, len(readers) * OF_ONE)
    # Looked for anew: what was measured before has voted, and a vote that is there already changes nothing.
    now = await ground.survey(scene.installation)
    *ideas, everybodys = now.votable[: number // _GROUP + 1]
    asks = [
        Ask(
            "GET",
            "/events",
            readers[one % len(readers)].token,
            f"ideas={ideas[one % len(ideas)]},{everybodys}",
        )
        for one in range(number)
    ]
    heard = _Round()
    with _serving(scene) as server:
        await client.fetch(server.port, routes.ask_feed(readers[0]))
        alone = processes.read_memory(server.pid)
        connections = await _connect(server, asks, heard, figures, engine=scene.installation.engine)
        await asyncio.sleep(_SETTLING)
        full, cpu = processes.read_memory(server.pid), processes.read_cpu(server.pid)
        await asyncio.sleep(_IDLE)
        idle = processes.read_cpu(server.pid) - cpu
        figures.note(f"{place}listeners.memory", [full])
        hundred = [await _vote(server.port, now.readers[0], idea, heard, _GROUP) for idea in ideas[:_VOTES]]
        everybody = [await _vote(server.port, voter, everybodys, heard, number) for voter in now.readers[1:6]]
        figures.note(f"{place}listeners.hundred", [_find_share(times, 0.99) for times in hundred])
        figures.note(f"{place}listeners.all", [_find_share(times, 0.99) for times in everybody])
        figures.remarks.append(
            f"{scene.installation.engine}: {number:,} idle listeners: {full:.0f} MiB, "
            f"{(full - alone) * 1024 / number:.1f} KiB each, {idle / _IDLE * 100:.0f} % of a core; a vote reaches "
            f"{_GROUP} of them with {_describe(hundred)}, all of them with {_describe(everybody)}; "
            f"{processes.read_memory(server.pid):.0f} MiB afterwards."
        )
        for connection in connections:
            connection.abort()


def _serving(scene: Scene) -> AbstractContextManager[Server]:
    """Have a server that has answered little yet; on SQLite there is one alone."""
    return processes.serving_ideabox(scene.installation) if scene.database else nullcontext(scene.ours)


async def _connect(
    server: Server, asks: Sequence[Ask], heard: _Round, figures: Figures, *, engine: str
) -> list[asyncio.Transport]:
    """Connect all, some at a time, and wait until each knows where its two ideas stand."""
    loop = asyncio.get_running_loop()
    began, cpu = time.perf_counter(), processes.read_cpu(server.pid)
    connections: list[asyncio.Transport] = []
    for start in range(0, len(asks), _AT_A_TIME):
        few = asks[start : start + _AT_A_TIME]
        heard.begin(2 * len(few))
        made = await asyncio.gather(
            *(
                loop.create_connection(
                    lambda ask=ask: _Listener(ask.encode(), heard),  # type: ignore[misc]
                    "127.0.0.1",
                    server.port,
                )
                for ask in few
            )
        )
        connections += [transport for transport, _ in made]
        await asyncio.wait_for(heard.done.wait(), _PATIENCE)
    took, used = time.perf_counter() - began, processes.read_cpu(server.pid) - cpu
    figures.remarks.append(
        f"{engine}: {len(asks):,} listeners came in {took:.1f} s, "
        f"{used * 1000 / len(asks):.2f} ms of processor time each."
    )
    return connections


async def _vote(port: int, voter: Reader, idea_id: str, heard: _Round, listeners: int) -> list[float]:
    """Vote, and return the sorted seconds from sending the vote to each listener's hearing of it."""
    heard.begin(listeners)
    began = time.perf_counter()
    await client.fetch(port, routes.ask_vote(voter, idea_id))
    await asyncio.wait_for(heard.done.wait(), _PATIENCE)
    await asyncio.sleep(_BETWEEN)
    return sorted(moment - began for moment in heard.heard)


def _find_share(times: Sequence[float], share: float) -> float:
    """Return the time within which a share heard, in milliseconds."""
    return times[min(len(times) - 1, int(share * len(times)))] * 1000


def _describe(rounds: Sequence[Sequence[float]]) -> str:
    times = sorted(moment for each in rounds for moment in each)
    return f"p50 {_find_share(times, 0.5):.0f} ms and p99 {_find_share(times, 0.99):.0f} ms"
