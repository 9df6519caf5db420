"""`migrate` and `openapi`: the shape of the database and of the API."""

import sys

import typer

from app.cli import setting
from app.core import clock, migrations
from app.core.db import Database
from app.core.single import alone
from app.main import create_app
from app.routers import documentation
from app.services import holidays, installation


def install(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(migrate)
    app.command()(openapi)


def migrate(revision: str = typer.Argument("head", help="The revision to go to.")) -> None:
    """Bring the database to the schema of this version; a fresh one is furnished."""
    settings = setting.load()
    with alone(settings):
        migrations.upgrade(settings, revision)

        async def furnish(database: Database) -> bool:
            async with database.writer() as session:
                return await installation.furnish(session, now=clock.now())

        async def look_ahead(database: Database) -> int:
            return await holidays.look_ahead(database, now=clock.now())

        fresh = setting.read(furnish, settings) if revision == "head" else False
        if revision == "head":
            setting.read(look_ahead, settings)
    typer.echo(
        f"The database stands at {migrations.current(settings)}." + (" It was furnished." if fresh else "")
    )


def openapi() -> None:
    """Print the OpenAPI document."""
    sys.stdout.buffer.write(documentation.encode(create_app(setting.load())) + b"\n")
