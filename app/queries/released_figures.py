"""Reading what releases told of entities, and of everything that they told anew."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.core.db import ReadSession
from app.domain import breakdowns, measures, releases
from app.domain.breakdowns import WHOLE
from app.domain.measures import FIGURES
from app.domain.release_tables import HEADCOUNT, MEASURES
from app.domain.releases import EVER, Knowledge, Told
from app.models.releases import Release, ReleasedFigure
from app.queries.statistics import Scope
from app.schemas.statistics import HIDDEN, UNRELEASED, Hidden, Participation, ReleaseShown, Share


class Cell(NamedTuple):
    """A figure as it was told, and the end of the day whose state it tells."""

    told: Told
    as_of: date


Cells = Mapping[str, Cell]
"""What is told of an entity, by measure; hidden ones are missing."""


async def find_last(session: ReadSession, day: date) -> date | None:
    """Return the last release on or before a day, None before the first one."""
    found: date | None = await session.scalar(
        select(func.max(col(Release.day))).where(col(Release.day) <= day)
    )
    return found


async def list_entities(
    session: ReadSession, day: date, topics: Iterable[str], entities: Iterable[str] | None = None
) -> Mapping[tuple[str, str], Cells]:
    """Return what a release tells by entity and table, of all entities or of some; one statement.

    Of a month it is that of the release alone, of everything and of a campaign what was told last.
    """
    found: defaultdict[tuple[str, str], dict[str, Cell]] = defaultdict(dict)
    for row in await session.execute(_select_last(day, list(topics), entities)):
        if (
            row.people is not None
            and row.headcount is not None
            and (row.topic != releases.MONTH or row.day == day)
        ):
            found[row.entity_id, row.topic][row.measure] = Cell(Told(row.people, row.headcount), row.day)
    return found


async def list_past(session: ReadSession) -> dict[str, list[Knowledge]]:
    """Return what follows from each release of everything until its day, by measure, the first release first."""
    releases_made = list(await session.scalars(select(Release).order_by(col(Release.day))))
    told: dict[tuple[date, str], dict[str, Told]] = {}
    rows: Any = await session.execute(
        select(
            col(ReleasedFigure.day),
            col(ReleasedFigure.measure),
            col(ReleasedFigure.entity_id),
            col(ReleasedFigure.people),
            col(ReleasedFigure.headcount),
        ).where(col(ReleasedFigure.topic) == EVER, col(ReleasedFigure.people).is_not(None))
    )
    for day, measure, entity, people, headcount in rows:
        told.setdefault((day, measure), {})[entity] = Told(people, headcount)
    past: dict[str, list[Knowledge]] = {}
    for release in releases_made:
        tree = breakdowns.grow(release.parents)
        for measure in FIGURES:
            figures = told.get((release.day, measure), {})
            # A company below the floor was told nothing.
            if WHOLE in figures:
                past.setdefault(measure, []).append(releases.know(figures, tree, release.inhabited))
    return past


@dataclass(frozen=True, slots=True)
class Shown:
    """What the last release says of entities, for the days and the campaign of a scope.

    `table` is None where no release tells of these days; `day` is then the last end of a month all the same.
    """

    day: date
    table: str | None
    found: Mapping[tuple[str, str], Cells]

    def get(self, entity: str) -> Cells:
        """Return what is told of an entity, with the headcount of the day of the release."""
        if self.table is None:
            return {}
        cells = dict(self.found.get((entity, self.table), {}))
        headcount = self.found.get((entity, EVER), {}).get(HEADCOUNT)
        return cells if headcount is None else cells | {HEADCOUNT: headcount._replace(as_of=self.day)}


async def find(session: ReadSession, scope: Scope, entities: Iterable[str]) -> Shown:
    """Return what the last release on or before the days of a scope says of some entities; two statements."""
    period = scope.period
    day = await find_last(session, period.last)
    if day is None:
        return Shown(releases.last_release(period.last), None, {})
    table = releases.find_table(period.first, period.last, day, scope.campaign)
    return Shown(day, table, await list_entities(session, day, {table, EVER}, entities) if table else {})


async def show(session: ReadSession, scope: Scope, entity: str) -> Participation:
    """Return what was released last of an entity, for the days and the campaign that were asked for."""
    shown = await find(session, scope, [entity])
    cells = shown.get(entity)
    hidden = [name for name in MEASURES if name not in cells]
    shares = {name: share(cells.get(name)) for name in FIGURES}
    return Participation(
        as_of=shown.day,
        headcount=cells[HEADCOUNT].told.people if HEADCOUNT in cells else None,
        **shares,
        hidden=Hidden(figures=hidden, detail=HIDDEN if shown.table else UNRELEASED) if hidden else None,
        release=ReleaseShown(
            day=shown.day,
            next_day=releases.next_release(shown.day),
            as_of={name: cells[name].as_of for name in FIGURES if name in cells},
        ),
    )


def share(cell: Cell | None) -> Share:
    """Return a figure with its fraction of the headcount of its day."""
    if cell is None:
        return Share(people=None, rate=None)
    return Share(people=cell.told.people, rate=measures.share(cell.told.people, cell.told.headcount))


def _select_last(day: date, topics: list[str], entities: Iterable[str] | None) -> Select[Any]:
    """Return the statement of the last row of each figure on or before a day."""
    later = aliased(ReleasedFigure)
    same = and_(
        col(later.entity_id) == col(ReleasedFigure.entity_id),
        col(later.topic) == col(ReleasedFigure.topic),
        col(later.measure) == col(ReleasedFigure.measure),
    )
    newest = select(func.max(col(later.day))).where(same, col(later.day) <= day).scalar_subquery()
    statement: Any = select(
        col(ReleasedFigure.entity_id),
        col(ReleasedFigure.topic),
        col(ReleasedFigure.measure),
        col(ReleasedFigure.day),
        col(ReleasedFigure.people),
        col(ReleasedFigure.headcount),
    ).where(col(ReleasedFigure.topic).in_(topics), col(ReleasedFigure.day) == newest)
    if entities is not None:
        statement = statement.where(col(ReleasedFigure.entity_id).in_(list(entities)))
    chosen: Select[Any] = statement
    return chosen
