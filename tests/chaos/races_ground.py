"""The ground on which people race: servers, a cast by name, a gun, and the database as it stands behind them."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any

from sqlalchemy import NullPool, create_engine, text

from tests.chaos.installation import Installation
from tests.chaos.starting_gun import Gun, Hit, Shot
from tests.chaos.trials import Outcome

REPLICAS = {"sqlite": 1, "postgresql": 2}
_PATIENT = {
    "IDEABOX_CONNECTION_WAIT_SECONDS": "60",
    "IDEABOX_STATEMENT_TIMEOUT_MS": "60000",
    "IDEABOX_LOCK_TIMEOUT_MS": "60000",
}
"""What is raced is right or wrong, not fast: a slow machine puts nobody off, so that every 503 is a fault."""

_DRAINED_WITHIN = 60.0
_BETWEEN_LOOKS = 0.05
_COLUMNS = "external_id email name entity manager_external_id functions roles locale active".split()


class NotTaken(AssertionError):
    """A request of the preparation was refused: nothing can be raced then."""


@dataclass(frozen=True, slots=True)
class Racer:
    """A row of the directory; `manager` is the name of another racer, empty at the top of a tree."""

    name: str
    entity: str = "Racers/Elsewhere"
    manager: str = ""
    functions: str = ""
    roles: str = ""

    @property
    def email(self) -> str:
        """The address of the person."""
        return f"{self.name}@racers.example"


def write_csv(racers: Sequence[Racer]) -> bytes:
    """Return the file by which people come into the directory."""
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow(_COLUMNS)
    for one in racers:
        manager = f"racer-{one.manager}" if one.manager else ""
        row = [f"racer-{one.name}", one.email, one.name, one.entity, manager]
        writer.writerow([*row, one.functions, one.roles, "fr", "true"])
    return lines.getvalue().encode()


class Books:
    """The database of an installation, read past the application."""

    def __init__(self, url: str) -> None:
        path = url.removeprefix("sqlite:///")
        address = f"sqlite:///file:{path}?mode=ro&uri=true"
        if url.startswith("postgresql://"):
            address = url.replace("postgresql://", "postgresql+psycopg://", 1)
        self._engine = create_engine(address, poolclass=NullPool)

    def ask(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a statement, in one snapshot of its own."""
        with self._engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement), values)]

    def count(self, statement: str, **values: Any) -> int:
        """Return the one number that a statement gives."""
        return int(self.ask(statement, **values)[0][0])


@dataclass
class Ground:
    """Where a race takes place; `people` are identifiers by name, of racers only."""

    installation: Installation
    gun: Gun
    books: Books
    outcome: Outcome
    random: Random
    people: dict[str, str]
    theme: str = ""
    functions: dict[str, str] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)
    spread: int = 1

    def shot(self, who: str, method: str, path: str, body: Any = None, **headers: str) -> Shot:
        """Return a request of a racer, or of anybody by e-mail; underscores of header names become dashes."""
        token = self.installation.tokens[who if "@" in who else f"{who}@racers.example"]
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Shot(method, path, token, body, named)

    async def do(self, who: str, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Make a request that must be taken; returns its JSON, None for an empty answer.

        Raises: NotTaken.
        """
        hit = await self.gun.ask(self.shot(who, method, path, body, **headers))
        if hit.status not in (200, 201, 204):
            raise NotTaken(f"{method} {path} by {who}: {hit.status} {hit.body[:300]!r}")
        return hit.json() if hit.body else None

    async def submit(self, who: str, function: str, **values: Any) -> Any:
        """Submit an idea of a racer."""
        idea = {"title": "An idea to race for", "problem": "It is slow.", "solution": "Run.", **values}
        idea |= {"theme": self.theme, "function": self.functions[function]}
        return await self.do(who, "POST", "/ideas", idea)

    def check(self, holds: bool, fault: str) -> None:
        """Note a fault unless something holds."""
        if not holds:
            self.outcome.faults.append(fault)

    def tell(self, hits: Sequence[Hit], *expected: int, what: str) -> dict[int, int]:
        """Return how often each status came; any other than the expected is a fault."""
        found: dict[int, int] = {}
        for hit in hits:
            found[hit.status] = found.get(hit.status, 0) + 1
            if hit.status not in expected:
                self.check(holds=False, fault=f"{what}: answered {hit.status} {hit.body[:200]!r}")
        return found

    async def drain(self) -> None:
        """Wait until every event was worked off; a fault when that takes too long."""
        waiting = "SELECT count(*) FROM events WHERE worked_off_at IS NULL"
        for _ in range(int(_DRAINED_WITHIN / _BETWEEN_LOOKS)):
            if not self.books.count(waiting):
                return
            await asyncio.sleep(_BETWEEN_LOOKS)
        self.check(holds=False, fault=f"{self.books.count(waiting)} events were not worked off in time")


@asynccontextmanager
async def prepare(
    installation: Installation, outcome: Outcome, seed: int, racers: Sequence[Racer], *, workers: int = 2
) -> AsyncIterator[Ground]:
    """Bring racers into the directory and start the servers: two on PostgreSQL, with workers, one on SQLite.

    At the end the events are worked off and `ideabox doctor` must be content.
    """
    file = installation.directory / "racers.csv"
    file.write_bytes(write_csv(racers))
    await installation.call("directory", "import", str(file))
    installation.settings |= _PATIENT
    _, lines, _ = await installation.call("dev", "token", "--all")
    installation.tokens = dict(line.split() for line in lines.splitlines())
    async with AsyncExitStack() as running:
        spread = REPLICAS[installation.engine]
        servers = await asyncio.gather(
            *(running.enter_async_context(installation.serving()) for _ in range(spread))
        )
        if installation.engine == "postgresql":
            for _ in range(workers):
                await running.enter_async_context(installation.working())
        gun = Gun(*(server.base_url for server in servers))
        running.push_async_callback(gun.close)
        books = Books(installation.url)
        people = {email.split("@")[0]: person for email, person in books.ask(_RACERS)}
        ground = Ground(installation, gun, books, outcome, Random(seed), people, spread=spread)
        ground.theme = books.ask("SELECT id FROM themes ORDER BY key LIMIT 1")[0][0]
        ground.functions = dict(books.ask("SELECT name, id FROM functions"))
        yield ground
        await ground.drain()
    outcome.faults += await installation.examine()


_RACERS = "SELECT email, id FROM employees WHERE email LIKE '%@racers.example'"
