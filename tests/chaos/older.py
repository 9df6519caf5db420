"""Databases of older versions of the schema, with something in every table and much in the large ones."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, insert, select
from sqlmodel import SQLModel

from app.core import clock, ids, migrations
from app.core.config import Settings
from app.core.db import Database
from app.main import create_app
from app.models import metadata
from app.models.authorships import Authorship
from app.models.comments import Comment
from app.models.ideas import Idea, Tally
from app.services import holidays
from app.services import installation as furnishing
from tests.chaos.installation import Installation
from tests.conftest import make_settings
from tests.migrations import test_chain
from tests.support import challenges, postgres, world
from tests.support.client import Client

Content = dict[str, list[tuple[Any, ...]]]
"""Every row of every table."""


class Shelf:
    """Makes databases beside an installation's own, and copies them."""

    def __init__(self, installation: Installation) -> None:
        """Take the place of an installation."""
        self._installation = installation
        self._numbers = count()

    def make(self, name: str) -> Installation:
        """Make an empty database."""
        return self._place(name, None)

    def copy(self, source: Installation, name: str) -> Installation:
        """Copy a database that nobody is connected to."""
        return self._place(f"{name}_{next(self._numbers)}", source)

    def drop(self, copy: Installation) -> None:
        """Throw a database away."""
        shutil.rmtree(copy.directory)
        if copy.engine == "postgresql":
            postgres.drop_database(self._installation.url, copy.url.rpartition("/")[2])

    def settings(self, copy: Installation) -> Settings:
        """Return the settings under which this process opens a database."""
        return make_settings(copy.url, copy.directory)

    def _place(self, name: str, source: Installation | None) -> Installation:
        directory = self._installation.directory / name
        directory.mkdir()
        if self._installation.engine == "sqlite":
            placed = replace(self._installation, url=f"sqlite:///{directory}/ideabox.db", directory=directory)
            if source is not None:
                _copy(find_file(source), find_file(placed))
            return placed
        server, _, own = self._installation.url.rpartition("/")
        template = None if source is None else source.url.rpartition("/")[2]
        postgres.create_database(f"{server}/postgres", f"{own}_{name}", template)
        return replace(self._installation, url=f"{server}/{own}_{name}", directory=directory)


def find_file(copy: Installation) -> Path:
    """Return the file of an SQLite database."""
    return Path(copy.url.removeprefix("sqlite:///"))


def find_drift(connection: Connection) -> Any:
    """Return how the schema differs from the tables in the code."""
    compared = partial(migrations.is_compared, connection.dialect.name)
    context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": compared})
    return compare_metadata(context, metadata)


async def fill(copy: Installation, settings: Settings, *, copies: int) -> None:
    """Migrate an empty database, live in it until no table is empty, and put so many drafts beside the rest."""
    migrations.upgrade(settings)
    app = create_app(settings)
    database: Database = app.state.wiring.database
    async with app.router.lifespan_context(app):
        async with database.writer() as session:
            await furnishing.furnish(session, now=world.START)
        cast = await world.build_in(database)
        clients: dict[str, Client] = {}

        def speak(name: str) -> Client:
            return clients.setdefault(name, Client(app, cast[name] if name else None))

        await test_chain.use_rights(speak, cast)
        await test_chain.fill_every_table(speak, cast, database, copy.directory)
        await test_chain.give_prizes(speak, cast)
        await challenges.announce(database, cast, tokens=10, hidden=True)
        await holidays.look_ahead(database, now=clock.now())
        for client in clients.values():
            await client.http.aclose()
    _write(settings, copies)


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as taken, closing(sqlite3.connect(target)) as placed:
        taken.backup(placed)


def _write(settings: Settings, copies: int) -> None:
    """Put many drafts beside the one idea."""
    engine = migrations.engine_for(settings)
    try:
        with engine.begin() as connection:
            fresh = [ids.new() for _ in range(copies)]
            draft = {
                "stage": "draft",
                "submitted_at": None,
                "holder_id": None,
                "source": None,
                "source_id": None,
            }
            _multiply(connection, Idea, [{**draft, "id": idea_id} for idea_id in fresh])
            nothing = {"votes": 0, "comments": 0, "stage": "draft"}
            _multiply(connection, Tally, [{**nothing, "idea_id": idea_id} for idea_id in fresh])
            _multiply(connection, Authorship, [{"idea_id": idea_id} for idea_id in fresh])
            gone = {"parent_id": None, "deleted_at": world.START}
            _multiply(
                connection, Comment, [{**gone, "id": ids.new(), "idea_id": idea_id} for idea_id in fresh]
            )
    finally:
        engine.dispose()


def _multiply(connection: Connection, shape: type[SQLModel], changes: list[dict[str, Any]]) -> None:
    """Insert copies of a table's first row, each with its changes."""
    table = metadata.tables[str(shape.__tablename__)]
    row = connection.execute(select(table).limit(1)).mappings().one()
    connection.execute(insert(table), [{**row, **change} for change in changes])
