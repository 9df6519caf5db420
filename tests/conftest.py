"""What every test may ask for: a database of its own on the engine under test, the application, the cast."""

import asyncio
import os
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from app.core import log, migrations
from app.core.config import Settings
from app.core.db import Database
from app.main import create_app
from app.services import installation
from tests.support import postgres, world
from tests.support.client import Client
from tests.support.world import Cast

ENGINE = os.environ.get("IDEABOX_TEST_ENGINE", "sqlite")


log.configure(level="error")


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


@pytest.fixture(scope="session")
def server() -> Iterator[postgres.Server | None]:
    """The PostgreSQL server of the run; None on SQLite."""
    if ENGINE == "sqlite":
        yield None
        return
    started = postgres.start()
    yield started
    started.stop()


@pytest.fixture(scope="session")
def template(
    server: postgres.Server | None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    """A migrated and furnished database that the tests copy: its name or its file."""
    directory = tmp_path_factory.mktemp("template")
    if server is None:
        settings = make_settings(f"sqlite:///{directory / 'template.db'}", directory)
    else:
        name = f"template_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
        postgres.create_database(server.url("postgres"), name)
        settings = make_settings(server.url(name), directory)
    migrations.upgrade(settings)
    asyncio.run(_furnish(settings))
    if server is None:
        with sqlite3.connect(directory / "template.db") as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        yield str(directory / "template.db"), directory
        return
    yield name, directory
    postgres.drop_database(server.url("postgres"), name)


async def _furnish(settings: Settings) -> None:
    database = Database(settings)
    async with database.writer() as session:
        await installation.furnish(session, now=world.START)
    await database.close()


@pytest.fixture
def settings(
    template: tuple[str, Path], server: postgres.Server | None, tmp_path: Path
) -> Iterator[Settings]:
    """The settings of one test, with a fresh database."""
    if server is None:
        shutil.copyfile(template[0], tmp_path / "ideabox.db")
        yield make_settings(f"sqlite:///{tmp_path / 'ideabox.db'}", tmp_path)
        return
    name = f"test_{os.getpid()}_{tmp_path.name}_{abs(hash(str(tmp_path))) % 10**8}".lower()[:60]
    postgres.create_database(server.url("postgres"), name, template=template[0])
    yield make_settings(server.url(name), tmp_path)
    postgres.drop_database(server.url("postgres"), name)


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    """The application on the test's database."""
    application = create_app(settings)
    async with application.router.lifespan_context(application):
        yield application


@pytest.fixture
def database(app: FastAPI) -> Database:
    """The application's database."""
    found: Database = app.state.wiring.database
    return found


@pytest.fixture
async def cast(database: Database) -> Cast:
    """Everybody, in the test's database."""
    return await world.build_in(database)


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
