"""`figures`: summing the figures of ideas up anew."""

import typer

from app.cli import setting
from app.core import clock
from app.core.db import Database
from app.services import rollups


def install(app: typer.Typer) -> None:
    """Add the command."""
    app.command("figures")(sum_up)


def sum_up() -> None:
    """Sum the figures of ideas up anew, from the history; they are counted one by one meanwhile."""

    async def run(database: Database) -> int:
        return await rollups.rebuild(database, now=clock.now())

    typer.echo(f"{setting.write(run, setting.load())} ideas were counted.")
