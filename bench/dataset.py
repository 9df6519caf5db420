"""A large made-up company in a database: the same at each build, each row as the application would have written it.

Left out: points and the events of votes and comments, which nothing that is measured reads.
"""

import asyncio
import sys
import time
from random import Random
from typing import Any

import asyncpg
from sqlalchemy import select
from sqlmodel import col

from app.core import ids, migrations
from app.core.config import Settings
from app.core.db import Database
from app.core.security.passwords import PasswordVault
from app.models.campaigns import Campaign
from app.models.scorecards import ScorecardCriterion
from app.models.themes import Theme
from app.services import installation
from bench import company, crowd, facts
from bench.company import BEGIN, Company
from bench.copying import Postgres, Shape, Sink, Sqlite
from bench.facts import PASSWORD, Facts
from bench.ideas import Maker
from bench.scales import SCALES, Scale

SEED = 2012


class NotEmpty(Exception):
    """The database has people already."""


async def build(url: str, scale: Scale) -> Facts:
    """Fill an empty database (migrated here if it is not yet) and return what is worth knowing of it.

    Raises: NotEmpty.
    """
    settings = describe_settings(url)
    await asyncio.to_thread(migrations.upgrade, settings)
    random = Random(SEED)  # noqa: S311  a seed, not secrecy
    made = await _furnish(settings, random)
    password_hash = await PasswordVault().hash(PASSWORD)
    if settings.on_sqlite:
        sink: Sqlite | Postgres = Sqlite(settings.sqlite_path)
        await _fill(sink, made, scale, random, password_hash)
    else:
        connection = await asyncpg.connect(url)
        try:
            sink = Postgres(connection)
            await _fill(sink, made, scale, random, password_hash)
        finally:
            await connection.close()
    return await facts.gather(url)


def describe_settings(url: str) -> Settings:
    """Return the settings of an installation that is measured."""
    return facts.describe_settings(url)


async def _furnish(settings: Settings, random: Random) -> Company:
    """Put in place what every installation has, and read it."""
    found = Company()
    database = Database(settings)
    try:
        async with database.writer() as session:
            with ids.drawn_from(random):
                await installation.furnish(session, now=BEGIN)
        async with database.reader() as session:
            found.themes = list(await session.scalars(select(col(Theme.id)).order_by(col(Theme.position))))
            found.box = (await session.scalars(select(col(Campaign.id)).where(col(Campaign.permanent)))).one()
            criteria = select(col(ScorecardCriterion.id), col(ScorecardCriterion.weight))
            found.weights = dict((await session.execute(criteria)).all())
    finally:
        await database.close()
    return found


async def _fill(
    sink: Sqlite | Postgres, made: Company, scale: Scale, random: Random, password_hash: str
) -> None:
    await sink.prepare()
    writer = _Rows(sink)
    for table, rows in company.found(made, scale, random, password_hash=password_hash).items():
        await writer.write(table, rows)
    maker = Maker(made, scale, random)
    for chunk, tuples in maker.make():
        for table, rows in chunk.items():
            await writer.write(table, rows)
        await sink.copy("votes", crowd.VOTE_COLUMNS, tuples["votes"])
        await sink.copy("comments", crowd.COMMENT_COLUMNS, tuples["comments"])
    for table, rows in maker.list_vocabulary():
        await writer.write(table, rows)
    await sink.finish()


class _Rows:
    """Lays rows out by their table's columns."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._shapes: dict[str, Shape] = {}

    async def write(self, table: str, rows: list[dict[str, Any]]) -> None:
        shape = self._shapes.setdefault(table, Shape(table))
        await self._sink.copy(table, shape.columns, map(shape.lay_out, rows))


def main() -> None:
    """Build from the shell: the address of the database, and the name of the scale."""
    if len(sys.argv) != 3 or sys.argv[2] not in SCALES:  # noqa: PLR2004  two words
        sys.exit(f"usage: python -m bench.dataset URL {'|'.join(SCALES)}")
    begin = time.monotonic()
    found = asyncio.run(build(sys.argv[1], SCALES[sys.argv[2]]))
    print(found.to_json())  # noqa: T201  what a command says
    print(f"built in {time.monotonic() - begin:.0f} s", file=sys.stderr)  # noqa: T201


if __name__ == "__main__":
    main()
