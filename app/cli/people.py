"""`create-admin`, `invite` and `directory import`: people and their accounts."""

import sys
from pathlib import Path

import typer

from app.cli import setting
from app.core import clock
from app.core.db import Database
from app.core.security.passwords import PasswordVault
from app.domain.errors import Refusal
from app.services import directory, links, operators

directory_app = typer.Typer(help="The directory of employees.", no_args_is_help=True)


def install(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("create-admin")(create_admin)
    app.command()(invite)
    directory_app.command("import")(import_directory)
    app.add_typer(directory_app, name="directory")


def create_admin(
    email: str = typer.Option(..., help="The e-mail to sign in with."),
    name: str = typer.Option(..., help="The name to show."),
) -> None:
    """Make an administrator outside the headcount; the password comes on standard input."""
    settings = setting.load()
    password = sys.stdin.readline().rstrip("\n")

    async def create(database: Database) -> None:
        vault = PasswordVault(concurrency=1)
        try:
            await operators.create_admin(
                database, vault, email=email, name=name, password=password, now=clock.now()
            )
        finally:
            vault.close()

    try:
        setting.write(create, settings)
    except Refusal as refusal:
        raise typer.Exit(_say(refusal)) from refusal
    typer.echo(f"{email} can sign in.")


def invite(
    email: str = typer.Argument(..., help="Whose account."),
    reset: bool = typer.Option(
        False, "--reset", help="A link to set a new password, instead of a first one."
    ),
) -> None:
    """Print a one-time link by which a person sets a password."""
    settings = setting.load()

    async def issue(database: Database) -> str:
        async with database.writer() as session:
            person = await operators.get_by_email(session, email)
            secret = await links.issue(session, person, "reset" if reset else "invitation", now=clock.now())
            return f"{settings.base_url}/welcome#{secret}"

    try:
        typer.echo(setting.write(issue, settings))
    except Refusal as refusal:
        raise typer.Exit(_say(refusal)) from refusal


def import_directory(
    file: Path = typer.Argument(..., exists=True, dir_okay=False, help="A CSV file of employees."),
    dry_run: bool = typer.Option(False, "--dry-run", help="Check and count, write nothing."),
    skip_bad: bool = typer.Option(False, "--skip-bad", help="Apply the good rows, leave the bad ones."),
    full: bool = typer.Option(False, "--full", help="Deactivate people who are missing from the file."),
) -> None:
    """Import employees, entities, functions, managers and roles."""
    settings = setting.load()

    content = file.read_bytes()

    async def run(database: Database) -> directory.Outcome:
        return await directory.import_file(
            database,
            content,
            dry_run=dry_run,
            skip_bad=skip_bad,
            full=full,
            actor_id=None,
            now=clock.now(),
        )

    try:
        outcome = setting.write(run, settings)
    except Refusal as refusal:
        raise typer.Exit(_say(refusal)) from refusal
    for line in outcome.describe():
        typer.echo(line)
    raise typer.Exit(0 if outcome.accepted else 1)


def _say(refusal: Refusal) -> int:
    typer.echo(f"ideabox: {refusal.detail}", err=True)
    for problem in refusal.errors:
        typer.echo(f"  {problem.pointer}: {problem.detail}", err=True)
    return 1
