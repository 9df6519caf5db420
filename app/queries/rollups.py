"""Reading roll-ups: what ideas add to the figures, what has been added, and what waits to be."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain import breakdowns, idea_marks, rollups
from app.domain.breakdowns import Tree
from app.domain.idea_marks import Amount, Entry, Facts, Promise
from app.domain.pipeline import Stage
from app.domain.rollups import Mark, Marks, Sums
from app.models.entities import Entity
from app.models.gates import Gate
from app.models.ideas import Idea
from app.models.itinerary import ItineraryEntry
from app.models.reviews import Review
from app.models.rollups import RollUpMark

_NONE = Marks()
_decode_sums = msgspec.json.Decoder(dict[str, tuple[list[int], list[int]]]).decode
_decode_marks = msgspec.json.Decoder(tuple[list[tuple[str, str]], list[tuple[int, str, int, int]]]).decode


def read_sums(written: str) -> Sums:
    """Return the sums of a row."""
    return {measure: dict(zip(*columns, strict=True)) for measure, columns in _decode_sums(written).items()}


def write_sums(sums: Mapping[str, Mapping[int, int]]) -> str:
    """Return sums as a row has them; what is nought is left out."""
    kept = {
        measure: {bucket: buckets[bucket] for bucket in sorted(buckets) if buckets[bucket]}
        for measure, buckets in sums.items()
    }
    return msgspec.json.encode(
        {measure: (list(buckets), list(buckets.values())) for measure, buckets in kept.items() if buckets}
    ).decode()


def merge(sums: Sums, added: Sums) -> bool:
    """Add sums to others; tells whether that has changed them."""
    changed = False
    for measure, buckets in added.items():
        for bucket, number in buckets.items():
            if number:
                rollups.add(sums, measure, bucket, number)
                changed = True
    return changed


def write_marks(marks: Marks) -> str:
    """Return what an idea adds as a row has it."""
    return msgspec.json.encode((marks.values, marks.marks)).decode()


def digest_tree(tree: Tree) -> str:
    """Return what tells whether a tree of entities is another one."""
    pairs = sorted((node, above) for node, above in tree.parents.items() if above is not None)
    return hashlib.sha256(msgspec.json.encode(pairs)).hexdigest()


async def read_tree(session: ReadSession) -> Tree:
    """Return the entities as they are now."""
    rows = await session.execute(select(col(Entity.id), col(Entity.parent_id)))
    return breakdowns.grow({row[0]: row[1] for row in rows})


async def read_marks(session: ReadSession, subjects: Collection[str]) -> dict[str, Marks]:
    """Return what some ideas have added; one statement."""
    rows: Any = await session.execute(
        select(col(RollUpMark.subject), col(RollUpMark.marks)).where(col(RollUpMark.subject).in_(subjects))
    )
    found = {}
    for subject, written in rows:
        values, marks = _decode_marks(written)
        found[subject] = Marks(values, [Mark(*mark) for mark in marks])
    return found


async def derive(
    session: ReadSession, subjects: Collection[str], tree: Tree, zone: ZoneInfo
) -> dict[str, Marks]:
    """Return what some ideas add now; those that were never submitted, or are gone, nothing. Four statements."""
    facts = await read_facts(session, subjects, tree, zone)
    return {
        subject: idea_marks.derive(facts[subject], zone) if subject in facts else _NONE
        for subject in subjects
    }


async def read_facts(
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
            origins=() if anonymous or origin is None else list_upwards(tree, origin),
            placed=origin is not None,
        )
        found[idea_id] = Facts(
            submitted_at, values, entries[idea_id], amounts.get(idea_id, ()), promises.get(idea_id, ())
        )
    return found


def list_upwards(tree: Tree, node: str) -> list[str]:
    """Return an entity and everything above it, without the whole company."""
    found = []
    above: str | None = node
    while above:
        found.append(above)
        above = tree.parents.get(above)
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
