"""Sending one request over a socket, for what is looked at and not timed."""

import asyncio
from dataclasses import replace

from bench.asks import Ask, Reply, WrongAnswer


async def fetch(port: int, ask: Ask) -> Reply:
    """Send a request over a connection of its own and return the answer.

    Raises: WrongAnswer when it has another status than the one that is measured.
    """
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(ask.encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {
            name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)
        }
        reply = Reply(int(head[0].split()[1]), headers, b"")
        reply.body = await reader.readexactly(int(headers.get("content-length", 0)))
    finally:
        writer.close()
    if reply.status != ask.status:
        raise WrongAnswer(f"{ask.method} {ask.path}: {reply.status} {reply.body[:300]!r}")
    return reply


async def remember(port: int, ask: Ask) -> Ask:
    """Return a request that is answered with 304 as long as nothing changes."""
    reply = await fetch(port, ask)
    return replace(ask, etag=reply.headers["etag"], status=304)
