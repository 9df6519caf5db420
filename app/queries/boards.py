"""Boards: the sums from which figures of ideas are read at once, however many ideas there are.

Ideas that have changed since the sums were settled are counted anew while reading, so that a figure lags behind
nothing. Where no board is right, None tells that the history has to be counted: for more than one filter, for days
that begin or end within a month, for another tree of entities, while the sums are built or far behind.
"""

from collections.abc import Collection, Mapping
from datetime import date
from itertools import chain
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain import breakdowns, rollups
from app.domain.breakdowns import Tree
from app.domain.rollups import (
    CAMPAIGN,
    CROSSINGS,
    DAYS,
    LOAD,
    PARTICIPATION,
    PROMISE,
    TRAVEL,
    TURNS,
    VERSION,
    Sums,
)
from app.domain.rollups import PEOPLE as OF_PEOPLE
from app.models.rollups import RollUp, RollUpState
from app.queries import choices
from app.queries import rollups as stored
from app.queries.choices import Chosen
from app.queries.rollups import PEOPLE
from app.queries.statistics import Scope

MOST = 200
"""Changes whose ideas are counted anew while reading; behind by more, the history is counted."""

MOST_PEOPLE = 40
"""The same of people, whose acts are many more; behind by more, figures are as they were settled last."""

_ATTEMPTS = 3


async def read(session: ReadSession, scope: Scope, *parts: str, placed: bool = False) -> Sums | None:
    """Return the sums of a figure as of its day, of some parts; None where the history has to be counted.

    `placed` leaves out ideas that come from no entity. One statement, six more while ideas wait to be added.
    """
    chosen = choices.choose(scope, placed=placed)
    found = (
        None if chosen is None else await read_chosen(session, chosen, scope.period.as_of.toordinal(), parts)
    )
    if found is None:
        return None
    whole: Sums = {}
    for sums in found.values():
        stored.merge(whole, sums)
    return whole


async def read_campaigns(session: ReadSession, scope: Scope, *parts: str) -> Mapping[str, Sums] | None:
    """Return the sums of each campaign as of a day, by identifier; None where the history has to be counted."""
    if scope.narrowed or scope.entity is not None:
        return None
    return await read_chosen(session, Chosen(CAMPAIGN), scope.period.as_of.toordinal(), parts)


async def read_people(session: ReadSession, day: date) -> Sums | None:
    """Return how many people were there at the end of a day, and had taken part in each way until then.

    While many have changed it is as it was settled last, a minute ago. One statement, five more while few have.
    """
    found = await read_chosen(session, Chosen(OF_PEOPLE, last=""), day.toordinal(), [PARTICIPATION])
    return None if found is None else found.get("", {})


async def read_load(session: ReadSession, day: int) -> Mapping[str, Sums] | None:
    """Return the sums of what is open by function, as of now; None where the turns have to be counted."""
    return await read_chosen(session, Chosen(LOAD), day, [TURNS])


async def read_crossings(session: ReadSession, scope: Scope, tree: Tree) -> Sums | None:
    """Return the sums of what crosses an entity, or the whole company; None where the history has to be counted.

    While many people have changed they are as they were settled last, a minute ago.
    """
    if scope.sliced or scope.theme is not None or scope.function is not None:
        return None
    top = scope.entity or breakdowns.WHOLE
    found = await read_chosen(
        session, Chosen(TRAVEL, top, top, tree), scope.period.as_of.toordinal(), [CROSSINGS]
    )
    return None if found is None else found.get(top, {})


async def read_chosen(
    session: ReadSession, chosen: Chosen, day: int, parts: Collection[str]
) -> dict[str, Sums] | None:
    """Return some parts of chosen sums as of a day, by value; None where they do not hold."""
    for _ in range(_ATTEMPTS):
        rows = (await session.execute(_select(chosen, day, parts))).all()
        if not rows or not _holds(rows[0], chosen, session.zone):
            return None
        found = _add_rows(rows, day)
        pending = rows[0].pending.split(",") if rows[0].pending else []
        if chosen.summed is PEOPLE and len(pending) > MOST_PEOPLE:
            return found
        if len(pending) > MOST:
            return None
        if not pending:
            return found
        await _add_pending(session, chosen, set(pending), day, parts, found)
        same = select(col(RollUpState.generation)).where(col(RollUpState.id) == chosen.summed.number)
        if await session.scalar(same) == rows[0].generation:
            return found
    return None


def _holds(state: Any, chosen: Chosen, zone: str) -> bool:
    if state.version != VERSION or state.zone != zone or state.building:
        return False
    if chosen.tree is None:
        return True
    return not state.regrouping and stored.digest_tree(chosen.tree) == state.tree


def _select(chosen: Chosen, day: int, parts: Collection[str]) -> Select[Any]:
    """Return the statement of what stands: the state, what is pending, the sums; all in one moment."""
    state = RollUpState
    changed = chosen.summed.changes
    waiting = select(changed.label("subject")).order_by(changed.class_.sequence).limit(MOST + 1).subquery()
    pending = select(func.aggregate_strings(waiting.c.subject, ",")).scalar_subquery()
    past = col(state.latest) > day
    month = col(RollUp.month)
    wanted = and_(
        chosen.condition,
        col(RollUp.part).in_(parts),
        or_(
            and_(month == 0, or_(~past, col(RollUp.part) == PROMISE)),
            and_(month > 0, month <= rollups.get_month(day), past),
        ),
    )
    return (
        select(
            col(state.version),
            col(state.zone),
            col(state.tree),
            col(state.building),
            col(state.regrouping),
            col(state.generation),
            pending.label("pending"),
            col(RollUp.value),
            month,
            col(RollUp.part),
            col(RollUp.sums),
        )
        .select_from(state)
        .outerjoin(RollUp, wanted)
        .where(col(state.id) == chosen.summed.number)
    )


def _add_rows(rows: Any, day: int) -> dict[str, Sums]:
    """Return the sums as of a day of what stands in rows, by value."""
    found: dict[str, Sums] = {}
    today = date.fromordinal(day).day
    for row in rows:
        if row.sums is None:
            continue
        sums = found.setdefault(row.value, {})
        whole_month = row.month < rollups.get_month(day)
        for measure, buckets in stored.read_sums(row.sums).items():
            if row.part == PROMISE:
                until = sum(number for due, number in buckets.items() if due <= day)
                rollups.add(sums, measure, 0, until)
            elif not row.month:
                # There is one such row, which is the whole of what it tells.
                sums[measure] = buckets
            else:
                for key, number in buckets.items():
                    if whole_month or key % DAYS <= today:
                        rollups.add(sums, measure, key // DAYS, number)
    return found


async def _add_pending(
    session: ReadSession,
    chosen: Chosen,
    pending: Collection[str],
    day: int,
    parts: Collection[str],
    found: dict[str, Sums],
) -> None:
    """Add what ideas or people add now to what was found, and take away what they had added."""
    tree = chosen.tree or breakdowns.grow({})
    derived = await stored.derive(session, chosen.summed, pending, tree)
    added = await stored.read_added(session, chosen.summed, pending)
    for given, sign in ((derived, 1), (added, -1)):
        for marks in chain.from_iterable(given.values()):
            for value in chosen.has(marks.values):
                for (measure, bucket), number in marks.count_until(day).items():
                    if rollups.get_part(measure) in parts:
                        rollups.add(found.setdefault(value, {}), measure, bucket, sign * number)
