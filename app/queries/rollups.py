"""Reading roll-ups: of whom or what they are made, what has been added to them, and what waits to be."""

import hashlib
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Select, select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain import breakdowns, idea_marks, people_marks, rollups
from app.domain.breakdowns import Tree
from app.domain.rollups import Mark, Marks, Sums
from app.models.employees import Employment
from app.models.entities import Entity
from app.models.ideas import Idea
from app.models.rollups import ParticipationChange, ParticipationMark, RollUpChange, RollUpMark
from app.queries import idea_facts, people_facts


@dataclass(frozen=True, slots=True)
class Summed:
    """What adds to figures: all of one kind, with their row in `rollup_state` and the tables of changes and marks.

    `everything` are their identifiers in the order in which they are counted for the first time; `origin` is the entity
    by which they count, None where they count for the whole company only.
    """

    number: int
    changes: Any
    marks: Any
    everything: Select[str]
    origin: Any
    read: Callable[[ReadSession, Collection[str], Tree, ZoneInfo], Awaitable[Mapping[str, Any]]]
    derive: Callable[[Any, ZoneInfo], Marks]


IDEAS = Summed(
    number=1,
    changes=col(RollUpChange.subject),
    marks=col(RollUpMark.subject),
    # What lies together in time is summed up together.
    everything=select(col(Idea.id))
    .where(col(Idea.submitted_at).is_not(None))
    .order_by(col(Idea.submitted_at)),
    origin=col(Idea.origin_id),
    read=idea_facts.read,
    derive=idea_marks.derive,
)
PEOPLE = Summed(
    number=2,
    changes=col(ParticipationChange.employee_id),
    marks=col(ParticipationMark.employee_id),
    everything=select(col(Employment.employee_id)).distinct().order_by(col(Employment.employee_id)),
    origin=None,
    read=people_facts.read,
    derive=people_marks.derive,
)

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


async def read_marks(session: ReadSession, summed: Summed, subjects: Collection[str]) -> dict[str, Marks]:
    """Return what some of them have added; one statement."""
    table = summed.marks.class_
    rows: Any = await session.execute(
        select(summed.marks, col(table.marks)).where(summed.marks.in_(subjects))
    )
    found = {}
    for subject, written in rows:
        values, marks = _decode_marks(written)
        found[subject] = Marks(values, [Mark(*mark) for mark in marks])
    return found


async def derive(
    session: ReadSession, summed: Summed, subjects: Collection[str], tree: Tree
) -> dict[str, Marks]:
    """Return what some of them add now; who adds nothing is left out."""
    zone = ZoneInfo(session.zone)
    facts = await summed.read(session, subjects, tree, zone)
    found = {subject: summed.derive(known, zone) for subject, known in facts.items()}
    return {subject: marks for subject, marks in found.items() if marks.marks}
