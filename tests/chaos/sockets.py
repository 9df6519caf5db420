"""Requests byte by byte, as no client library sends them: huge, slow, broken."""

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

_PIECE = 262_144
_MAX_HEAD = 1_048_576


@dataclass(frozen=True)
class Answer:
    """What came back; `status` is 0 when the connection ended without an answer."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float

    @property
    def problem(self) -> dict[str, Any] | None:
        """Return the problem document, None when it is no sound one of its status."""
        if self.headers.get("content-type") != "application/problem+json":
            return None
        try:
            document: dict[str, Any] = json.loads(self.body)
        except ValueError:
            return None
        return document if document.get("status") == self.status and document.get("code") else None


NOTHING = Answer(0, {}, b"", 0.0)


@asynccontextmanager
async def connected(base_url: str, *, receive_buffer: int = 0) -> AsyncIterator[socket.socket]:
    """Have a connection; a small `receive_buffer` (bytes) makes a reader that takes little at a time."""
    address = urlsplit(base_url)
    with socket.socket() as connection:
        if receive_buffer:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        connection.setblocking(False)
        await asyncio.get_running_loop().sock_connect(connection, (address.hostname, address.port))
        yield connection


async def ask(base_url: str, pieces: Iterable[bytes], *, within: float = 30.0) -> Answer:
    """Send the pieces as far as the server takes them, reading meanwhile; return the first answer."""
    async with connected(base_url) as connection:
        sending = asyncio.create_task(_send_all(connection, pieces))
        begin = time.monotonic()
        try:
            async with asyncio.timeout(within):
                return await read_answer(connection, begin)
        except TimeoutError:
            return NOTHING
        finally:
            sending.cancel()
            with suppress(asyncio.CancelledError):
                await sending


async def _send_all(connection: socket.socket, pieces: Iterable[bytes]) -> None:
    loop = asyncio.get_running_loop()
    with suppress(OSError):
        for piece in pieces:
            await loop.sock_sendall(connection, piece)


async def read_answer(connection: socket.socket, begin: float) -> Answer:
    """Read one answer; `begin` is the monotonic moment from which its seconds count."""
    read = b""
    while b"\r\n\r\n" not in read and len(read) < _MAX_HEAD:
        piece = await _receive(connection)
        if not piece:
            return NOTHING
        read += piece
    head, _, body = read.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    length = int(headers.get("content-length", "0"))
    while len(body) < length and (piece := await _receive(connection)):
        body += piece
    return Answer(int(first.split()[1]), headers, body, time.monotonic() - begin)


async def _receive(connection: socket.socket) -> bytes:
    try:
        return await asyncio.get_running_loop().sock_recv(connection, _PIECE)
    except OSError:
        return b""


def head(method: str, target: str, token: str = "", **headers: str | int) -> bytes:
    """Write a request's first line and headers; `_` in names stands for `-`."""
    lines = [f"{method} {target} HTTP/1.1", "Host: ideabox.example"]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def post(
    target: str, token: str, body: bytes, media_type: str = "application/json", **headers: str
) -> list[bytes]:
    """Write a request with a body of declared length, in pieces."""
    kind: dict[str, str | int] = {"Content_Type": media_type, "Content_Length": len(body), **headers}
    return [
        head("POST", target, token, **kind),
        *(body[at : at + _PIECE] for at in range(0, len(body), _PIECE)),
    ]


def post_chunked(
    target: str, token: str, pieces: Iterable[bytes], media_type: str = "application/json"
) -> Iterable[bytes]:
    """Write a request whose body comes in chunks and never says its length."""
    yield head("POST", target, token, Content_Type=media_type, Transfer_Encoding="chunked")
    for piece in pieces:
        yield f"{len(piece):x}\r\n".encode() + piece + b"\r\n"
    yield b"0\r\n\r\n"
