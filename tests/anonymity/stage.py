"""One world: the application with its people and their past, under a clock that stands still, drawing the same luck."""

import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from io import StringIO
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from fastapi import FastAPI
from sqlalchemy import event
from sqlalchemy.pool import Pool

from app import main
from app.core import clock, ids, log
from app.core.config import Settings
from app.core.db import Database, WriteSession
from app.core.security.safes import open_safe
from app.core.security.seals import Seals
from app.domain import names
from app.domain.preferences import Channel
from app.domain.roles import Role
from app.integrations.posts import MemoryPost, Outgoing
from app.jobs import schedule
from app.jobs.drain import drain
from app.main import wire
from app.models.employees import Employee
from app.services import (
    broadcasts,
    content_removals,
    identity_openings,
    panels,
    posting,
    register,
    restriction_turns,
    webhook_posting,
)
from app.services.outlets import Outlet
from app.services.posting import Office
from tests.support import world
from tests.support.client import Client
from tests.support.world import Cast

BEGIN = datetime(2026, 1, 6, 9, 0, tzinfo=UTC)
LUCK = 20260106
ENOUGH = 12
"""People in a unit whose figures are shown."""

MARKS = ("qxalicemark", "qxzoemark")
"""What stands in whatever is personal of the two who could have written the ideas."""

REQUEST = "request-of-anybody"
"""What every request is called."""

Pair = tuple[str, str]
"""Two people who could have written the ideas, with the same reviewers outside their lines."""

STRANGERS: Pair = ("Alice", "Zoe")
"""Of other units, lines and languages."""

COLLEAGUES: Pair = ("Alice", "Lyon 0")
"""Of one unit, whose figures may tell of them when many are released at once; one of them has a report."""


@dataclass
class Said:
    """A request that another system or a person's mail box, browser or chat was sent."""

    by: str
    to: str
    what: str
    sent: Outgoing | None = None


@dataclass(frozen=True)
class Taken:
    """The answer of whoever takes what they are sent."""

    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Stage:
    """The application, who writes the anonymous ideas in this world, and everything that is known by its identifier."""

    app: FastAPI
    cast: Cast
    pair: Pair
    author: str
    data_dir: Path
    now: datetime = BEGIN
    known: dict[str, list[str]] = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)
    logged: StringIO = field(default_factory=StringIO)
    clients: dict[str, Client] = field(default_factory=dict)

    @property
    def database(self) -> Database:
        """The application's database."""
        found: Database = self.app.state.wiring.database
        return found

    def know(self, what: str, identifier: str) -> str:
        """Keep an identifier by the name of the parameter that takes it."""
        self.known.setdefault(what, []).append(identifier)
        return identifier

    def speak(self, name: str) -> Client:
        """Return somebody's client; nobody's without a name."""
        if name not in self.clients:
            self.clients[name] = Client(self.app, self.cast[name] if name else None)
            # Every request would draw a name of its own.
            self.clients[name].http.headers["X-Request-Id"] = REQUEST
        return self.clients[name]

    async def act(self, name: str, method: str, path: str, json: Any = None, **headers: str) -> Any:
        """Have somebody do what succeeds, a second after what was done before."""
        self.now += timedelta(seconds=1)
        answer = await self.speak(name).request(method, path, json=json, headers=headers)
        assert answer.is_success, (name, method, path, answer.text)
        return answer.json() if answer.content else None

    async def wait(self, **time: float) -> None:
        """Let time pass, and everything happen that happens by the clock and by what was done."""
        self.now += timedelta(**time)
        for client in self.clients.values():
            await client.http.aclose()
        self.clients.clear()
        await self.app.state.wiring.views.write_down(self.database)
        await self.work()
        for each in schedule.list_periodic(self.database, self.data_dir):
            await each.run(self.now)
        await self.work()

    async def work(self) -> None:
        """Work off what has happened, and send what is due."""
        while await drain(self.database, now=self.now) or await broadcasts.tell(self.database, now=self.now):
            pass
        posts = {channel.value: MemoryPost() for channel in Channel}
        wiring = self.app.state.wiring
        office = Office(
            posts,
            Seals([wiring.settings.secret]),
            wiring.settings.base_url,
            "Lumen",
            luck=_half,
            watch=_still,
        )
        outlet = Outlet(
            self._take, open_safe(wiring.settings), wiring.settings.base_url, luck=_half, watch=_still
        )
        for channel in posts:
            while await posting.send_due(self.database, office, channel, now=self.now):
                pass
        while await webhook_posting.send_due(self.database, outlet, now=self.now):
            pass
        await outlet.close()
        for channel, post in posts.items():
            # Several go at once: which of them is done first is nobody's doing.
            told = sorted(post.sent, key=lambda each: each.id)
            self.said += [Said(channel, each.address, repr(each), each) for each in told]

    async def _take(self, url: str, *, body: bytes, headers: Any) -> Any:
        self.said.append(Said("webhook", url, f"{sorted(headers.items())}\n{body.decode()}"))
        return Taken()


