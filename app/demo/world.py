"""Building the demonstration's world: the plan is carried out by the application's own services, day by day."""

import csv
import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy import func, select

from app.core import clock, ids
from app.core.config import Settings
from app.core.db import Database
from app.core.security.passwords import PasswordVault
from app.core.security.seals import Seals
from app.demo import accounts, giving, organisation, outcomes, plan, tallies, telling
from app.demo.organisation import COLUMNS, Organisation
from app.demo.people import Troupe
from app.demo.staffing import CAST
from app.demo.stage import Stage
from app.jobs.drain import drain
from app.models.employees import Employee
from app.services import (
    badges,
    campaigns,
    directory,
    leaderboards,
    links,
    passwords,
    phases,
    releases,
    segments,
)

_DRAINED_EVERY = 20
"""Days between two rounds of reactions: the ledger keeps the days of the events, not of the rounds."""


class NotPossible(Exception):
    """The world can't be built here; the text says why."""


async def build(
    database: Database,
    settings: Settings,
    *,
    employees: int,
    ideas: int,
    seed: int,
    as_of: str | None,
    if_empty: bool,
) -> str:
    """Build the whole world in an empty database; returns what to tell the person.

    The same seed, sizes and day make the same world, identifiers included.

    Raises: NotPossible.
    """
    async with database.reader() as session:
        present = await session.scalar(select(func.count()).select_from(Employee))
    if present and if_empty:
        return f"There are {present} people already: nothing was made up."
    if present:
        raise NotPossible(f"the database has {present} people: a demonstration needs an empty one")
    day = _read_day(as_of, settings)
    rng = Random(seed)
    company = organisation.build(rng, employees)
    story = plan.build(rng, company, employees=employees, ideas=ideas, as_of=day)
    with ids.drawn_from(Random(f"identifiers {seed}")), _show_progress() as progress:
        bar = progress.add_task("people", total=len(story.days))
        troupe = await _bring_in(database, settings, company, story.days[0].acts[0].at - timedelta(hours=1))
        stage = Stage(troupe)
        await _announce(database, troupe, story)
        for number, today in enumerate(story.days, 1):
            async with database.writer() as session:
                await stage.play(session, today.acts)
            if number % _DRAINED_EVERY == 0:
                await _drain(database, today.acts[-1].at)
            progress.update(bar, description=f"{today.date}", completed=number)
        await _round_off(database, company, troupe, story, rng)
    return "\n".join([_summarise(story, employees, ideas), *await tallies.list_lines(database)])


async def _work_out(database: Database, now: datetime) -> None:
    """Do what is done by night."""
    await segments.compute(database, now=now)
    await leaderboards.compute(database, now=now)
    await releases.keep_due(database, now=now)
    await badges.award(database, now=now)


async def _round_off(
    database: Database, company: Organisation, troupe: Troupe, story: plan.Plan, rng: Random
) -> None:
    """Tell what came of it all, give, and work out what a night works out."""
    end = story.days[-1].acts[-1].at
    await outcomes.tell(database, troupe, story.campaigns, now=end)
    await _drain(database, end)
    await giving.give(database, troupe, now=end)
    await telling.publish(database, company, troupe, now=end)
    await telling.compare(database, company, troupe, rng, now=end)
    await _drain(database, end)
    await _work_out(database, end)


def _read_day(as_of: str | None, settings: Settings) -> date:
    today = clock.day_in(settings.company_timezone, clock.now())
    if not as_of:
        return today
    try:
        day = date.fromisoformat(as_of)
    except ValueError as error:
        raise NotPossible(f"{as_of!r} is not a day (YYYY-MM-DD)") from error
    if day > today:
        raise NotPossible("a world can't end in the future")
    return day


async def _bring_in(database: Database, settings: Settings, company: Organisation, at: datetime) -> Troupe:
    """Import the people as a directory file, and give the cast their password."""
    outcome = await directory.import_file(
        database, _write_csv(company), dry_run=False, skip_bad=False, full=False, actor_id=None, now=at
    )
    if not outcome.accepted:
        raise NotPossible("; ".join(outcome.describe()))
    async with database.reader() as session:
        troupe = await Troupe.gather(session)
    emails = {person.name: person.email for person in company.employees[: len(CAST)]}
    vault = PasswordVault(concurrency=settings.hash_concurrency)
    seals = Seals([settings.secret])
    try:
        for person in company.employees[: len(CAST)]:
            async with database.writer() as session:
                employee = await session.get_one(Employee, troupe.ids[person.external_id])
                secret = await links.issue(session, employee, "invitation", now=at)
            await passwords.redeem(
                database,
                vault,
                seals,
                link=secret,
                password=accounts.PASSWORD,
                company=settings.company_name,
                now=at,
            )
    finally:
        vault.close()
    accounts.write_down(settings.data_dir, emails)
    return troupe


def _write_csv(company: Organisation) -> bytes:
    text = io.StringIO()
    rows = csv.DictWriter(text, COLUMNS)
    rows.writeheader()
    rows.writerows(company.rows())
    return text.getvalue().encode()


async def _announce(database: Database, troupe: Troupe, story: plan.Plan) -> None:
    async with database.writer() as session:
        for campaign in story.campaigns:
            announced = await campaigns.announce(
                session,
                name=campaign.name,
                question=campaign.question,
                sponsor_id=troupe.ids[campaign.sponsor],
                starts_at=campaign.opens_at,
                ends_at=campaign.closes_at,
                now=campaign.opens_at,
                later=outcomes.lay(campaign),
            )
            troupe.campaigns[campaign.key] = announced.id


async def _drain(database: Database, now: datetime) -> None:
    await phases.advance(database, now=now)
    while await drain(database, now=now):
        pass


def _show_progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        transient=True,
    )


def _summarise(story: plan.Plan, employees: int, ideas: int) -> str:
    figures = story.figures
    whole: Callable[[int], str] = lambda number: f"{number:,}"  # noqa: E731  one way to write numbers
    text = (
        f"Made up {whole(employees)} employees and {whole(ideas)} ideas: {whole(figures.connected)} people connected, "
        f"{whole(figures.submitted)} submitted, {whole(figures.commented)} commented, {whole(figures.voted)} voted."
    )
    if employees < organisation.FULL_SIZE:
        text += "\nThis is a part of the world of Eurêka; the whole: `ideabox demo` in an empty database."
    return text
