"""What stands between two sides and does them harm: a courier of requests, and a wire to the database."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum, auto
from urllib.parse import urlsplit

_HANDFUL = 65_536


class Errand(Enum):
    """What a courier does with a request."""

    CARRY = auto()
    LOSE_ANSWER = auto()
    TWICE = auto()
    TWICE_AT_ONCE = auto()


@dataclass
class Courier:
    """Carries requests to a server, one on each connection, as `choose` says; asks for `Connection: close`.

    `lost` holds the first answer that was lost, by idempotency key, `twice` the keys of what was delivered twice;
    `unsure` has path and bearer of what was done to requests without a key; `done` counts the errands.
    """

    base_url: str
    choose: Callable[[bytes], Errand]
    lost: dict[str, bytes] = field(default_factory=dict)
    twice: set[str] = field(default_factory=set)
    unsure: set[tuple[str, str]] = field(default_factory=set)
    done: dict[Errand, int] = field(default_factory=lambda: dict.fromkeys(Errand, 0))
    _step: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def lose(self, number: int, *, within: float) -> None:
        """Wait until the answers to so many requests with a key were lost, but not for ever."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within), self._step:
                await self._step.wait_for(lambda: len(self.lost) >= number)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        try:
            request = await read_request(reader)
            errand = self.choose(request)
            if errand is Errand.TWICE_AT_ONCE:
                answer, _ = await asyncio.gather(self._carry(request), self._carry(request))
            else:
                answer = await self._carry(request)
            if errand is Errand.TWICE:
                await self._carry(request)
            await self._note(errand, request, answer)
            if errand is Errand.LOSE_ANSWER:
                writer.transport.abort()
                return
            writer.write(answer)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            writer.transport.abort()
        finally:
            writer.close()

    async def _note(self, errand: Errand, request: bytes, answer: bytes) -> None:
        key = find_header(request, b"idempotency-key").decode()
        async with self._step:
            self.done[errand] += 1
            if errand is not Errand.CARRY and not key:
                bearer = find_header(request, b"authorization").decode().removeprefix("Bearer ")
                self.unsure.add((request.split(b" ", 2)[1].decode(), bearer))
            if errand is Errand.LOSE_ANSWER and key and answer:
                self.lost.setdefault(key, answer)
            if errand in (Errand.TWICE, Errand.TWICE_AT_ONCE) and key:
                self.twice.add(key)
            self._step.notify_all()

    async def _carry(self, request: bytes) -> bytes:
        address = urlsplit(self.base_url)
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        try:
            writer.write(request)
            return await reader.read(-1)
        finally:
            writer.close()


class Wire:
    """A TCP connection to somewhere that can be slowed (`latency`, in seconds each way), held and torn."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self._ends: set[asyncio.StreamWriter] = set()
        self._open = asyncio.Event()
        self._open.set()
        self.latency = 0.0

    def hold(self) -> None:
        """Let nothing through any more, without a word; connections stay, new ones are taken."""
        self._open.clear()

    def release(self) -> None:
        """Let everything through again, what was held back first."""
        self._open.set()

    def tear(self) -> int:
        """Reset every connection; returns how many ends there were."""
        for end in self._ends:
            end.transport.abort()
        return len(self._ends)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        try:
            there, out = await asyncio.open_connection(self.host, self.port)
        except OSError:
            writer.transport.abort()
            return
        ends = {writer, out}
        self._ends |= ends
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pass_on(reader, out))
                group.create_task(self._pass_on(there, writer))
        finally:
            self._ends -= ends
            for end in ends:
                end.close()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(_HANDFUL):
                await asyncio.sleep(self.latency)
                await self._open.wait()
                writer.write(data)
                await writer.drain()
            await self._open.wait()
        writer.close()


@asynccontextmanager
async def standing(between: Courier | Wire) -> AsyncIterator[int]:
    """Have a proxy listen on a port of the loopback."""
    server = await asyncio.start_server(between.serve, "127.0.0.1", 0)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()


def find_header(request: bytes, name: bytes) -> bytes:
    """Return the value of a header of a request (its name in small letters), empty without one."""
    for line in request.partition(b"\r\n\r\n")[0].split(b"\r\n")[1:]:
        found, _, value = line.partition(b":")
        if found.lower() == name:
            return value.strip()
    return b""


def lose_and_repeat(luck: random.Random, *, lost: float, twice: float) -> Callable[[bytes], Errand]:
    """Return a choice: answers are lost and requests delivered twice, each as often as it says.

    Only what may be repeated is: with a key, or a vote (also at once), or on a version (one after the other).
    """

    def choose(request: bytes) -> Errand:
        line = request.partition(b"\r\n")[0]
        harmless = line.split()[1].endswith(b"/vote") and not line.startswith(b"GET")
        keyed = bool(find_header(request, b"idempotency-key"))
        drawn = luck.random() * (1 if keyed else 2)
        if not (keyed or harmless or find_header(request, b"if-match")) or drawn > lost + twice:
            return Errand.CARRY
        if drawn < lost:
            return Errand.LOSE_ANSWER
        return Errand.TWICE_AT_ONCE if (keyed or harmless) and luck.random() < 0.5 else Errand.TWICE

    return choose


async def read_request(reader: asyncio.StreamReader) -> bytes:
    """Return a whole request, head and body."""
    head = await reader.readuntil(b"\r\n\r\n")
    return head + await reader.readexactly(int(find_header(head, b"content-length") or 0))
