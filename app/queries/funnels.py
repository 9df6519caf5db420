"""Counting how far ideas came: which stages they ever reached, and what became of the others."""

from collections import Counter
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain import idea_marks
from app.domain.actors import Actor
from app.domain.idea_marks import STEPS
from app.domain.pipeline import Stage
from app.domain.rollups import COUNTS, WAITING
from app.models.ideas import Idea
from app.models.itinerary import ItineraryEntry
from app.queries import boards, statistics, stays
from app.queries.statistics import Filters, Scope
from app.schemas.figures import Funnel, FunnelStep

_ENDS = (Stage.DECLINED, Stage.WITHDRAWN, Stage.MERGED)


async def get_funnel(
    session: ReadSession, actor: Actor, filters: Filters, *, zone: str, now: datetime
) -> Funnel:
    """Return how many ideas reached each stage until the end of a day, and how long those wait that stand there.

    An idea that came to a stage reached the ones before it, too: a step may be left out, and what was imported stood
    somewhere already. One statement to five; definitions are in docs/measures.md.

    Raises: RoleMissing, DayToCome, DaysReversed, UnknownFilter.
    """
    scope = await statistics.get_idea_scope(session, actor, filters, zone=zone, now=now)
    sums = await boards.read(session, scope, COUNTS, WAITING)
    if sums is None:
        farthest, ended = await _count(session, scope)
    else:
        farthest, ended = idea_marks.count_farthest(sums), idea_marks.count_stages(sums)
    waiting = await stays.measure_waiting(session, scope, sums)
    steps, before = [], sum(farthest.values())
    submitted = before
    for place, stage in enumerate(STEPS):
        reached = sum(farthest[later] for later in STEPS[place:])
        steps.append(
            FunnelStep.model_validate(
                {
                    "stage": stage.value,
                    "reached": reached,
                    "of_submitted": reached / submitted if submitted else None,
                    "of_previous": reached / before if before else None,
                    "waiting": waiting.get(stage),
                }
            )
        )
        before = reached
    return Funnel(
        as_of=scope.period.as_of,
        steps=steps,
        declined=ended[Stage.DECLINED],
        withdrawn=ended[Stage.WITHDRAWN],
        merged=ended[Stage.MERGED],
    )


async def _count(session: ReadSession, scope: Scope) -> tuple[Counter[Stage], Counter[Stage]]:
    """Return ideas by the farthest stage that they reached, and those that ended by how; one statement each."""
    meant = (statistics.is_meant(scope), statistics.is_from(scope), col(Idea.stage) != Stage.DRAFT)
    there = col(ItineraryEntry.at) < scope.period.until
    rank = statistics.rank_stage(col(ItineraryEntry.to_stage), STEPS)
    reached = (
        select(col(Idea.id), func.max(func.coalesce(rank, 0)).label("rank"))
        .outerjoin(ItineraryEntry, (col(ItineraryEntry.idea_id) == col(Idea.id)) & there)
        .where(*meant)
        .group_by(col(Idea.id))
        .subquery()
    )
    ranks = await session.execute(select(reached.c.rank, func.count()).group_by(reached.c.rank))
    farthest = Counter({STEPS[row[0]]: row[1] for row in ranks})
    last = (
        select(func.max(col(ItineraryEntry.position)))
        .where(col(ItineraryEntry.idea_id) == col(Idea.id), there)
        .correlate(Idea)
        .scalar_subquery()
    )
    ends = await session.execute(
        select(col(ItineraryEntry.to_stage), func.count())
        .join(Idea, col(Idea.id) == col(ItineraryEntry.idea_id))
        .where(*meant, col(ItineraryEntry.to_stage).in_(_ENDS), col(ItineraryEntry.position) == last)
        .group_by(col(ItineraryEntry.to_stage))
    )
    return farthest, Counter({Stage(row[0]): row[1] for row in ends})
