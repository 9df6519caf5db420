"""Reading what the figures know of ideas: when they were submitted, what happened to them, what they brought."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain import rollups
from app.domain.breakdowns import Tree
from app.domain.idea_marks import Amount, Entry, Facts, Promise
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
    amounts = await _read_amounts(session, subjects)
    promises = await _read_promises(session, subjects)
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
            submitted_at, values, entries[idea_id], amounts.get(idea_id, ()), promises.get(idea_id, ())
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


async def _read_amounts(session: ReadSession, subjects: Collection[str]) -> Mapping[str, Sequence[Amount]]:
    rows: Any = await session.execute(
        select(
            col(Gate.idea_id),
            col(Gate.at),
            col(Gate.stage),
            col(Gate.amount),
            col(Gate.currency),
            col(Gate.per),
        )
        .where(col(Gate.idea_id).in_(subjects), col(Gate.amount).is_not(None))
        # Of two at one moment the first one holds, by its identifier.
        .order_by(col(Gate.at), col(Gate.id).desc())
    )
    found: defaultdict[str, list[Amount]] = defaultdict(list)
    for idea_id, at, stage, amount, currency, per in rows:
        found[idea_id].append(Amount(at, stage, amount, f"{currency} {per}"))
    return found


async def _read_promises(session: ReadSession, subjects: Collection[str]) -> Mapping[str, Sequence[Promise]]:
    rows: Any = await session.execute(
        select(
            col(Review.idea_id),
            col(Review.first_answer_due_at),
            col(Review.acknowledged_at),
            col(Review.closed_at),
        ).where(
            col(Review.idea_id).in_(subjects),
            col(Review.kind) == "review",
            col(Review.first_answer_due_at).is_not(None),
        )
    )
    found: defaultdict[str, list[Promise]] = defaultdict(list)
    for idea_id, due_at, acknowledged_at, closed_at in rows:
        found[idea_id].append(Promise(due_at, acknowledged_at or closed_at))
    return found
