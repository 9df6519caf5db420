"""Reading what the figures know of ideas: when they were submitted, what happened to them, what they brought."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain import rollups
from app.domain.breakdowns import Tree
from app.domain.idea_marks import Amount, Cost, Entry, Facts, Promise, Turn
from app.domain.pipeline import Stage
from app.models.gates import Gate
from app.models.ideas import Idea
from app.models.itinerary import ItineraryEntry
from app.models.reviews import Review


async def read(
    session: ReadSession, subjects: Collection[str], tree: Tree, zone: ZoneInfo
) -> dict[str, Facts]:
    """Return what the figures know of some ideas, of those that were submitted; four statements."""
    entries = await _read_entries(session, subjects)
    amounts, costs = await _read_gates(session, subjects)
    promises, turns = await _read_reviews(session, subjects)
    ideas: Any = await session.execute(
        select(
            col(Idea.id),
            col(Idea.submitted_at),
            col(Idea.theme_id),
            col(Idea.function_id),
            col(Idea.campaign_id),
            col(Idea.anonymous),
            col(Idea.origin_id),
        ).where(
            col(Idea.id).in_(subjects),
            col(Idea.submitted_at).is_not(None),
            col(Idea.stage) != Stage.DRAFT.value,
        )
    )
    found = {}
    for idea_id, submitted_at, theme, function, campaign, anonymous, origin in ideas:
        values = rollups.list_values(
            submitted=submitted_at.astimezone(zone).date(),
            theme=theme,
            function=function,
            campaign=campaign,
            origins=() if anonymous or origin is None else tree.list_upwards(origin),
            placed=origin is not None,
        )
        found[idea_id] = Facts(
            submitted_at,
            values,
            entries[idea_id],
            amounts.get(idea_id, ()),
            costs.get(idea_id, ()),
            promises[idea_id],
            turns.get(idea_id),
        )
    return found


async def _read_entries(session: ReadSession, subjects: Collection[str]) -> Mapping[str, Sequence[Entry]]:
    entry = ItineraryEntry
    rows: Any = await session.execute(
        select(
            col(entry.idea_id),
            col(entry.position),
            col(entry.at),
            col(entry.act),
            col(entry.from_stage),
            col(entry.to_stage),
        )
        .where(col(entry.idea_id).in_(subjects))
        .order_by(col(entry.idea_id), col(entry.position))
    )
    found: defaultdict[str, list[Entry]] = defaultdict(list)
    for idea_id, position, at, act, from_stage, to_stage in rows:
        found[idea_id].append(Entry(at, act, to_stage, position == 1 or from_stage != to_stage))
    return found


async def _read_gates(
    session: ReadSession, subjects: Collection[str]
) -> tuple[Mapping[str, Sequence[Amount]], Mapping[str, Sequence[Cost]]]:
    """Return the amounts that were given at gates, and the costs."""
    rows: Any = await session.execute(
        select(
            col(Gate.idea_id),
            col(Gate.at),
            col(Gate.stage),
            col(Gate.amount),
            col(Gate.currency),
            col(Gate.per),
            col(Gate.cost),
            col(Gate.cost_currency),
        )
        .where(
            col(Gate.idea_id).in_(subjects), or_(col(Gate.amount).is_not(None), col(Gate.cost).is_not(None))
        )
        # Of two at one moment the first one holds, by its identifier.
        .order_by(col(Gate.at), col(Gate.id).desc())
    )
    amounts: defaultdict[str, list[Amount]] = defaultdict(list)
    costs: defaultdict[str, list[Cost]] = defaultdict(list)
    for idea_id, at, stage, amount, currency, per, cost, cost_currency in rows:
        if amount is not None:
            amounts[idea_id].append(Amount(at, stage, amount, f"{currency} {per}"))
        if cost is not None:
            costs[idea_id].append(Cost(at, cost, cost_currency))
    return amounts, costs


async def _read_reviews(
    session: ReadSession, subjects: Collection[str]
) -> tuple[Mapping[str, Sequence[Promise]], Mapping[str, Turn]]:
    """Return what was promised for ideas, and their open turns."""
    rows: Any = await session.execute(
        select(
            col(Review.idea_id),
            col(Review.first_answer_due_at),
            col(Review.acknowledged_at),
            col(Review.closed_at),
            col(Review.function_id),
            col(Review.opened_at),
            col(Review.due_at),
            col(Review.paused_at),
            col(Review.reviewer_id),
        ).where(col(Review.idea_id).in_(subjects), col(Review.kind) == "review")
    )
    promises: defaultdict[str, list[Promise]] = defaultdict(list)
    turns: dict[str, Turn] = {}
    for (
        idea,
        first_due_at,
        acknowledged_at,
        closed_at,
        function,
        opened_at,
        due_at,
        paused_at,
        reviewer,
    ) in rows:
        if first_due_at is not None:
            promises[idea].append(Promise(first_due_at, acknowledged_at or closed_at))
        if closed_at is None and function is not None:
            turns[idea] = Turn(function, opened_at, due_at if paused_at is None else None, reviewer is None)
    return promises, turns
