"""A closed-loop load generator that costs little: requests written beforehand, one under way per connection."""

import asyncio
import gc
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import cast

from bench.asks import Ask, WrongAnswer

_LENGTH = b"content-length: "
_END = b"\r\n\r\n"
_STATUS = slice(9, 12)
_NO_BODY = (b"304", b"204")


@dataclass(frozen=True, slots=True)
class Load:
    """What a run saw: requests in its window, the window's seconds, and sorted times of answers in seconds."""

    requests: int
    seconds: float
    times: list[float]

    @property
    def rate(self) -> float:
        """Requests per second."""
        return self.requests / self.seconds

    def percentile(self, share: float) -> float:
        """Return the time within which a share of the answers came, in milliseconds."""
        if not self.times:
            return 0.0
        return self.times[min(len(self.times) - 1, int(share * len(self.times)))] * 1000


@dataclass
class _Run:
    """What the connections of a run have in common; times count from `begin` to `end`."""

    status: bytes
    left: int
    begin: float = float("inf")
    end: float = float("inf")
    times: list[float] = field(default_factory=list)
    answered: int = 0
    over: asyncio.Event = field(default_factory=asyncio.Event)
    quiet: asyncio.Event = field(default_factory=asyncio.Event)
    fault: str = ""

    def finish(self, fault: str = "") -> None:
        """Count a connection that is done; the last one, or one that failed, ends the run."""
        self.fault = self.fault or fault
        self.left -= 1
        if self.left == 0 or fault:
            self.over.set()
            self.quiet.set()


class _Connection(asyncio.Protocol):
    def __init__(self, asks: Iterator[bytes], run: _Run) -> None:
        self._asks = asks
        self._run = run
        self._buffer = b""
        self._needed = 0
        self._sent = 0.0
        self._transport: asyncio.WriteTransport
        self._done = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)

    def send(self) -> None:
        ask = next(self._asks, None)
        if ask is None:
            self._stop()
            return
        self._sent = time.perf_counter()
        self._transport.write(ask)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._needed:
            head = self._buffer.find(_END)
            if head < 0:
                return
            self._needed = head + len(_END) + self._find_length(head)
        if len(self._buffer) >= self._needed:
            self._note()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._done:
            self._stop(f"the server closed a connection: {exc}")

    def _find_length(self, head: int) -> int:
        at = self._buffer.find(_LENGTH, 0, head)
        if at < 0:
            return 0
        return int(self._buffer[at + len(_LENGTH) : self._buffer.find(b"\r\n", at)])

    def _note(self) -> None:
        now = time.perf_counter()
        run = self._run
        if self._buffer[_STATUS] != run.status:
            self._stop(self._buffer[:600].decode(errors="replace"))
            return
        run.answered += 1
        if run.begin <= now < run.end:
            run.times.append(now - self._sent)
        self._buffer, self._needed = b"", 0
        if now < run.end:
            self.send()
        else:
            self._stop()

    def _stop(self, fault: str = "") -> None:
        if not self._done:
            self._done = True
            self._transport.close()
            self._run.finish(fault)


def repeat(asks: Iterable[Ask]) -> Iterator[bytes]:
    """Write requests down once, and give them over and over."""
    written = [ask.encode() for ask in asks]
    while True:
        yield from written


def write(asks: Iterable[Ask]) -> Iterator[bytes]:
    """Write requests down as they are needed, each once."""
    return (ask.encode() for ask in asks)


async def drive(
    port: int,
    streams: list[Iterator[bytes]],
    *,
    seconds: float,
    warm: float = 0.5,
    status: int = 200,
    on_window: Callable[[], None] = lambda: None,
) -> Load:
    """Keep a connection busy with each of the streams, and measure after a warm-up.

    `on_window` is called when the window opens and when it closes. A stream that ends closes its connection.

    Raises: WrongAnswer when an answer has another status.
    """
    loop = asyncio.get_running_loop()
    run = _Run(str(status).encode(), len(streams))
    connections = []
    for stream in streams:
        _, connection = await loop.create_connection(lambda s=stream: _Connection(s, run), "127.0.0.1", port)  # type: ignore[misc]
        connections.append(connection)
    gc.collect()
    gc.disable()
    try:
        for connection in connections:
            connection.send()
        await asyncio.sleep(warm)
        on_window()
        run.begin = time.perf_counter()
        limit = run.begin + seconds
        loop.call_later(seconds, run.over.set)
        await run.over.wait()
        run.end = min(limit, time.perf_counter())
        on_window()
    finally:
        gc.enable()
    await run.quiet.wait()
    if run.fault:
        raise WrongAnswer(run.fault)
    return Load(len(run.times), run.end - run.begin, sorted(run.times))
