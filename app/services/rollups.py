"""Settling the sums of figures: what has changed is counted anew, and the difference added to them.

Triggers note every idea whose figures change, in the transaction that changes them; nobody can forget it. Counting an
idea twice adds nothing the second time, since what it has added is kept.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from app.core import locks
from app.core.db import Database, ReadSession, WriteSession
from app.domain import breakdowns, idea_marks
from app.domain.idea_marks import Facts
from app.domain.rollups import VERSION, Cells, Marks, Sums
from app.models.ideas import Idea
from app.models.rollups import RollUp, RollUpChange, RollUpMark, RollUpState
from app.queries import rollups

CHANGES = 500
"""Changes that are added in one transaction: few enough that a writer waiting on SQLite does not notice."""

BUILDING = 10_000
"""The same while all are counted for the first time: the largest sums are written once for all of them."""

_SHORT = 500


@dataclass(slots=True)
class _Batch:
    """Changes that were read, with what is to be written for them."""

    generation: int
    changes: Sequence[int]
    cells: Cells = field(default_factory=Cells)
    added: dict[str, str] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)


async def settle(database: Database, *, now: datetime) -> int:  # noqa: ARG001  every run of the schedule takes it
    """Add everything that has changed to the sums; returns how many changes there were.

    What is read is read outside the transaction that writes: the sums are of another generation when somebody else
    has added to them meanwhile, and then it is done again.
    """
    settled = 0
    while True:
        async with database.writer() as session:
            if not await locks.try_take(session, locks.ROLL_UPS):
                return settled
            await _follow(session)
        async with database.reader() as session:
            batch = await _count(session)
        if batch is None:
            return settled
        async with database.writer() as session:
            if not await locks.try_take(session, locks.ROLL_UPS):
                return settled
            if await _add(session, batch):
                settled += len(batch.changes)


async def rebuild(database: Database, *, now: datetime) -> int:
    """Count everything anew, whatever the sums are; figures are counted from the history meanwhile."""
    async with database.writer() as session:
        await locks.take(session, locks.ROLL_UPS)
        await session.execute(update(RollUpState).values(version=0))
    return await settle(database, now=now)


async def _follow(session: WriteSession) -> None:
    """Begin anew where the sums are of other definitions, and count those again whose entities were moved."""
    state = await session.get(RollUpState, 1)
    if state is None:
        state = RollUpState(
            id=1, version=0, zone="", tree="", parents="{}", building=0, regrouping=0, generation=0, latest=0
        )
        session.add(state)
    tree = await rollups.read_tree(session)
    digest = rollups.digest_tree(tree)
    if state.version != VERSION or state.zone != session.zone:
        for table in (RollUp, RollUpMark, RollUpChange):
            await session.execute(delete(table))
        await _note(session)
        state.version, state.zone, state.latest = VERSION, session.zone, 0
        state.building, state.regrouping = await _get_last(session), 0
    elif state.tree != digest:
        former = breakdowns.grow(msgspec.json.decode(state.parents, type=dict[str, str | None]))
        moved = sorted(
            node
            for node in former.parents.keys() | tree.parents.keys()
            if rollups.list_upwards(former, node) != rollups.list_upwards(tree, node)
        )
        for begin in range(0, len(moved), _SHORT):
            await _note(session, col(Idea.origin_id).in_(moved[begin : begin + _SHORT]))
        state.regrouping = await _get_last(session)
    else:
        return
    state.tree = digest
    state.parents = msgspec.json.encode(
        {node: above or None for node, above in tree.parents.items() if node}
    ).decode()
    state.generation += 1


async def _note(session: WriteSession, *conditions: ColumnElement[bool]) -> None:
    """Have ideas counted again, the first one first: what lies together in time is summed up together."""
    ideas = select(col(Idea.id)).where(col(Idea.submitted_at).is_not(None), *conditions)
    noting = insert(RollUpChange).from_select(["subject"], ideas.order_by(col(Idea.submitted_at)))
    await session.execute(noting)


async def _get_last(session: WriteSession) -> int:
    return await session.scalar(select(func.max(col(RollUpChange.sequence)))) or 0


async def _count(session: ReadSession) -> _Batch | None:
    """Return the changes that come next with what they add, None if there are none."""
    state = (await session.execute(select(RollUpState))).scalar_one()
    rows = (
        await session.execute(
            select(col(RollUpChange.sequence), col(RollUpChange.subject))
            .order_by(col(RollUpChange.sequence))
            .limit(BUILDING if state.building else CHANGES)
        )
    ).all()
    if not rows:
        return None
    subjects = sorted({row[1] for row in rows})
    batch = _Batch(state.generation, [row[0] for row in rows])
    tree, zone = await rollups.read_tree(session), ZoneInfo(session.zone)
    for begin in range(0, len(subjects), _SHORT):
        some = subjects[begin : begin + _SHORT]
        facts = await rollups.read_facts(session, some, tree, zone)
        before = await rollups.read_marks(session, some)
        await asyncio.to_thread(_compare, batch, some, facts, before, zone)
    return batch


def _compare(
    batch: _Batch,
    subjects: Sequence[str],
    facts: Mapping[str, Facts],
    before: Mapping[str, Marks],
    zone: ZoneInfo,
) -> None:
    """Put down what ideas add now, and take away what they had added."""
    for subject in subjects:
        marks = idea_marks.derive(facts[subject], zone) if subject in facts else None
        if marks == before.get(subject):
            continue
        if subject in before:
            batch.cells.add(before[subject], -1)
        if marks is None:
            batch.gone.append(subject)
        else:
            batch.cells.add(marks, 1)
            batch.added[subject] = rollups.write_marks(marks)


async def _add(session: WriteSession, batch: _Batch) -> bool:
    """Add what was counted, unless somebody else has added to the sums since; tells whether it was done."""
    state = await session.get(RollUpState, 1, with_for_update=True)
    if state is None or state.generation != batch.generation:
        return False
    await _add_cells(session, batch.cells)
    marks = [{"subject": subject, "marks": written} for subject, written in batch.added.items()]
    if marks:
        await _put(session, RollUpMark, ["subject"], "marks", marks)
    await _delete(session, col(RollUpMark.subject), batch.gone)
    await _delete(session, col(RollUpChange.sequence), batch.changes)
    first = await session.scalar(select(func.min(col(RollUpChange.sequence))))
    state.building = 0 if first is None or first > state.building else state.building
    state.regrouping = 0 if first is None or first > state.regrouping else state.regrouping
    state.latest = max(state.latest, batch.cells.latest)
    state.generation += 1
    return True


async def _add_cells(session: WriteSession, cells: Cells) -> None:
    """Add to the sums that are there, those of a dimension together."""
    sums_of = cells.list_sums()
    by_dimension: dict[str, list[str]] = {}
    for dimension, value in sums_of:
        by_dimension.setdefault(dimension, []).append(value)
    for dimension, values in by_dimension.items():
        months = {month for value in values for month, _ in sums_of[dimension, value]}
        there = await _read_sums(session, dimension, values, months)
        rows = []
        for value in values:
            for (month, part), added in sums_of[dimension, value].items():
                sums = there.get((value, month, part), {})
                if rollups.merge(sums, added):
                    key = {"dimension": dimension, "value": value, "month": month, "part": part}
                    rows.append({**key, "sums": rollups.write_sums(sums)})
        if rows:
            await _put(session, RollUp, ["dimension", "value", "month", "part"], "sums", rows)


async def _read_sums(
    session: WriteSession, dimension: str, values: Sequence[str], months: Collection[int]
) -> dict[tuple[str, int, str], Sums]:
    found = {}
    for begin in range(0, len(values), _SHORT):
        rows = await session.execute(
            select(col(RollUp.value), col(RollUp.month), col(RollUp.part), col(RollUp.sums)).where(
                col(RollUp.dimension) == dimension,
                col(RollUp.value).in_(values[begin : begin + _SHORT]),
                col(RollUp.month).in_(months),
            )
        )
        found.update({(row[0], row[1], row[2]): rollups.read_sums(row[3]) for row in rows})
    return found


async def _put(session: WriteSession, table: Any, key: list[str], column: str, rows: Sequence[Any]) -> None:
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    adding = dialect.insert(table.__table__)
    await session.execute(
        adding.on_conflict_do_update(index_elements=key, set_={column: getattr(adding.excluded, column)}),
        rows,
    )


async def _delete(session: WriteSession, column: Any, values: Sequence[Any]) -> None:
    for begin in range(0, len(values), _SHORT):
        await session.execute(
            delete(column.class_).where(column.in_(values[begin : begin + _SHORT])),
            execution_options={"synchronize_session": False},
        )
