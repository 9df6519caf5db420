"""Counting how ideas cross the company: whose they were, and whose first answer they got."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain import breakdowns, crossing_marks, crossings
from app.domain.actors import Actor
from app.domain.breakdowns import WHOLE
from app.domain.crossings import Answered, Row
from app.domain.measures import FIRST_ANSWERS
from app.models.authorships import Authorship
from app.models.employees import Employment
from app.models.entities import Entity
from app.models.ideas import Idea
from app.models.itinerary import ItineraryActor, ItineraryEntry
from app.queries import boards, statistics
from app.queries.statistics import Filters, Scope
from app.schemas.figures import Crossing, Origin, Travel


async def get_travel(
    session: ReadSession, actor: Actor, filters: Filters, *, zone: str, now: datetime
) -> Travel:
    """Return the matrix of authors' and answering entities, one level below an entity or the whole company.

    Signed ideas that got a first answer until the end of a day. Four to six statements, six more while people wait to
    be added.

    Raises: RoleMissing, DayToCome, DaysReversed, UnknownFilter.
    """
    scope = await statistics.get_idea_scope(session, actor, filters, zone=zone, now=now)
    entities: Any = await session.execute(select(col(Entity.id), col(Entity.parent_id), col(Entity.name)))
    parents, names = {}, {}
    for entity, parent, name in entities:
        parents[entity], names[entity] = parent, name
    tree = scope.tree or breakdowns.grow(parents)
    sums = await boards.read_crossings(session, scope, tree)
    if sums is None:
        answered, authors = await _count(session, scope, crossings.place(tree, scope.entity or WHOLE))
    else:
        answered, authors = crossing_marks.read_rows(sums)
    told = crossings.tell(answered, authors)
    return Travel(
        as_of=scope.period.as_of,
        ideas=sum(cell.ideas for cell in answered.values()),
        outside=crossings.share_outside(told),
        origins=[
            _shape(origin, told[origin], names) for origin in sorted(told, key=lambda key: (names[key], key))
        ],
    )


async def _count(
    session: ReadSession, scope: Scope, places: Mapping[str, str]
) -> tuple[dict[tuple[str, str], Answered], dict[str, int]]:
    """Return ideas and authors by the parts that wrote and answered, and the authors of each part, from the history."""
    ideas = Counter[tuple[str, str]]()
    authors: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    for origin, answering, author, number in await session.execute(_select_answered(scope)):
        if origin in places:
            cell = places[origin], places.get(answering, crossings.ELSEWHERE)
            ideas[cell] += number
            authors[cell].add(author)
            authors[cell[:1]].add(author)
    return (
        {cell: Answered(number, len(authors[cell])) for cell, number in ideas.items()},
        {row[0]: len(people) for row, people in authors.items() if len(row) == 1},
    )


def _shape(origin: str, row: Row, names: Mapping[str, str]) -> Origin:
    cells = [
        Crossing(answered_by=key, name=names.get(key, ""), ideas=ideas)
        for key, ideas in sorted(row.cells.items(), key=lambda each: (names.get(each[0], ""), each[0]))
    ]
    share = row.outside / row.ideas if row.ideas and row.outside is not None else None
    return Origin(entity=origin, name=names[origin], ideas=row.ideas, outside=share, answered=cells)


def _select_answered(scope: Scope) -> Select[Any]:
    """Return the statement of answered ideas by the entity of the author, that of whoever answered, and the author.

    Whoever answered is looked up where they worked then.
    """
    entry, until = ItineraryEntry, scope.period.until
    first = (
        select(col(entry.idea_id).label("idea_id"), func.min(col(entry.position)).label("position"))
        .join(Idea, col(Idea.id) == col(entry.idea_id))
        .where(
            statistics.is_meant(scope),
            statistics.is_from(scope),
            col(Idea.anonymous).is_(False),
            col(Idea.origin_id).is_not(None),
            col(entry.act).in_(sorted(FIRST_ANSWERS)),
            col(entry.at) < until,
        )
        .group_by(col(entry.idea_id))
        .subquery()
    )
    answering = col(Employment.entity_id)
    statement: Any = (
        select(col(Idea.origin_id), answering, col(Authorship.employee_id), func.count())
        .select_from(first)
        .join(Idea, col(Idea.id) == first.c.idea_id)
        .join(entry, and_(col(entry.idea_id) == first.c.idea_id, col(entry.position) == first.c.position))
        .join(ItineraryActor, col(ItineraryActor.ref) == col(entry.actor_ref))
        .join(Authorship, and_(col(Authorship.idea_id) == first.c.idea_id, col(Authorship.position) == 0))
        .join(
            Employment,
            and_(
                col(Employment.employee_id) == col(ItineraryActor.employee_id),
                col(Employment.started_at) <= col(entry.at),
                or_(col(Employment.ended_at).is_(None), col(Employment.ended_at) > col(entry.at)),
            ),
        )
        .group_by(col(Idea.origin_id), answering, col(Authorship.employee_id))
    )
    chosen: Select[Any] = statement
    return chosen
