"""`jobs`: what the jobs did, what waits for them, what failed; and playing it again."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import typer
from sqlalchemy import update
from sqlmodel import col

from app.cli import setting
from app.core import clock
from app.core.db import Database
from app.core.meters import Backlog
from app.models.events import Event
from app.models.jobs import JobRecord
from app.queries import jobs as reading
from app.services import badges as awarding
from app.services import recomputation


def install(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(jobs)


def jobs(
    replay: bool = typer.Option(False, "--replay", help="Try failed events again."),
    settle: bool = typer.Option(False, "--settle", help="Write what is missing in the points ledger."),
    badges: bool = typer.Option(False, "--badges", help="Look at everybody's badges anew, from the record."),
) -> None:
    """Show what each job did and what waits, and the events that failed; play those again; points or badges anew."""

    async def show(database: Database) -> None:
        now = clock.now()
        async with database.reader() as session:
            records = await reading.list_records(session)
            backlogs = await reading.measure_backlogs(session, now=now)
            failed = await reading.list_failed(session)
        typer.echo(f"{backlogs['events.drain'].waiting} events wait.")
        for line in describe(records, backlogs, now=now):
            typer.echo(line)
        for event in failed:
            state = "given up" if event.attempts >= reading.MAX_ATTEMPTS else "will be tried again"
            typer.echo(
                f"{event.sequence} {event.kind}: failed {event.attempts} times ({event.failure}), {state}"
            )

    async def play_again(database: Database) -> None:
        async with database.writer() as session:
            await session.execute(
                update(Event)
                .where(col(Event.worked_off_at).is_(None), col(Event.attempts) > 0)
                .values(attempts=0, retry_at=None)
            )

    async def settle_points(database: Database) -> None:
        written = await recomputation.settle_all(database, now=clock.now())
        typer.echo(f"{written} entries were missing in the points ledger.")

    async def award_badges(database: Database) -> None:
        changed = await awarding.award_again(database, now=clock.now())
        typer.echo(f"{changed} badges came, went or changed.")

    settings = setting.load()
    if badges:
        setting.write(award_badges, settings)
    if settle:
        setting.write(settle_points, settings)
    if replay:
        setting.write(play_again, settings)
    setting.read(show, settings)


def describe(records: Iterable[JobRecord], backlogs: dict[str, Backlog], *, now: datetime) -> list[str]:
    """Return a line for each job that ran or that rows can wait for, by name."""
    done = {record.job: record for record in records}
    return [
        f"{name}: {_describe_runs(done.get(name), now)}{_describe_backlog(backlogs.get(name), now)}"
        for name in sorted({*done, *backlogs})
    ]


def _describe_runs(record: JobRecord | None, now: datetime) -> str:
    if record is None or not record.runs:
        return "no runs yet"
    said = (
        f"{record.runs} runs, {record.failures} failed, {record.handled} rows, "
        f"{record.seconds / record.runs:.3f} s each"
    )
    if record.succeeded_at:
        said += f", last success {_age(now - record.succeeded_at)} ago"
    if record.failed_at:
        said += f", last failure {_age(now - record.failed_at)} ago ({record.failure})"
    return said


def _describe_backlog(backlog: Backlog | None, now: datetime) -> str:
    if backlog is None:
        return ""
    oldest = f", the oldest for {_age(now - backlog.oldest)}" if backlog.oldest else ""
    return f"; {backlog.waiting} wait{oldest}; {backlog.dead} given up"


def _age(span: timedelta) -> str:
    seconds = max(0, int(span.total_seconds()))
    for unit, name in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * unit:
            return f"{seconds // unit} {name}"
    return f"{seconds} s"
