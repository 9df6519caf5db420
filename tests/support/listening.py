"""Listening to live updates without a socket: the application is driven as a server would."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI

PATIENCE = 10.0


@dataclass
class Ear:
    """One connection: its status, its headers, and what came; `deaf` clients take nothing more."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    text: str = ""
    ended: bool = False
    state: dict[str, Any] = field(default_factory=dict)
    hears: asyncio.Event = field(default_factory=asyncio.Event)
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    news: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def events(self) -> list[dict[str, str]]:
        """The events that came, as fields by name; comments and what is only a position left out."""
        blocks = [block.split("\n") for block in self.text.split("\n\n")]
        read = [dict(line.split(": ", 1) for line in block if line and line[0] != ":") for block in blocks]
        return [fields for fields in read if "event" in fields]

    def names(self) -> list[str]:
        """Return the names of the events that came."""
        return [event["event"] for event in self.events]

    async def until(self, wanted: str) -> str:
        """Wait until a text has come, and return everything."""
        async with asyncio.timeout(PATIENCE), self.news:
            await self.news.wait_for(lambda: wanted in self.text)
        return self.text

    async def over(self) -> None:
        """Wait for the end."""
        async with asyncio.timeout(PATIENCE), self.news:
            await self.news.wait_for(lambda: self.ended)

    async def receive(self) -> dict[str, Any]:
        """Be the client's side of the request: an empty body, then nothing until it leaves."""
        if "asked" not in self.state:
            self.state["asked"] = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        """Take a piece of the answer, once the client hears."""
        await self.hears.wait()
        async with self.news:
            if message["type"] == "http.response.start":
                self.status = message["status"]
                self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            else:
                self.text += message.get("body", b"").decode()
                self.ended = not message.get("more_body", False)
            self.news.notify_all()


@asynccontextmanager
async def listening(app: FastAPI, token: str, query: str = "", **headers: str) -> AsyncIterator[Ear]:
    """Have a connection to `GET /events`; it is left in the end."""
    ear = Ear()
    ear.hears.set()
    named = {
        "authorization": f"Bearer {token}",
        **{name.replace("_", "-").lower(): text for name, text in headers.items()},
    }
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/api/v1/events",
        "raw_path": b"/api/v1/events",
        "query_string": query.encode(),
        "root_path": "",
        "scheme": "http",
        "http_version": "1.1",
        "server": ("testserver", 80),
        "client": ("127.0.0.1", 1),
        "headers": [(name.encode(), text.encode()) for name, text in named.items()],
        "state": ear.state,
    }
    task = asyncio.create_task(app(scope, ear.receive, ear.send))
    try:
        async with asyncio.timeout(PATIENCE), ear.news:
            await ear.news.wait_for(lambda: ear.status or task.done())
        yield ear
    finally:
        ear.gone.set()
        ear.hears.set()
        await asyncio.wait_for(task, PATIENCE)
