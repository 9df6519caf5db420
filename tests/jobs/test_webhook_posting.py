"""Webhooks leave through the guard for a receiver on the network, and none of its tricks delays another."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from fastapi import FastAPI

from app.core.config import Settings
from app.core.db import Database
from app.integrations.frontier import Frontier
from app.integrations.outbound import Guard
from app.jobs.webhook_posting import list_drains, open_outlet
from app.services import webhook_posting
from tests.chaos.sinks import receiving_webhooks
from tests.support.client import Client
from tests.support.world import Cast

Speak = Callable[[str], Client]


@asynccontextmanager
async def guarded(settings: Settings) -> AsyncIterator[Guard]:
    guard = Guard(settings)
    try:
        yield guard
    finally:
        await guard.close()


@asynccontextmanager
async def answering(answer: bytes) -> AsyncIterator[str]:
    """Have something on the loopback answer whatever comes; with nothing, never."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        if not answer:
            await reader.read()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    finally:
        server.close()


@pytest.fixture
def allowing(app: FastAPI) -> Settings:
    """The settings of an installation that may call this machine."""
    wiring = app.state.wiring
    settings: Settings = wiring.settings.model_copy(update={"outbound_allow": ["127.0.0.0/8"]})
    app.state.wiring = replace(wiring, settings=settings, frontier=Frontier(settings, looks=1))
    return settings


async def press(speak: Speak, url: str) -> tuple[str, str]:
    """Add a webhook and press its test button; returns its path and its secret."""
    made = await speak("Ian").post("/webhooks", {"url": url, "kinds": ["ideas.submitted"]})
    await speak("Ian").post(f"/webhooks/{made['id']}/tests")
    return f"/webhooks/{made['id']}", made["secret"]


async def read_end(speak: Speak, path: str) -> tuple[str, int | None, str | None]:
    [item] = (await speak("Ian").get(f"{path}/deliveries"))["items"]
    return item["state"], item["status"], item["failure"]


async def test_a_receiver_on_the_network_verifies_what_it_takes_while_others_play_tricks(
    speak: Speak,
    cast: Cast,
    database: Database,
    allowing: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(webhook_posting, "GRACE", 3.0)
    endless = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + b"x" * 200_000
    moved = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
    async with (
        receiving_webhooks() as (hook, port),
        answering(b"") as silent,
        answering(endless) as bomb,
        answering(moved) as elsewhere,
        answering(b"SSH-2.0-OpenSSH\r\n") as other,
        guarded(allowing) as guard,
    ):
        ends = {name: (await press(speak, url))[0] for name, url in (("silent", silent), ("bomb", bomb))}
        ends |= {name: (await press(speak, url))[0] for name, url in (("moved", elsewhere), ("other", other))}
        ends["sound"], hook.secret = await press(speak, f"http://127.0.0.1:{port}/x")
        outlet = open_outlet(allowing, call=guard.post)
        drain = list_drains(database, outlet)["webhooks.send"]
        async with asyncio.timeout(30):
            assert await drain() == 5
            assert await drain() == 0
        assert hook.faults == []
        [(_, said, _)] = hook.taken
        assert said["type"] == "webhooks.tested"
        assert {name: await read_end(speak, path) for name, path in ends.items()} == {
            "sound": ("sent", 204, None),
            "silent": ("claimed", None, None),
            "bomb": ("sent", 200, None),
            "moved": ("waiting", 302, "status"),
            "other": ("waiting", None, "unreachable"),
        }
        await outlet.close()
        assert not outlet.under_way


async def test_what_leads_inside_is_refused_when_it_is_sent_too(
    speak: Speak, cast: Cast, database: Database, allowing: Settings, settings: Settings
) -> None:
    """As it was allowed when it was added, or was a name that led elsewhere then."""
    async with receiving_webhooks() as (hook, port), guarded(settings) as guard:
        path, hook.secret = await press(speak, f"http://127.0.0.1:{port}/x")
        drain = list_drains(database, open_outlet(settings, call=guard.post))["webhooks.send"]
        assert await drain() == 1
        assert (hook.taken, hook.faults) == ([], [])
        assert await read_end(speak, path) == ("waiting", None, "unreachable")
