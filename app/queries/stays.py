"""Measuring how long ideas stood in each stage, and how long those have stood that are still there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, case, extract, func, or_, select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain.pipeline import OPEN_STAGES, Stage
from app.domain.privacy import FLOOR
from app.models.ideas import Idea
from app.models.itinerary import ItineraryEntry
from app.queries import statistics
from app.queries.statistics import Scope
from app.schemas.figures import Stay

_DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Stays:
    """How long ideas stood, by stage: those that went on until the day of a figure, and those that were still there."""

    left: Mapping[Stage, Stay]
    waiting: Mapping[Stage, Stay]


async def measure(session: ReadSession, scope: Scope) -> Stays:
    """Return how long the ideas of a figure stood in each stage that has a next step; one statement.

    A stay begins and ends with the entry of the itinerary that changes the stage. Of part of the company, and of some
    days or topics only, times of fewer than 5 ideas are not told.
    """
    least = FLOOR if scope.narrowed else 1
    found: dict[bool, dict[Stage, list[Any]]] = {True: {}, False: {}}
    for row in await session.execute(_select_middle(scope)):
        found[bool(row.left)].setdefault(Stage(row.stage), []).append(row)
    left, waiting = (
        {stage: _shape(found[went_on].get(stage, []), least) for stage in Stage if stage in OPEN_STAGES}
        for went_on in (True, False)
    )
    return Stays(left, waiting)


def _shape(rows: list[Any], least: int) -> Stay:
    ideas: int = rows[0].ideas if rows else 0
    if ideas < least or not rows:
        return Stay(ideas=ideas, median_days=None, p90_days=None)
    days = {row.rank: float(row.seconds) / _DAY_SECONDS for row in rows}
    middle = [value for rank, value in days.items() if ideas <= 2 * rank <= ideas + 2]
    return Stay(
        ideas=ideas,
        median_days=round(sum(middle) / len(middle), 2),
        p90_days=round(days[-(-ideas * 9 // 10)], 2),
    )


def _select_middle(scope: Scope) -> Select[Any]:
    """Return the statement of the middle stays of each stage, and of that which nine tenths come up to."""
    entry = ItineraryEntry
    turns = (
        select(
            col(entry.idea_id).label("idea_id"),
            col(entry.to_stage).label("stage"),
            col(entry.at).label("began_at"),
            func.lead(col(entry.at))
            .over(partition_by=col(entry.idea_id), order_by=col(entry.position))
            .label("ended_at"),
        )
        .join(Idea, col(Idea.id) == col(entry.idea_id))
        .where(
            statistics.is_meant(scope),
            statistics.is_from(scope),
            col(entry.at) < scope.period.until,
            or_(col(entry.from_stage) != col(entry.to_stage), col(entry.position) == 1),
        )
        .subquery()
    )
    left = case((turns.c.ended_at.is_(None), 0), else_=1)
    ended = func.coalesce(extract("epoch", turns.c.ended_at), scope.period.until.timestamp())
    seconds = ended - extract("epoch", turns.c.began_at)
    key = (turns.c.stage, left)
    ranked = (
        select(
            turns.c.stage.label("stage"),
            left.label("left"),
            seconds.label("seconds"),
            func.row_number()
            .over(partition_by=key, order_by=(seconds, turns.c.idea_id, turns.c.began_at))
            .label("rank"),
            func.count().over(partition_by=key).label("ideas"),
        )
        .where(turns.c.stage.in_(sorted(OPEN_STAGES)))
        .subquery()
    )
    rank, ideas = ranked.c.rank, ranked.c.ideas
    middle = and_(rank * 2 >= ideas, rank * 2 <= ideas + 2)
    ninth_tenth = and_(rank * 10 >= ideas * 9, rank * 10 < ideas * 9 + 10)
    return select(ranked).where(or_(middle, ninth_tenth))
