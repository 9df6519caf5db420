"""Engagement for HR: the figures of participation by entity and month, and of the pipeline; never a person's."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import col

from app.core import clock
from app.core.db import ReadSession
from app.domain import breakdowns, exports, measures
from app.domain.actors import Actor
from app.domain.breakdowns import WHOLE
from app.domain.exports import MOST_MONTHS, TooManyMonths, What
from app.domain.measures import FIGURES
from app.domain.release_tables import HEADCOUNT, MEASURES
from app.models.entities import Entity
from app.queries import participation, pipeline_figures, released_figures, statistics
from app.queries.released_figures import Shown
from app.queries.statistics import Filters, Scope

TOTAL = "total"
"""What stands for the month where everything up to the day of the figures counts."""

MONTHS = 12
"""Months that are told without a first day."""


class Cell(NamedTuple):
    """One figure, of `people` or `ideas`: None where it is hidden, then `shown` is false.

    `share` is of the headcount beside it.
    """

    entity: str | None
    path: str | None
    month: str
    as_of: date
    measure: str
    unit: str
    value: int | None
    headcount: int | None
    share: float | None
    shown: bool


@dataclass(frozen=True, slots=True)
class Engagement:
    """All figures, as of the end of a day."""

    as_of: date
    cells: list[Cell]


async def list_engagement(
    session: ReadSession,
    actor: Actor,
    filters: Filters,
    *,
    by_month: bool = True,
    zone: str,
    now: datetime,
) -> Engagement:
    """Return what `GET /stats/participation` and `/stats/pipeline` tell, month by month and in total.

    People of the whole company and of each entity (with an entity given: of that and those below it), first in total,
    then by month over the headcount of its last day; of an entity what was released of these days, as of the day that
    it tells of. Numbers of ideas are those of the whole company, or of the entity. Months are those from `since` on,
    without it the last twelve; each is what it is if it is asked for alone, so that nothing is told here that is not
    told there. Not `by_month` is in total alone.

    Raises: RoleMissing, DayToCome, DaysReversed, UnknownFilter, TooManyMonths.
    """
    exports.check_may(actor, What.ENGAGEMENT)
    scope = await statistics.get_scope(session, actor, filters, zone=zone, now=now)
    as_of = scope.period.as_of
    paths = await _list_paths(session)
    cells: list[Cell] = []
    periods = _list_periods(filters, as_of, zone=zone)
    for month, asked in periods if by_month else [next(periods)]:
        cells += await _tell(session, actor, month, asked, paths, zone=zone, now=now)
    return Engagement(as_of, cells)


def _list_periods(filters: Filters, as_of: date, *, zone: str) -> Iterator[tuple[str, Filters]]:
    """Yield what is asked: the whole stretch, then its months, the first one first.

    Raises: TooManyMonths.
    """
    yield TOTAL, replace(filters, as_of=as_of)
    last = as_of if filters.to is None else min(_get_day(filters.to, zone), as_of)
    first = _step(last, -MONTHS + 1) if filters.since is None else _get_day(filters.since, zone)
    month = first.replace(day=1)
    if (last.year - month.year) * MONTHS + last.month - month.month >= MOST_MONTHS:
        raise TooManyMonths.at("query/from")
    while month <= last:
        end = min(_step(month, 1) - timedelta(days=1), last)
        yield f"{month:%Y-%m}", replace(filters, as_of=end, since=max(month, first), to=end)
        month = _step(month, 1)


async def _tell(
    session: ReadSession,
    actor: Actor,
    month: str,
    asked: Filters,
    paths: dict[str, str],
    *,
    zone: str,
    now: datetime,
) -> list[Cell]:
    whole = await statistics.get_scope(session, actor, replace(asked, entity=None), zone=zone, now=now)
    counted = await participation.count(session, whole, whole.period, whole.campaign)
    entire = await participation.count(session, whole, whole.entire, None) if whole.sliced else None
    told = participation.tell_whole(counted, entire)
    cells: list[Cell] = []
    if asked.entity is None:
        cells += _shape(WHOLE, paths, month, whole.period.as_of, told)
    cells += await _count_ideas(session, actor, month, asked, paths, zone=zone, now=now)
    root = asked.entity or next(iter(paths), None)
    if root is None:
        return cells
    scope = await statistics.get_scope(session, actor, replace(asked, entity=root), zone=zone, now=now)
    entities = _order(scope, asked.entity, paths)
    shown = await released_figures.find(session, scope, entities)
    for entity in entities:
        if scope.tree is not None and scope.tree.is_whole(entity):
            cells += _shape(entity, paths, month, whole.period.as_of, told)
        else:
            cells += _shape_released(entity, paths, month, shown, scope.period.as_of)
    return cells


def _order(scope: Scope, entity: str | None, paths: dict[str, str]) -> list[str]:
    """Return the entities in which somebody works or did in the month and those above, in the order of their paths."""
    tree = (scope.tree or breakdowns.grow({})).keep(scope.living)
    below = frozenset(tree.ordered) if entity is None else tree.list_below(entity)
    return [each for each in paths if each in below]


def _shape_released(entity: str, paths: dict[str, str], month: str, shown: Shown, as_of: date) -> list[Cell]:
    """Return what a release tells; a figure that it tells as before is as of the day of before."""
    told, shaped = shown.get(entity), []
    as_of = as_of if shown.table is None else shown.day
    for name in MEASURES:
        cell = told.get(name)
        day = as_of if cell is None else cell.as_of
        place = (entity, paths.get(entity), month, day, name, "people")
        if cell is None:
            shaped.append(Cell(*place, None, None, None, shown=False))
            continue
        people, headcount = cell.told.people, cell.told.headcount
        rate = None if name == HEADCOUNT else measures.share(people, headcount)
        shaped.append(Cell(*place, people, headcount, rate, shown=True))
    return shaped


def _shape(
    entity: str, paths: dict[str, str], month: str, as_of: date, told: dict[str, int | None]
) -> list[Cell]:
    headcount = told["headcount"]
    place = (entity or None, paths.get(entity), month, as_of)
    cells = [Cell(*place, "headcount", "people", headcount, headcount, None, headcount is not None)]
    return cells + [
        Cell(
            *place,
            name,
            "people",
            told[name],
            headcount,
            measures.share(told[name], headcount),
            told[name] is not None,
        )
        for name in FIGURES
    ]


async def _count_ideas(
    session: ReadSession,
    actor: Actor,
    month: str,
    asked: Filters,
    paths: dict[str, str],
    *,
    zone: str,
    now: datetime,
) -> list[Cell]:
    """Return the numbers of ideas: in total by stage as well."""
    figures = await pipeline_figures.get_pipeline_figures(session, actor, asked, zone=zone, now=now)
    told = {"ideas": figures.ideas}
    if month == TOTAL:
        stages = figures.stages.model_dump(exclude={"draft"})
        told["with_potential"] = figures.with_potential
        told |= {f"stage_{stage}": number for stage, number in stages.items()}
    place = (asked.entity, paths.get(asked.entity or WHOLE), month, figures.as_of)
    return [Cell(*place, name, "ideas", number, None, None, shown=True) for name, number in told.items()]


async def _list_paths(session: ReadSession) -> dict[str, str]:
    rows = await session.execute(select(col(Entity.id), col(Entity.path)).order_by(col(Entity.path)))
    return {row[0]: row[1] for row in rows}


def _get_day(given: date | datetime, zone: str) -> date:
    return clock.day_in(zone, given) if isinstance(given, datetime) else given


def _step(day: date, months: int) -> date:
    """Return the first day of the month so many months away; before the first of the calendar comes none."""
    number = max(day.year * MONTHS + day.month - 1 + months, MONTHS)
    return date(number // MONTHS, number % MONTHS + 1, 1)
