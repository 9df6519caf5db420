"""Boards: the sums from which figures of ideas are read at once, however many ideas there are.

Ideas that have changed since the sums were settled are counted anew while reading, so that a figure lags behind
nothing. Where no board is right, None tells that the history has to be counted: for more than one filter, for days
that begin or end within a month, for another tree of entities, while the sums are built or far behind.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlmodel import col

from app.core.db import ReadSession
from app.domain import breakdowns, rollups
from app.domain.breakdowns import Tree
from app.domain.measures import Period
from app.domain.rollups import (
    CAMPAIGN,
    DAYS,
    ENTITY,
    FUNCTION,
    MONTH,
    PARTICIPATION,
    PLACED,
    PROMISE,
    THEME,
    VERSION,
    WHOLE,
    Sums,
)
from app.domain.rollups import PEOPLE as OF_PEOPLE
from app.models.rollups import RollUp, RollUpState
from app.queries import rollups as stored
from app.queries.rollups import IDEAS, PEOPLE, Summed
from app.queries.statistics import Scope

MOST = 200
"""Changes whose ideas are counted anew while reading; behind by more, the history is counted."""

MOST_PEOPLE = 40
"""The same of people, whose acts are many more; behind by more, figures are as they were settled last."""

_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which sums make a figure: of a dimension a value, or those from a first to a last one."""

    dimension: str
    first: str = ""
    last: str | None = None
    tree: Tree | None = None

    @property
    def summed(self) -> Summed:
        """Of what they are sums."""
        return PEOPLE if self.dimension == OF_PEOPLE else IDEAS

    @property
    def condition(self) -> ColumnElement[bool]:
        """The condition on their rows."""
        given = col(RollUp.value)
        if self.first == self.last:
            return and_(col(RollUp.dimension) == self.dimension, given == self.first)
        until = true() if self.last is None else given <= self.last
        return and_(col(RollUp.dimension) == self.dimension, given >= self.first, until)

    def has(self, values: Collection[tuple[str, str]]) -> list[str]:
        """Return the values among those of an idea that belong to the figure."""
        return [
            value
            for dimension, value in values
            if dimension == self.dimension
            and self.first <= value
            and (self.last is None or value <= self.last)
        ]


async def read(session: ReadSession, scope: Scope, *parts: str, placed: bool = False) -> Sums | None:
    """Return the sums of a figure as of its day, of some parts; None where the history has to be counted.

    `placed` leaves out ideas that come from no entity. One statement, six more while ideas wait to be added.
    """
    chosen = _choose(scope, placed=placed)
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

    While many have changed it is as it was settled last, a minute ago. One statement, nine more while few have.
    """
    found = await read_chosen(session, Chosen(OF_PEOPLE, last=""), day.toordinal(), [PARTICIPATION])
    return None if found is None else found.get("", {})


def _choose(scope: Scope, *, placed: bool) -> Chosen | None:
    """Return which sums make a figure, None if none do."""
    given = [
        (dimension, value)
        for dimension, value in ((CAMPAIGN, scope.campaign), (THEME, scope.theme), (FUNCTION, scope.function))
        if value is not None
    ]
    if not scope.is_whole and scope.entity is not None:
        given.append((ENTITY, scope.entity))
    if placed:
        given.append((PLACED, ""))
    if scope.period.windowed:
        return None if given else _choose_months(scope.period)
    if len(given) > 1:
        return None
    dimension, value = given[0] if given else (WHOLE, "")
    return Chosen(dimension, value, value, scope.tree if dimension == ENTITY else None)


def _choose_months(period: Period) -> Chosen | None:
    """Return the sums of ideas that were submitted in some months, None for days that are no whole months."""
    begins = period.first is None or period.first.day == 1
    ends = period.last == period.as_of or (period.last + timedelta(days=1)).day == 1
    first = "" if period.first is None else f"{period.first:%Y-%m}"
    return Chosen(MONTH, first, f"{period.last:%Y-%m}") if begins and ends else None


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
                for bucket, number in buckets.items():
                    rollups.add(sums, measure, bucket, number)
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
    """Add what ideas add now to what was found, and take away what they had added."""
    tree = chosen.tree or breakdowns.grow({})
    derived = await stored.derive(session, chosen.summed, pending, tree)
    added = await stored.read_marks(session, chosen.summed, pending)
    for marks_of, sign in ((derived, 1), (added, -1)):
        for marks in marks_of.values():
            for value in chosen.has(marks.values):
                for (measure, bucket), number in marks.count_until(day).items():
                    if rollups.get_part(measure) in parts:
                        rollups.add(found.setdefault(value, {}), measure, bucket, sign * number)
