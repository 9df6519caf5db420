"""Requests that are measured: written once, sent over a socket or handed to an application in this process."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass
from typing import Any

Message = MutableMapping[str, Any]
Application = Callable[[Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Any]
API = "/api/v1"


class WrongAnswer(Exception):
    """A server gave another status than the one that is measured."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A request; `path` begins below the API, `status` is the only answer that counts as one."""

    method: str
    path: str
    token: str = ""
    query: str = ""
    body: bytes = b""
    kind: str = "application/json"
    etag: str = ""
    status: int = 200

    def list_headers(self) -> list[tuple[bytes, bytes]]:
        """Return the headers as a client sends them."""
        headers = [(b"host", b"bench"), (b"accept", b"application/json")]
        if self.token:
            headers.append((b"authorization", b"Bearer " + self.token.encode()))
        if self.etag:
            headers.append((b"if-none-match", self.etag.encode()))
        if self.body:
            headers.append((b"content-type", self.kind.encode()))
        if self.body or self.method in {"POST", "PUT"}:
            headers.append((b"content-length", str(len(self.body)).encode()))
        return headers

    def encode(self) -> bytes:
        """Return the request as it goes over a socket."""
        target = f"{API}{self.path}" + (f"?{self.query}" if self.query else "")
        lines = [f"{self.method} {target} HTTP/1.1".encode()]
        lines += [name + b": " + value for name, value in self.list_headers()]
        return b"\r\n".join(lines) + b"\r\n\r\n" + self.body

    def describe_scope(self) -> Message:
        """Return what a server tells an application of the request."""
        path = API + self.path
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "server": ("127.0.0.1", 80),
            "client": ("127.0.0.1", 50000),
            "scheme": "http",
            "method": self.method,
            "root_path": "",
            "path": path,
            "raw_path": path.encode(),
            "query_string": self.query.encode(),
            "headers": self.list_headers(),
            "state": {},
        }


@dataclass(slots=True)
class Reply:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


async def hand_over(app: Application, ask: Ask) -> Reply:
    """Have an application answer in this process, without a socket.

    Raises: WrongAnswer.
    """
    reply = Reply(0, {}, b"")
    pending: list[Message] = [{"type": "http.request", "body": ask.body, "more_body": False}]

    async def receive() -> Message:
        return pending.pop() if pending else await asyncio.Future()

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            reply.status = message["status"]
            reply.headers = {name.decode().lower(): value.decode() for name, value in message["headers"]}
        else:
            reply.body += message.get("body", b"")

    await app(ask.describe_scope(), receive, send)
    if reply.status != ask.status:
        message = f"{ask.method} {ask.path}: {reply.status} {reply.body[:300]!r}"
        raise WrongAnswer(message)
    return reply


async def hand_over_all(app: Application, asks: Iterable[Ask]) -> None:
    """Have an application answer one request after the other.

    Raises: WrongAnswer.
    """
    for ask in asks:
        await hand_over(app, ask)
