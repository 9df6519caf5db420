"""`figures`: summing figures up anew."""

import gc

import typer

from app.cli import setting
from app.core import clock
from app.core.db import Database
from app.services import rollups

_COLLECTED = 200_000


def install(app: typer.Typer) -> None:
    """Add the command."""
    app.command("figures")(sum_up)


def sum_up() -> None:
    """Sum the figures of ideas and people up anew, from the history; they are counted one by one meanwhile."""
    # Millions of small things live for a moment, and hardly any of them is part of a circle.
    gc.set_threshold(_COLLECTED)

    async def run(database: Database) -> int:
        return await rollups.rebuild(database, now=clock.now())

    typer.echo(f"{setting.write(run, setting.load())} ideas and people were counted.")
