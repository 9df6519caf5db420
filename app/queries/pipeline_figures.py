"""Counting ideas: where they stood at the end of a day, and how long answers and decisions took."""

from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy import Select, SQLColumnExpression, and_, func, or_, select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain import breakdowns, idea_marks
from app.domain.actors import Actor
from app.domain.measures import Period
from app.domain.pipeline import WITH_POTENTIAL, Stage
from app.domain.rollups import COUNTS, TIMES
from app.models.authorships import Authorship
from app.models.ideas import Idea
from app.models.itinerary import ItineraryEntry
from app.queries import boards, delays, statistics
from app.queries.statistics import Filters, Scope
from app.schemas.statistics import PipelineFigures, Stages


async def get_pipeline_figures(
    session: ReadSession, actor: Actor, filters: Filters, *, zone: str, now: datetime
) -> PipelineFigures:
    """Return the ideas that were submitted until the end of a day, by the stage where they stood then.

    `zone` is the company's time zone. One statement to five; definitions are in docs/measures.md.

    Raises: RoleMissing, DayToCome, DaysReversed, UnknownFilter.
    """
    scope = await statistics.get_scope(session, actor, filters, zone=zone, now=now)
    sums = await boards.read(session, scope, COUNTS, TIMES)
    # Of an entity that is the whole company those count that come from one.
    counts = sums if scope.entity is None else await boards.read(session, scope, COUNTS, placed=True)
    stages = await _count_stages(session, scope) if counts is None else idea_marks.count_stages(counts)
    measured = await delays.measure(session, scope, sums)
    return PipelineFigures(
        as_of=scope.period.as_of,
        ideas=sum(stages.values()),
        stages=Stages(**{stage.value: stages[stage] for stage in Stage}),
        with_potential=sum(stages[stage] for stage in WITH_POTENTIAL),
        time_to_first_answer=measured.answers,
        time_to_decision=measured.decisions,
    )


async def _count_stages(session: ReadSession, scope: Scope) -> Counter[Stage]:
    """Return the number of ideas by stage; below the company, of those without a name what may be told."""
    ideas: Select[*tuple[Any, ...]] = select(
        _get_stage(scope.period).label("stage"),
        col(Idea.origin_id).label("origin"),
        col(Idea.anonymous).label("unnamed"),
    ).where(statistics.is_meant(scope), col(Idea.stage) != Stage.DRAFT)
    if scope.tree is None or scope.entity is None or scope.is_whole:
        found = (ideas if scope.entity is None else ideas.where(col(Idea.origin_id).is_not(None))).subquery()
        counts = await session.execute(select(found.c.stage, func.count()).group_by(found.c.stage))
        return Counter({Stage(row[0]): row[1] for row in counts})
    told = or_(col(Idea.anonymous).is_(False), statistics.is_released(col(Idea.submitted_at), scope.period))
    found = ideas.where(told).subquery()
    keys = (found.c.stage, found.c.origin, found.c.unnamed)
    rows = await session.execute(select(*keys, func.count()).group_by(*keys))
    crowds = {row[0]: row[1] for row in await session.execute(_select_crowds(scope))}
    placed = breakdowns.place_unnamed(scope.tree, crowds)
    below = scope.tree.list_below(scope.entity)
    counted = Counter[Stage]()
    for stage, origin, unnamed, number in rows:
        if (placed.get(origin) if unnamed else origin) in below:
            counted[Stage(stage)] += number
    return counted


def _select_crowds(scope: Scope) -> Select[Any]:
    """Return the statement of how many people submitted without a name, each counted in one entity."""
    author = col(Authorship.employee_id)
    people = (
        select(func.min(col(Idea.origin_id)).label("origin"))
        .join(Authorship, and_(col(Authorship.idea_id) == col(Idea.id), col(Authorship.position) == 0))
        .where(
            statistics.is_meant(scope),
            col(Idea.anonymous).is_(True),
            statistics.is_released(col(Idea.submitted_at), scope.period),
            col(Idea.origin_id).is_not(None),
        )
        .group_by(author)
        .subquery()
    )
    return select(people.c.origin, func.count()).group_by(people.c.origin)


def _get_stage(period: Period) -> SQLColumnExpression[str]:
    """Return where an idea stood at the end of a day by its itinerary; today by itself, which is the same."""
    if period.current:
        return col(Idea.stage)
    stage = (
        select(col(ItineraryEntry.to_stage))
        .where(col(ItineraryEntry.idea_id) == col(Idea.id), col(ItineraryEntry.at) < period.until)
        .order_by(col(ItineraryEntry.position).desc())
        .limit(1)
        .correlate(Idea)
        .scalar_subquery()
    )
    # What was imported later stood already submitted elsewhere.
    return func.coalesce(stage, Stage.SUBMITTED.value)