def _half() -> float:
    return 0.5


def _still() -> float:
    return 0.0


@asynccontextmanager
async def open_world(
    built: FastAPI, settings: Settings, cast: Cast, pair: Pair, author: str, data_dir: Path
) -> AsyncIterator[Stage]:
    """Give a world in which `author` writes the anonymous ideas; two of the same database differ in nothing else."""
    stage = Stage(built, deepcopy(cast), pair, author, data_dir)
    with ExitStack() as held:
        _draw_the_same(held, lambda: stage.now)
        if author == pair[1] and settings.on_sqlite:
            event.listen(Pool, "connect", _read_backwards)
            held.callback(event.remove, Pool, "connect", _read_backwards)
        log.configure(level="info", stream=stage.logged)
        held.callback(log.configure, level="error")
        built.state.wiring = wire(settings)
        async with built.router.lifespan_context(built):
            async with stage.database.writer() as session:
                await gather(session, stage.cast, pair)
            yield stage
            for client in stage.clients.values():
                await client.http.aclose()


def _read_backwards(connection: Any, _record: Any) -> None:
    """Have SQLite give rows that are asked for in no order the other way round, as any database may."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA reverse_unordered_selects=ON")
    cursor.close()


def _draw_the_same(held: ExitStack, now: Callable[[], datetime]) -> None:
    """Have the clock, identifiers, salts and lots come out alike in each world."""
    luck = Random(LUCK)
    held.enter_context(patch.object(clock, "now", now))
    held.enter_context(ids.drawn_from(Random(LUCK)))
    held.enter_context(patch.object(secrets, "token_hex", lambda size=32: luck.randbytes(size).hex()))
    held.enter_context(patch.object(secrets, "token_bytes", lambda size=32: luck.randbytes(size)))
    held.enter_context(patch.object(secrets, "token_urlsafe", lambda size=32: luck.randbytes(size).hex()))
    held.enter_context(patch.object(secrets, "choice", lambda some: luck.choice(sorted(some))))
    # What is sealed into a chain depends on what is drawn for it, and other draws happen in no order.
    book = Random(LUCK + 1)
    held.enter_context(patch.object(register, "ids", SimpleNamespace(new=partial(_draw_id, book))))
    held.enter_context(
        patch.object(register, "secrets", SimpleNamespace(token_hex=lambda size: book.randbytes(size).hex()))
    )
    for drawing in (panels, identity_openings, content_removals, restriction_turns):
        held.enter_context(patch.object(drawing, "_random", Random(LUCK)))
    # A machine that is slow for a second would have webhooks go out later, in one world of the two.
    held.enter_context(patch.object(webhook_posting, "GRACE", None))
    # What happens beside requests, now and then, happens when the script says so.
    held.enter_context(patch.object(main, "_VIEWS_EVERY", 1e6))
    held.enter_context(patch.object(main, "_VOTINGS_EVERY", 1e6))


def _draw_id(luck: Random) -> str:
    with ids.drawn_from(luck):
        return ids.new()


async def gather(session: WriteSession, cast: Cast, pair: Pair) -> None:
    """Add whom the cast lacks: the other author with her line, colleagues of both, and markers in what is personal."""

    async def hire(name: str, entity: str, manager: str | None) -> Employee:
        above = cast.people[manager] if manager else None
        person = await world.make_employee(session, name, entity=entity, manager=above)
        _mark(person, name.lower().replace(" ", "-"))
        cast.people[name] = person
        return person

    await hire("Xena", "Company/Logistics", None)
    await hire("Yann", "Company/Logistics/Nantes", "Xena")
    await hire("Zoe", "Company/Logistics/Nantes", "Yann")
    await hire("Ulla", "Company/Logistics/Nantes", "Zoe")
    for number in range(ENOUGH):
        await hire(f"Lyon {number}", "Company/Sales/Lyon", "Bob")
        await hire(f"Nantes {number}", "Company/Logistics/Nantes", "Yann")
    for name in ("Bob", "Yann"):
        await world.grant(session, cast[name], Role.IDEA_DEVELOPER)
    for name, mark, locale in zip(pair, MARKS, ("fr", "en"), strict=True):
        person = await session.merge(cast[name])
        person.name, person.folded_name = f"{mark.title()} Œuvré", names.fold_words(f"{mark.title()} Œuvré")
        person.locale = locale
        _mark(person, mark)
        cast.people[name] = person
    await session.flush()


def _mark(person: Employee, mark: str) -> None:
    """Give a person what is theirs alone, the same in each world."""
    person.email, person.external_id = f"{mark}@company.example", f"{mark}-number"
