"""`dev token`: tokens for load tools, in development only."""

from datetime import timedelta

import typer
from sqlalchemy import select
from sqlmodel import col

from app.cli import setting
from app.core import clock
from app.core.db import Database
from app.main import wire
from app.models.employees import Employee
from app.services.authentication import DEVELOPMENT_SESSION

LIFETIME = timedelta(hours=12)

dev_app = typer.Typer(help="Only where IDEABOX_ENVIRONMENT=development.", no_args_is_help=True)


def install(app: typer.Typer) -> None:
    """Add the commands."""
    dev_app.command("token")(token)
    app.add_typer(dev_app, name="dev")


@dev_app.callback()
def _development() -> None:
    """Keep `token` a command of its own, whatever its siblings."""


def token(
    emails: list[str] = typer.Argument(None, help="Whose tokens."),
    everybody: bool = typer.Option(False, "--all", help="Every active employee."),
) -> None:
    """Print `e-mail token` for people: valid 12 hours, no sign-in, no point, nothing written."""
    settings = setting.load()
    if settings.environment != "development":
        typer.echo("ideabox: tokens are made in development only.", err=True)
        raise typer.Exit(2)
    signer = wire(settings).signer

    async def find(database: Database) -> list[tuple[str, str]]:
        statement = select(col(Employee.email), col(Employee.id)).where(
            col(Employee.active).is_(True), col(Employee.email).is_not(None)
        )
        if not everybody:
            statement = statement.where(col(Employee.email).in_([email.casefold() for email in emails or []]))
        async with database.reader() as session:
            rows = await session.execute(statement.order_by(col(Employee.email)))
            return [(email or "", person_id) for email, person_id in rows]

    found = setting.read(find, settings)
    now = clock.now()
    for email, person_id in found:
        typer.echo(f"{email} {signer.issue(person_id, DEVELOPMENT_SESSION, now=now, lifetime=LIFETIME)}")
    missing = {email.casefold() for email in emails or []} - {email for email, _ in found}
    for email in sorted(missing):
        typer.echo(f"ideabox: no active employee has the e-mail {email}", err=True)
    raise typer.Exit(1 if missing else 0)
