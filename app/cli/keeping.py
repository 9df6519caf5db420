"""`retention`: forgetting what was kept long enough, or saying what that would be."""

import typer

from app.cli import setting
from app.core import clock
from app.core.db import Database
from app.services import retention
from app.services.retention import Forgotten


def install(app: typer.Typer) -> None:
    """Add the command."""
    app.command("retention")(forget)


def forget(
    dry_run: bool = typer.Option(False, "--dry-run", help="Count what would go, write nothing."),
) -> None:
    """Forget what was kept long enough, class by class, as it is done each night; see docs/retention.md."""
    settings = setting.load()

    async def run(database: Database) -> list[Forgotten]:
        return await retention.forget(database, settings.keep_days, dry_run=dry_run, now=clock.now())

    done = (setting.read if dry_run else setting.write)(run, settings)
    for each in done:
        said = "would go" if dry_run else "went"
        typer.echo(f"{each.data_class}: kept for {each.days} days, {each.rows} {said}")
