"""What every test may ask for: a database of its own on the engine under test, the application, the cast."""

import asyncio
import os
import re
import shutil
import socket
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing
from copy import deepcopy
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from app.core import clock, log, migrations
from app.core.config import Settings
from app.core.db import Database
from app.integrations import frontier
from app.integrations import holidays as public_holidays
from app.main import create_app
from app.services import holidays, installation
from tests.support import engines, memory, postgres, world
from tests.support.client import Client
from tests.support.wiring import wire_up
from tests.support.world import Cast

ENGINE = os.environ.get("IDEABOX_TEST_ENGINE", "sqlite")

log.configure(level="error")

_OF_AN_ENGINE = frozenset({"templates", "server"})
"""What a test asks for that needs a database, in the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave to the run on SQLite what asks for no database, or says why another engine would only do it again."""
    if ENGINE != "sqlite":
        items[:] = [
            item
            for item in items
            if _OF_AN_ENGINE & set(getattr(item, "fixturenames", ()))
            and item.get_closest_marker("on_sqlite") is None
        ]


def make_settings(url: str, data_dir: Path) -> Settings:
    """Return the settings of a test: a database, and nothing remembered between requests."""
    return Settings(
        environment="test",
        database_url=url,
        data_dir=data_dir,
        secret_key=SecretStr("a secret for tests that is long enough"),
        sign_in_state_seconds=0,
        writes_per_second=100_000,
        sign_ins_per_minute=100_000,
    )


@pytest.fixture(scope="session")
def anyio_backend() -> tuple[str, dict[str, bool]]:
    return "asyncio", {"use_uvloop": False}


@pytest.fixture(scope="session", autouse=True)
def names() -> Iterator[None]:
    """Names under `example`, which nobody has (RFC 2606), mean an address of the internet: nobody is asked."""
    look = socket.getaddrinfo

    def pretend(host: Any, port: Any, *args: Any, **options: Any) -> Any:
        invented = isinstance(host, str) and re.fullmatch(r"([a-z0-9-]{1,63}\.)+example\.?", host)
        return look("93.184.216.34" if invented else host, port, *args, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", pretend)
        # Refusals need not wait for all of the time after which they are said.
        patch.setattr(frontier, "LOOK_SECONDS", 0.2)
        yield


@pytest.fixture(scope="session", autouse=True)
def remembered_holidays() -> Iterator[None]:
    """What was asked about public holidays is asked once in a run: it starts a process, for a second."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(public_holidays, "_run", cache(public_holidays._run))  # noqa: SLF001  there is no other door
        yield


@pytest.fixture(scope="session", autouse=True)
def compiled_statements() -> Iterator[None]:
    """What one test's engines compiled serves those of the next."""
    with engines.sharing():
        yield


@pytest.fixture(scope="session")
def server() -> Iterator[postgres.Server | None]:
    """The PostgreSQL server of the run; None on SQLite."""
    if ENGINE == "sqlite":
        yield None
        return
    started = postgres.start()
    yield started
    started.stop()


class Templates:
    """Migrated and furnished databases that the tests copy: one empty of people, one with the cast."""

    def __init__(self, server: postgres.Server | None, directory: Path) -> None:
        self.server = server
        self.directory = directory
        self.run = f"{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
        self.empty = self._url("template")
        self.peopled = self._url("peopled")
        self._copies = count()
        self._create(self.empty)
        migrations.upgrade(make_settings(self.empty, directory))
        asyncio.run(self._furnish())
        self.copy(self.empty, self.peopled)
        self.cast = asyncio.run(self._people())

    def make_copy(self, *, peopled: bool) -> str:
        """Return the address of a fresh copy."""
        url = self._url(f"test_{next(self._copies)}")
        self.copy(self.peopled if peopled else self.empty, url)
        return url

    def make_bare(self) -> str:
        """Return the address of a database without any table."""
        url = self._url(f"bare_{next(self._copies)}")
        self._create(url)
        return url

    def copy(self, source: str, target: str) -> None:
        """Copy a database that nobody is connected to."""
        if self.server is None:
            shutil.copyfile(source.removeprefix("sqlite:///"), target.removeprefix("sqlite:///"))
        else:
            administrative = self.server.url("postgres")
            postgres.create_database(administrative, _name(target), template=_name(source))

    def drop(self, url: str) -> None:
        """Throw a database away."""
        if self.server is None:
            for file in self.directory.glob(_name(url) + "*"):
                file.unlink()
        else:
            postgres.drop_database(self.server.url("postgres"), _name(url))

    def _url(self, name: str) -> str:
        if self.server is None:
            return f"sqlite:///{self.directory / name}.db"
        return self.server.url(f"{name}_{self.run}")

    def _create(self, url: str) -> None:
        if self.server is not None:
            postgres.create_database(self.server.url("postgres"), _name(url))

    async def _furnish(self) -> None:
        async with self._opened(self.empty) as database, database.writer() as session:
            await installation.furnish(session, now=world.START)
        async with self._opened(self.empty) as database:
            await holidays.look_ahead(database, now=clock.now())

    async def _people(self) -> Cast:
        async with self._opened(self.peopled) as database:
            return await world.build_in(database)

    @asynccontextmanager
    async def _opened(self, url: str) -> AsyncIterator[Database]:
        database = Database(make_settings(url, self.directory))
        yield database
        await database.close()
        if self.server is None:
            with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _name(url: str) -> str:
    return url.rsplit("/", 1)[1]


@pytest.fixture(scope="session")
def templates(
    server: postgres.Server | None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Templates]:
    """The databases that the tests copy."""
    directory = memory.make_directory("ideabox-tests-") or tmp_path_factory.mktemp("databases")
    made = Templates(server, directory)
    yield made
    made.drop(made.empty)
    made.drop(made.peopled)
    shutil.rmtree(directory)


@pytest.fixture
def settings(templates: Templates, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """The settings of one test, with a fresh database; the cast is in it when the test asks for it."""
    url = templates.make_copy(peopled="cast" in request.fixturenames)
    yield make_settings(url, tmp_path)
    templates.drop(url)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """The application, built once: its routes take long to build and know nothing of a database."""
    directory = tmp_path_factory.mktemp("built")
    return create_app(make_settings(f"sqlite:///{directory / 'never.db'}", directory))


@pytest.fixture
async def app(built: FastAPI, settings: Settings) -> AsyncIterator[FastAPI]:
    """The application on the test's database."""
    built.state.wiring = wire_up(settings)
    async with built.router.lifespan_context(built):
        yield built


@pytest.fixture
def database(app: FastAPI) -> Database:
    """The application's database."""
    found: Database = app.state.wiring.database
    return found


@pytest.fixture
def cast(templates: Templates) -> Cast:
    """Everybody, as they are in the test's database at its beginning."""
    return deepcopy(templates.cast)


@pytest.fixture
async def speak(app: FastAPI, cast: Cast) -> AsyncIterator[Callable[[str], Client]]:
    """Clients by first name; the empty name is nobody."""
    clients: dict[str, Client] = {}

    def as_person(name: str) -> Client:
        if name not in clients:
            clients[name] = Client(app, cast[name] if name else None)
        return clients[name]

    yield as_person
    for client in clients.values():
        await client.http.aclose()
