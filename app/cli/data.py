"""`demo`, `ideas import` and `doctor`: what is in the database."""

from pathlib import Path

import typer

from app.cli import setting
from app.core import clock, migrations, revisions
from app.core.config import DEVELOPMENT_SECRET, Settings
from app.core.db import Database
from app.demo import world
from app.domain.errors import Refusal
from app.domain.import_records import BadRow, Note, Outcome
from app.domain.imports import DEFAULT_SOURCE
from app.integrations import holidays
from app.queries import audits
from app.queries.findings import Finding
from app.services import imports

ideas_app = typer.Typer(help="Ideas from elsewhere.", no_args_is_help=True)


def install(app: typer.Typer) -> None:
    """Add the commands."""
    ideas_app.command("import")(import_ideas)
    app.add_typer(ideas_app, name="ideas")
    app.command()(demo)
    app.command()(doctor)


@ideas_app.callback()
def _ideas() -> None:
    """Keep `import` a command of its own, whatever its siblings."""


def import_ideas(
    file: Path = typer.Argument(..., exists=True, dir_okay=False, help="A CSV file of ideas."),
    comments: Path | None = typer.Option(None, exists=True, dir_okay=False, help="A CSV file of comments."),
    source: str = typer.Option(
        DEFAULT_SOURCE, help="A name for where they come from; keep it for a second import."
    ),
    dry_run: bool = typer.Option(False, "--dry-run", help="Check and count, write nothing."),
) -> None:
    """Import ideas and their comments from elsewhere; a second import of the same files changes nothing."""
    settings = setting.load()

    content, discussion = file.read_bytes(), comments.read_bytes() if comments else None

    async def run(database: Database) -> Outcome:
        return await imports.import_files(
            database,
            content,
            discussion,
            source=source,
            dry_run=dry_run,
            now=clock.now(),
        )

    try:
        outcome = setting.write(run, settings)
    except Refusal as refusal:
        typer.echo(f"ideabox: {refusal.detail}", err=True)
        raise typer.Exit(1) from refusal
    _tell(outcome)
    raise typer.Exit(1 if outcome.bad else 0)


def _tell(outcome: Outcome) -> None:
    for kind, counts in (("ideas", outcome.ideas), ("comments", outcome.comments)):
        typer.echo(
            f"{kind}: {counts.created} new ({counts.withdrawn} of them withdrawn), "
            f"{counts.unchanged} unchanged, {counts.changed} changed elsewhere and left alone"
        )
    typer.echo(f"authors: {outcome.matched} employees, {outcome.placeholders} placeholders")
    told: list[Note | BadRow] = [*outcome.notes, *outcome.bad]
    for one in told:
        typer.echo(f"{one.file} line {one.line} {one.column}: {one.detail} ({one.code})", err=True)
    typer.echo("Written." if outcome.written else "Nothing was written.")


def demo(
    employees: int = typer.Option(4573, min=20, max=200_000, help="How many employees."),
    ideas: int = typer.Option(3600, min=10, max=1_000_000, help="How many ideas."),
    seed: int = typer.Option(2012, help="The same seed makes the same world."),
    as_of: str = typer.Option("", help="The last day of the world (YYYY-MM-DD), today by default."),
    tenth: bool = typer.Option(False, "--tenth", help="A tenth of the whole: 457 employees, 360 ideas."),
    if_empty: bool = typer.Option(False, "--if-empty", help="Do nothing when there are people already."),
) -> None:
    """Build the world of Eurêka, through the application's own services."""
    settings = setting.load()
    size = (457, 360) if tenth else (employees, ideas)

    async def run(database: Database) -> str:
        return await world.build(
            database,
            settings,
            employees=size[0],
            ideas=size[1],
            seed=seed,
            as_of=as_of or None,
            if_empty=if_empty,
        )

    try:
        typer.echo(setting.write(run, settings))
    except world.NotPossible as error:
        typer.echo(f"ideabox: {error}", err=True)
        raise typer.Exit(1) from error


def doctor() -> None:
    """Check settings, schema and data, and say what to do; safe beside a running server."""
    settings = setting.load()
    found = check_settings(settings)
    standing, needed = migrations.current(settings), revisions.find_head()
    if standing != needed:
        remedy = "Run `ideabox migrate`."
        found.append(
            Finding("error", f"The schema stands at {standing}, this version needs {needed}", remedy)
        )
    else:
        found += setting.read(audits.audit, settings)
    for finding in found:
        typer.echo(f"{finding.level}: {finding.what}. {finding.remedy}".rstrip())
    errors = sum(finding.level == "error" for finding in found)
    warnings = sum(finding.level == "warning" for finding in found)
    typer.echo(f"doctor: {errors} errors, {warnings} warnings.")
    raise typer.Exit(1 if errors else 0)


def check_settings(settings: Settings) -> list[Finding]:
    """Return what is for development only, and what can not be meant."""
    found: list[Finding] = []
    if settings.environment != "production":
        what = f"The environment is {settings.environment}"
        found.append(Finding("warning", what, "Set IDEABOX_ENVIRONMENT=production where people work."))
    if settings.secret == DEVELOPMENT_SECRET:
        found.append(Finding("warning", "The secret key is the published one", "Set IDEABOX_SECRET_KEY."))
    if settings.company_region and not holidays.is_known(settings.company_region):
        what = f"No public holidays are known for the region {settings.company_region}: every weekday counts"
        remedy = "Set IDEABOX_COMPANY_REGION to a code of ISO 3166, such as FR or DE-BY, or to nothing."
        found.append(Finding("warning", what, remedy))
    return found
