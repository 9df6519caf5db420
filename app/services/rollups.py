"""Settling the sums of figures: what has changed is counted anew, and the difference added to them.

Triggers note every idea and person whose figures change, in the transaction that changes them; nobody can forget it.
Counting one twice adds nothing the second time, since what it has added is kept.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Select, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from app.core import locks
from app.core.db import Database, ReadSession, WriteSession
from app.domain import breakdowns
from app.domain.rollups import VERSION, Added, Cells, Sums
from app.models.rollups import RollUp, RollUpState
from app.queries import rollups
from app.queries.rollups import BOTH, Summed

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
    # While one waits for the database the other computes.
    return sum(await asyncio.gather(*(_settle(database, summed) for summed in BOTH)))


async def rebuild(database: Database, *, now: datetime) -> int:
    """Count everything anew, whatever the sums are; figures are counted from the history meanwhile."""
    async with database.writer() as session:
        for summed in BOTH:
            await locks.take(session, summed.lock)
        await session.execute(update(RollUpState).values(version=0))
    return await settle(database, now=now)


async def _settle(database: Database, summed: Summed) -> int:
    settled = 0
    while True:
        async with database.writer() as session:
            if not await locks.try_take(session, summed.lock):
                return settled
            await _follow(session, summed)
        async with database.reader() as session:
            batch = await _count(session, summed)
        if batch is None:
            return settled
        async with database.writer() as session:
            if not await locks.try_take(session, summed.lock):
                return settled
            if await _add(session, summed, batch):
                settled += len(batch.changes)


async def _follow(session: WriteSession, summed: Summed) -> None:
    """Begin anew where the sums are of other definitions, and count those again whose entities were moved."""
    state = await session.get(RollUpState, summed.number)
    if state is None:
        state = RollUpState(
            id=summed.number,
            version=0,
            zone="",
            tree="",
            parents="{}",
            building=0,
            regrouping=0,
            generation=0,
            latest=0,
        )
        session.add(state)
    tree = await rollups.read_tree(session)
    digest = rollups.digest_tree(tree)
    if state.version != VERSION or state.zone != session.zone:
        await session.execute(delete(RollUp).where(col(RollUp.dimension).in_(summed.dimensions)))
        for table in (summed.marks.class_, summed.changes.class_):
            await session.execute(delete(table))
        await _note(session, summed, summed.everything)
        state.version, state.zone, state.latest = VERSION, session.zone, 0
        state.building, state.regrouping = await _get_last(session, summed), 0
    elif state.tree != digest:
        former = breakdowns.grow(msgspec.json.decode(state.parents, type=dict[str, str | None]))
        moved = sorted(breakdowns.list_moved(former, tree))
        for begin in range(0, len(moved), _SHORT):
            await _note(session, summed, summed.choose_from(moved[begin : begin + _SHORT]))
        state.regrouping = await _get_last(session, summed)
    else:
        return
    state.tree = digest
    parents = {node: above or None for node, above in tree.parents.items() if node}
    state.parents = msgspec.json.encode(parents).decode()
    state.generation += 1


async def _note(session: WriteSession, summed: Summed, subjects: Select[str]) -> None:
    """Have some of them counted again."""
    await session.execute(insert(summed.changes.class_).from_select([summed.changes.key], subjects))


async def _get_last(session: WriteSession, summed: Summed) -> int:
    return await session.scalar(select(func.max(summed.changes.class_.sequence))) or 0


async def _count(session: ReadSession, summed: Summed) -> _Batch | None:
    """Return the changes that come next with what they add, None if there are none."""
    state = await session.get(RollUpState, summed.number)
    sequence = summed.changes.class_.sequence
    building = state is not None and state.building
    limit = BUILDING if building else CHANGES
    rows = (await session.execute(select(sequence, summed.changes).order_by(sequence).limit(limit))).all()
    if not rows or state is None:
        return None
    subjects = sorted({row[1] for row in rows})
    batch = _Batch(state.generation, [row[0] for row in rows])
    tree, zone = await rollups.read_tree(session), ZoneInfo(session.zone)
    for begin in range(0, len(subjects), _SHORT):
        some = subjects[begin : begin + _SHORT]
        facts = await summed.read(session, some, tree, zone)
        before = await rollups.read_added(session, summed, some)
        await asyncio.to_thread(_compare, batch, summed, some, facts, before, zone)
    return batch


def _compare(
    batch: _Batch,
    summed: Summed,
    subjects: Sequence[str],
    facts: Mapping[str, Any],
    before: Mapping[str, Added],
    zone: ZoneInfo,
) -> None:
    """Put down what they add now, and take away what they had added."""
    for subject in subjects:
        added = summed.derive(facts[subject], zone) if subject in facts else ()
        had = before.get(subject, ())
        if added == had:
            continue
        for given, sign in ((had, -1), (added, 1)):
            for marks in given:
                batch.cells.add(marks, sign)
        if added:
            batch.added[subject] = rollups.write_added(added)
        else:
            batch.gone.append(subject)


async def _add(session: WriteSession, summed: Summed, batch: _Batch) -> bool:
    """Add what was counted, unless somebody else has added to the sums since; tells whether it was done."""
    state = await session.get(RollUpState, summed.number, with_for_update=True)
    if state is None or state.generation != batch.generation:
        return False
    await _add_cells(session, batch.cells)
    key, sequence = summed.marks.key, summed.changes.class_.sequence
    marks = [{key: subject, "marks": written} for subject, written in batch.added.items()]
    if marks:
        await _put(session, summed.marks.class_, [key], "marks", marks)
    await _delete(session, summed.marks, batch.gone)
    await _delete(session, sequence, batch.changes)
    first = await session.scalar(select(func.min(sequence)))
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
