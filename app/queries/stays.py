"""Measuring how long ideas stood in each stage, and how long those have stood that are still there."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, func, or_, select
from sqlmodel import col

from app.core.db import ReadSession
from app.core.seconds import second_of
from app.domain import idea_marks, spreads
from app.domain.pipeline import OPEN_STAGES, Stage
from app.domain.privacy import FLOOR
from app.domain.rollups import Sums
from app.domain.spreads import PER_DAY, Spread
from app.models.ideas import Idea
from app.models.itinerary import ItineraryEntry
from app.queries import statistics
from app.queries.statistics import Scope
from app.schemas.figures import Stay

_STAGES = tuple(stage for stage in Stage if stage in OPEN_STAGES)

Stays = Mapping[Stage, Stay]
"""How long ideas stood, by stage that has a next step."""


async def measure_left(session: ReadSession, scope: Scope, sums: Sums | None) -> Stays:
    """Return how long the ideas of a figure stood where they went on from until its day.

    A stay begins and ends with the entry of the itinerary that changes the stage. Of part of the company, and of some
    days or topics only, times of fewer than 5 ideas are not told. One statement without the sums.
    """
    if sums is not None:
        return _tell(
            scope,
            {stage: spreads.measure(sums.get(f"stay {stage}", {}), unit=PER_DAY) for stage in _STAGES},
        )
    found: dict[str, list[Any]] = {}
    for row in await session.execute(_select_middle(scope, left=True)):
        found.setdefault(row.stage, []).append((row.rank, row.ideas, spreads.round_seconds(row.seconds)))
    return _tell(scope, {stage: _pick(found.get(stage, []), unit=PER_DAY) for stage in _STAGES})


async def measure_waiting(session: ReadSession, scope: Scope, sums: Sums | None) -> Stays:
    """Return for how many days the ideas of a figure had stood where they still were at the end of its day.

    Told like the stays that are over. One statement without the sums.
    """
    day = scope.period.as_of.toordinal()
    if sums is not None:
        waited = {
            stage: {day - came: ideas for came, ideas in sums.get(f"waiting {stage}", {}).items()}
            for stage in _STAGES
        }
        return _tell(scope, {stage: spreads.measure(waited[stage]) for stage in _STAGES})
    zone = ZoneInfo(session.zone)
    found: dict[str, list[Any]] = {}
    for row in await session.execute(_select_middle(scope, left=False)):
        days = day - idea_marks.find_day(row.began_at, zone)
        found.setdefault(row.stage, []).append((row.rank, row.ideas, days))
    return _tell(scope, {stage: _pick(found.get(stage, [])) for stage in _STAGES})


def _pick(rows: list[tuple[int, int, int]], *, unit: int = 1) -> Spread | None:
    return spreads.pick(rows[0][1], {row[0]: row[2] for row in rows}, unit=unit) if rows else None


def _tell(scope: Scope, measured: Mapping[Stage, Spread | None]) -> Stays:
    least = FLOOR if scope.narrowed else 1
    told = {}
    for stage, spread in measured.items():
        ideas = spread.number if spread else 0
        shown = spread if ideas >= least else None
        told[stage] = Stay(
            ideas=ideas,
            median_days=shown.median if shown else None,
            p90_days=shown.p90 if shown else None,
        )
    return told


def _select_middle(scope: Scope, *, left: bool) -> Select[Any]:
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
    began_at, ended_at = turns.c.began_at, turns.c.ended_at
    # Of those that still stand there, who came first has stood there longest, in days as in seconds.
    seconds = second_of(ended_at) - second_of(began_at) if left else -second_of(began_at)
    ranked = (
        select(
            turns.c.stage,
            began_at,
            seconds.label("seconds"),
            func.row_number().over(partition_by=turns.c.stage, order_by=seconds).label("rank"),
            func.count().over(partition_by=turns.c.stage).label("ideas"),
        )
        .where(turns.c.stage.in_(sorted(OPEN_STAGES)), ended_at.is_not(None) if left else ended_at.is_(None))
        .subquery()
    )
    rank, ideas = ranked.c.rank, ranked.c.ideas
    middle = and_(rank * 2 >= ideas, rank * 2 <= ideas + 2)
    ninth_tenth = and_(rank * 10 >= ideas * 9, rank * 10 < ideas * 9 + 10)
    return select(ranked).where(or_(middle, ninth_tenth))
