"""Measuring how long ideas take: to their first answer, to a decision, in each stage; and promises kept."""

from datetime import datetime

from sqlalchemy import and_, case, func, or_, select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain.actors import Actor
from app.domain.privacy import FLOOR
from app.domain.rollups import PROMISE, TIMES, Sums
from app.models.ideas import Idea
from app.models.reviews import Review
from app.queries import boards, delays, statistics, stays
from app.queries.statistics import Filters, Scope
from app.schemas.figures import Promise, StageStay, Times


async def get_times(
    session: ReadSession, actor: Actor, filters: Filters, *, zone: str, now: datetime
) -> Times:
    """Return how long the ideas of a figure took until the end of a day; one statement to six.

    Raises: RoleMissing, DayToCome, DaysReversed, UnknownFilter.
    """
    scope = await statistics.get_idea_scope(session, actor, filters, zone=zone, now=now)
    sums = await boards.read(session, scope, TIMES, PROMISE)
    answers, decisions = await delays.measure(session, scope, sums)
    left = await stays.measure_left(session, scope, sums)
    stages = [StageStay.model_validate({"stage": stage.value, "stay": stay}) for stage, stay in left.items()]
    return Times(
        as_of=scope.period.as_of,
        first_answer=answers,
        decision=decisions,
        stages=stages,
        promise=await _count_kept(session, scope, sums),
    )


async def _count_kept(session: ReadSession, scope: Scope, sums: Sums | None) -> Promise:
    """Return how many first answers were due until the end of the day or came before, and how many came in time."""
    if sums is not None:
        return _tell(scope, *(sums.get(measure, {}).get(0, 0) for measure in ("due", "kept")))
    due_at = col(Review.first_answer_due_at)
    answered_at = func.coalesce(col(Review.acknowledged_at), col(Review.closed_at))
    until = scope.period.until
    in_time = and_(answered_at <= due_at, answered_at < until)
    row = (
        await session.execute(
            select(func.count(), func.coalesce(func.sum(case((in_time, 1), else_=0)), 0))
            .select_from(Review)
            .join(Idea, col(Idea.id) == col(Review.idea_id))
            .where(
                statistics.is_meant(scope),
                statistics.is_from(scope),
                col(Review.kind) == "review",
                due_at.is_not(None),
                or_(due_at < until, in_time),
            )
        )
    ).one()
    return _tell(scope, int(row[0]), int(row[1]))


def _tell(scope: Scope, due: int, kept: int) -> Promise:
    told = due >= (FLOOR if scope.narrowed else 1)
    return Promise(due=due, kept=kept if told else None, share=kept / due if told else None)
