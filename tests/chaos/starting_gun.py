"""The starting gun: requests that are written but for their last byte, and released together."""

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_PATIENCE = 90.0
_LOADED = 0.004
"""Seconds between the last of the beginnings and the first of the ends: the server has read all beginnings."""

_STALE = 15.0
"""Seconds after which an idle connection is not trusted any more; the server closes one after 30."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A request of somebody; `body` is sent as JSON, or as it is when it is bytes."""

    method: str
    path: str
    token: str | None = None
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def write(self) -> bytes:
        """Return the request as it goes over the wire."""
        lines = [f"{self.method} /api/v1{self.path} HTTP/1.1", "Host: race"]
        if self.token is not None:
            lines.append(f"Authorization: Bearer {self.token}")
        content = b""
        if self.body is not None:
            content = self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()
            if "Content-Type" not in self.headers:
                lines.append("Content-Type: application/json")
            lines.append(f"Content-Length: {len(content)}")
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return "\r\n".join([*lines, "", ""]).encode() + content


@dataclass(frozen=True, slots=True)
class Hit:
    """An answer; `status` is 0 when none came."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def json(self) -> Any:
        """Return the body as JSON."""
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The code of a problem document, empty without one."""
        if self.headers.get("content-type") != "application/problem+json":
            return ""
        return str(self.json()["code"])


class Lane:
    """One connection that is kept alive."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.used_at = time.monotonic()
        self._last = b""

    @property
    def fresh(self) -> bool:
        """Whether the other side very likely still listens."""
        idle = time.monotonic() - self.used_at
        return idle < _STALE and not self.reader.at_eof() and not self.writer.is_closing()

    async def load(self, shot: Shot) -> None:
        """Send a request but for its last byte."""
        content = shot.write()
        self._last = content[-1:]
        self.writer.write(content[:-1])
        await self.writer.drain()

    def release(self) -> None:
        """Send the last byte."""
        self.writer.write(self._last)

    async def receive(self) -> Hit:
        """Return the answer, with status 0 when the connection broke or nothing came in time."""
        try:
            async with asyncio.timeout(_PATIENCE):
                hit = await self._read()
        except (TimeoutError, OSError, asyncio.IncompleteReadError):
            self.writer.close()
            return Hit(0)
        self.used_at = time.monotonic()
        return hit

    async def _read(self) -> Hit:
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").splitlines()
        status = int(head[0].split()[1])
        fields = (line.partition(":") for line in head[1:] if line)
        headers = {name.strip().lower(): value.strip() for name, _, value in fields}
        length = int(headers.get("content-length", 0))
        body = await self.reader.readexactly(length) if length else b""
        if headers.get("connection") == "close":
            self.writer.close()
        return Hit(status, headers, body)


class Gun:
    """Connections to one address or several, by turns: the n-th request goes to the n-th address."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses
        self._lanes: dict[int, Lane] = {}

    async def fire(self, shots: Sequence[Shot], loaded: float = _LOADED) -> list[Hit]:
        """Send requests so that the server has all of them but the last bytes, then the last bytes at once.

        `loaded` is the pause before them, in seconds. Answers stand in the order of the requests.
        """
        lanes = await asyncio.gather(*(self._open(number) for number in range(len(shots))))
        await asyncio.gather(*(lane.load(shot) for lane, shot in zip(lanes, shots, strict=True)))
        if len(shots) > 1:
            await asyncio.sleep(loaded)
        for lane in lanes:
            lane.release()
        return list(await asyncio.gather(*(lane.receive() for lane in lanes)))

    async def ask(self, shot: Shot) -> Hit:
        """Send one request."""
        return (await self.fire([shot]))[0]

    async def close(self) -> None:
        """Close every connection."""
        for lane in self._lanes.values():
            lane.writer.close()
        self._lanes.clear()

    async def _open(self, number: int) -> Lane:
        lane = self._lanes.get(number)
        if lane is None or not lane.fresh:
            if lane is not None:
                lane.writer.close()
            address = self.addresses[number % len(self.addresses)].removeprefix("http://")
            host, _, port = address.partition(":")
            lane = self._lanes[number] = Lane(*await asyncio.open_connection(host, int(port)))
        return lane
