"""Reading roll-ups: of whom or what they are made, what has been added to them, and what waits to be."""

import hashlib
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Select, select, union
from sqlmodel import col

from app.core import locks
from app.core.db import ReadSession
from app.domain import breakdowns, idea_marks, people_marks, rollups
from app.domain.breakdowns import Tree
from app.domain.rollups import (
    CAMPAIGN,
    ENTITY,
    FUNCTION,
    LOAD,
    MONTH,
    PLACED,
    THEME,
    TRAVEL,
    WHOLE,
    Added,
    Mark,
    Marks,
    Sums,
)
from app.domain.rollups import PEOPLE as OF_PEOPLE
from app.models.authorships import Authorship
from app.models.employees import Employee, Employment
from app.models.entities import Entity
from app.models.ideas import Idea
from app.models.itinerary import ItineraryActor
from app.models.rollups import ParticipationChange, ParticipationMark, RollUpChange, RollUpMark
from app.queries import idea_facts, people_facts


@dataclass(frozen=True, slots=True)
class Summed:
    """What adds to figures: all of one kind, with their row in `rollup_state` and the tables of changes and marks.

    `dimensions` are what they are summed up by; `everything` their identifiers in the order in which they are counted
    for the first time; `choose_from` returns those that may add elsewhere when some entities are moved.
    """

    number: int
    lock: int
    dimensions: frozenset[str]
    changes: Any
    marks: Any
    everything: Select[str]
    choose_from: Callable[[Collection[str]], Select[str]]
    read: Callable[[ReadSession, Collection[str], Tree, ZoneInfo], Awaitable[Mapping[str, Any]]]
    derive: Callable[[Any, ZoneInfo], Added]


_SUBMITTED = select(col(Idea.id)).where(col(Idea.submitted_at).is_not(None))


def _choose_authors(entities: Collection[str]) -> Select[str]:
    """Return the authors of ideas that come from some entities, or were worked on by whoever was there at some time."""
    from_there = select(col(Idea.id)).where(col(Idea.origin_id).in_(entities))
    there = select(col(Employment.employee_id)).where(col(Employment.entity_id).in_(entities))
    by_them = select(col(ItineraryActor.idea_id)).where(col(ItineraryActor.employee_id).in_(there))
    return (
        select(col(Authorship.employee_id))
        .where(col(Authorship.position) == 0, col(Authorship.idea_id).in_(union(from_there, by_them)))
        .distinct()
    )


IDEAS = Summed(
    number=1,
    lock=locks.IDEA_FIGURES,
    dimensions=frozenset({WHOLE, PLACED, THEME, FUNCTION, CAMPAIGN, ENTITY, MONTH, LOAD}),
    changes=col(RollUpChange.subject),
    marks=col(RollUpMark.subject),
    # What lies together in time is summed up together.
    everything=_SUBMITTED.order_by(col(Idea.submitted_at)),
    choose_from=lambda entities: _SUBMITTED.where(col(Idea.origin_id).in_(entities)),
    read=idea_facts.read,
    derive=idea_marks.derive,
)
PEOPLE = Summed(
    number=2,
    lock=locks.PEOPLE_FIGURES,
    dimensions=frozenset({OF_PEOPLE, TRAVEL}),
    changes=col(ParticipationChange.employee_id),
    marks=col(ParticipationMark.employee_id),
    everything=select(col(Employee.id)).order_by(col(Employee.id)),
    choose_from=_choose_authors,
    read=people_facts.read,
    derive=people_marks.derive,
)
BOTH = (IDEAS, PEOPLE)

_decode_sums = msgspec.json.Decoder(dict[str, tuple[list[int], list[int]]]).decode
_decode_added = msgspec.json.Decoder(
    list[tuple[list[tuple[str, str]], list[tuple[int, str, int, int]]]]
).decode


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


def write_added(added: Added) -> str:
    """Return what an idea or a person adds as a row has it."""
    return msgspec.json.encode([(marks.values, marks.marks) for marks in added]).decode()


def digest_tree(tree: Tree) -> str:
    """Return what tells whether a tree of entities is another one."""
    pairs = sorted((node, above) for node, above in tree.parents.items() if above is not None)
    return hashlib.sha256(msgspec.json.encode(pairs)).hexdigest()


async def read_tree(session: ReadSession) -> Tree:
    """Return the entities as they are now."""
    rows = await session.execute(select(col(Entity.id), col(Entity.parent_id)))
    return breakdowns.grow({row[0]: row[1] for row in rows})


async def read_added(session: ReadSession, summed: Summed, subjects: Collection[str]) -> dict[str, Added]:
    """Return what some of them have added; one statement."""
    table = summed.marks.class_
    rows: Any = await session.execute(
        select(summed.marks, col(table.marks)).where(summed.marks.in_(subjects))
    )
    return {
        subject: tuple(
            Marks(values, [Mark(*mark) for mark in marks]) for values, marks in _decode_added(written)
        )
        for subject, written in rows
    }


async def derive(
    session: ReadSession, summed: Summed, subjects: Collection[str], tree: Tree
) -> dict[str, Added]:
    """Return what some of them add now; who adds nothing is left out."""
    zone = ZoneInfo(session.zone)
    facts = await summed.read(session, subjects, tree, zone)
    found = {subject: summed.derive(known, zone) for subject, known in facts.items()}
    return {subject: added for subject, added in found.items() if added}
