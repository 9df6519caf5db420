"""Making releases: what is due is told once, and stays as it was told."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlmodel import col

from app.core import clock
from app.core.db import Database, ReadSession, WriteSession
from app.domain import measures, release_tables, releases
from app.domain.register import Entry
from app.domain.release_tables import HEADCOUNT, Cells, Weighed
from app.domain.releases import EVER, MONTH
from app.models.campaigns import Campaign
from app.models.employees import Employee, Employment
from app.models.releases import Release, ReleasedFigure
from app.queries import participation, released_figures, statistics
from app.queries.released_figures import Cell
from app.queries.statistics import Filters, Scope
from app.services import register

Kept = Mapping[tuple[str, str], Mapping[str, Cell]]
"""What was told last, by entity and table, by measure."""


async def keep_due(database: Database, *, now: datetime) -> int:
    """Make every release whose day is over and that was not made yet, the first one first; returns how many.

    Each is one transaction. A second worker that is at the same one finds it made.
    """
    made = 0
    while True:
        async with database.reader() as session:
            day = await find_due(session, now=now)
        if day is None:
            return made
        async with database.writer() as session:
            if await find_due(session, now=now) == day:
                await make(session, day, now=now)
                made += 1


async def find_due(session: ReadSession, *, now: datetime) -> date | None:
    """Return the next release that is due: the end of the first month in which anybody worked, then of each one."""
    last = await session.scalar(select(func.max(col(Release.day))))
    if last is None:
        began = await session.scalar(
            select(func.min(col(Employment.started_at)))
            .join(Employee, col(Employee.id) == col(Employment.employee_id))
            .where(col(Employee.kind) == "employee")
        )
        if began is None:
            return None
        day = releases.next_release(clock.day_in(session.zone, began) - timedelta(days=1))
    else:
        day = releases.next_release(last)
    return day if day < clock.day_in(session.zone, now) else None


async def make(session: WriteSession, day: date, *, now: datetime) -> None:
    """Tell how things stood at the end of a day."""
    scope = await _get_scope(session, day, now=now)
    entire = await _weigh(session, scope)
    past = await released_figures.list_past(session)
    tables: dict[str, Mapping[str, Cells]] = {EVER: release_tables.tell_ever(entire, past)}
    before = {measure: known[-1].told for measure, known in past.items()}
    month = await _get_scope(session, day, now=now, since=releases.begin_month(day))
    tables[MONTH] = release_tables.tell_part(
        await _weigh(session, month), entire, ever=tables[EVER], before=before
    )
    for campaign in await _list_ended(session, scope):
        narrowed = await _get_scope(session, day, now=now, campaign=campaign)
        tables[campaign] = release_tables.tell_part(await _weigh(session, narrowed), entire)
    last = await released_figures.find_last(session, day)
    kept: Kept = await released_figures.list_entities(session, last, [EVER]) if last else {}
    session.add(Release(day=day, made_at=now, parents=scope.parents, inhabited=sorted(entire.inhabited)))
    for topic, table in tables.items():
        for measure, cells in table.items():
            session.add_all(_list_rows(day, topic, measure, cells, kept))
    register.enter(session, Entry("releases.made", facts={"day": day}), now=now)
    await session.flush()


def _list_rows(day: date, topic: str, measure: str, cells: Cells, kept: Kept) -> list[ReleasedFigure]:
    """Return the rows of what is told otherwise than before."""
    rows = []
    for entity, told in cells.items():
        last = kept.get((entity, topic), {}).get(measure)
        same_headcount = measure == HEADCOUNT and last is not None and last.told == told
        if same_headcount or (told is None and last is None):
            continue
        rows.append(
            ReleasedFigure(
                entity_id=entity,
                topic=topic,
                measure=measure,
                day=day,
                people=None if told is None else told.people,
                headcount=None if told is None else told.headcount,
            )
        )
    return rows


async def _get_scope(
    session: ReadSession,
    day: date,
    *,
    now: datetime,
    since: date | None = None,
    campaign: str | None = None,
) -> Scope:
    """Return what a table is about, with the tree of all entities as it is now."""
    filters = Filters(as_of=day, since=since, campaign=campaign)
    return await statistics.grow_scope(session, filters, zone=session.zone, now=now)


async def _weigh(session: ReadSession, scope: Scope) -> Weighed:
    return participation.weigh(scope, await participation.count(session, scope, scope.period, scope.campaign))


async def _list_ended(session: ReadSession, scope: Scope) -> list[str]:
    """Return the campaigns that ended in the month of a release."""
    began = measures.start_day(releases.begin_month(scope.period.as_of), session.zone)
    ended = col(Campaign.ends_at)
    return list(
        await session.scalars(
            select(col(Campaign.id))
            .where(ended >= began, ended < scope.period.until)
            .order_by(col(Campaign.id))
        )
    )
