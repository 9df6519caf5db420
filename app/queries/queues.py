"""Reading the queues of all who answer: load, age, lateness, forecast."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, case, func, literal, literal_column, null, or_, select, tuple_
from sqlmodel import col

from app.core.db import ReadSession
from app.core.keysets import Place
from app.domain import permissions
from app.domain.actors import Actor
from app.domain.forecasts import forecast
from app.domain.permissions import Permission
from app.domain.roles import Role
from app.models.absences import Absence
from app.models.capacities import Capacity
from app.models.employees import Employee
from app.models.functions import Function
from app.models.reviews import Review
from app.models.roles import RoleGrant
from app.queries import forecasts
from app.schemas.queues import PersonQueue, Queue
from app.schemas.shapes import Named

Key = tuple[str | None, str | None]
"""A function (None: the committee) and a person (None: nobody)."""

_FUNCTION = case(
    # Written out: PostgreSQL takes two parameters of the same value for two expressions to group by.
    (col(Review.kind) == literal_column("'committee'"), null()),
    else_=col(Review.function_id),
)
_CORRESPONDS = (
    col(RoleGrant.ended_at).is_(None),
    col(RoleGrant.role) == Role.CORRESPONDENT.value,
    col(RoleGrant.function_id).is_not(None),
)
_RUNNING = col(Review.paused_at).is_(None)


@dataclass(slots=True)
class _Load:
    open: int = 0
    late: int = 0
    paused: int = 0
    oldest: datetime | None = None
    answered: int = 0

    def add(self, other: "_Load") -> None:
        """Count another load in."""
        self.open += other.open
        self.late += other.late
        self.paused += other.paused
        self.answered += other.answered
        self.oldest = min((each for each in (self.oldest, other.oldest) if each is not None), default=None)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is shown beside the numbers."""

    names: Mapping[str, str]
    functions: Mapping[str | None, str]
    capacities: Mapping[str, int] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()


async def list_queues(
    session: ReadSession, actor: Actor, *, now: datetime, after: Place | None, limit: int
) -> tuple[list[Queue], Place | None]:
    """Return a page of the queues by the names of their functions, the committee's last; the fullest hands first.

    Raises: RoleMissing.
    """
    permissions.check(actor, Permission.QUEUES_READ)
    rows = await _find_functions(session, after, limit + 1)
    functions: dict[str | None, str] = dict(rows[:limit])
    more = len(rows) > limit
    loads = await _measure(session, list(functions), now, committee=not more)
    if any(function is None for function, _ in loads):
        # Where the functions fill the page, the committee has one of its own.
        more = len(functions) == limit
        functions |= {} if more else {None: ""}
    people = {person for function, person in loads if person is not None and function in functions}
    facts = await _read_facts(session, functions, people, now.date())
    window = forecasts.count_window(now)
    items = [_shape(function, loads, facts, window, now) for function in functions]
    return items, [rows[limit - 1][1], rows[limit - 1][0]] if more else None


async def _find_functions(session: ReadSession, after: Place | None, limit: int) -> list[tuple[str, str]]:
    """Return the functions that have a queue, with their names."""
    answering = select(col(RoleGrant.function_id)).where(*_CORRESPONDS)
    waiting = select(_FUNCTION).where(col(Review.closed_at).is_(None), _FUNCTION.is_not(None))
    order = (col(Function.name), col(Function.id))
    statement = select(col(Function.id), col(Function.name)).where(
        or_(col(Function.id).in_(answering), col(Function.id).in_(waiting))
    )
    if after is not None:
        statement = statement.where(tuple_(*order) > tuple_(literal(after[0]), literal(after[1])))
    rows = await session.execute(statement.order_by(*order).limit(limit))
    return [(function_id, name) for function_id, name in rows]


async def _measure(
    session: ReadSession, named: Collection[str | None], now: datetime, *, committee: bool
) -> dict[Key, _Load]:
    loads: dict[Key, _Load] = {}
    correspondents = await session.execute(
        select(col(RoleGrant.function_id), col(RoleGrant.employee_id))
        .join(Employee, and_(col(Employee.id) == col(RoleGrant.employee_id), col(Employee.active).is_(True)))
        .where(*_CORRESPONDS, col(RoleGrant.function_id).in_(named))
    )
    for function_id, person_id in correspondents:
        loads[function_id, person_id] = _Load()
    here = _FUNCTION.in_(named)
    waiting = await session.execute(
        select(
            _FUNCTION,
            col(Review.reviewer_id),
            func.count(),
            func.count().filter(_RUNNING, col(Review.due_at) < now),
            func.count().filter(col(Review.paused_at).is_not(None)),
            func.min(col(Review.opened_at)),
        )
        .where(col(Review.closed_at).is_(None), or_(here, _FUNCTION.is_(None)) if committee else here)
        .group_by(_FUNCTION, col(Review.reviewer_id))
    )
    for function_id, person_id, *numbers in waiting:
        loads[function_id, person_id] = _Load(*numbers)
    mine = (col(Review.function_id), col(Review.reviewer_id))
    for function_id, person_id, answered in await session.execute(
        forecasts.select_answered(now, *mine).group_by(*mine)
    ):
        if (function_id, person_id) in loads:
            loads[function_id, person_id].answered = answered
    return loads


async def _read_facts(
    session: ReadSession, functions: Mapping[str | None, str], people: Iterable[str], today: date
) -> _Facts:
    rows = await session.execute(
        select(col(Employee.id), col(Employee.name), col(Capacity.reviews), col(Absence.employee_id))
        .outerjoin(Capacity, col(Capacity.employee_id) == col(Employee.id))
        .outerjoin(
            Absence,
            and_(
                col(Absence.employee_id) == col(Employee.id),
                col(Absence.first_day) <= today,
                col(Absence.last_day) >= today,
            ),
        )
        .where(col(Employee.id).in_(list(people)))
    )
    found: list[Any] = list(rows)
    return _Facts(
        names={person: name for person, name, *_ in found},
        functions=functions,
        capacities={person: reviews for person, _, reviews, _ in found if reviews is not None},
        absent=frozenset(person for person, *_, away in found if away is not None),
    )


def _shape(
    function: str | None, loads: Mapping[Key, _Load], facts: _Facts, window: int, now: datetime
) -> Queue:
    mine = [(person, load) for (name, person), load in loads.items() if name == function]
    mine.sort(key=lambda each: (-each[1].open, facts.names.get(each[0] or "", ""), each[0] or ""))
    total = _Load()
    for _, load in mine:
        total.add(load)
    return Queue(
        function=Named(id=function, name=facts.functions[function]) if function else None,
        open=total.open,
        late=total.late,
        paused=total.paused,
        oldest_since=total.oldest,
        oldest_days=max(0, (now - total.oldest).days) if total.oldest else None,
        forecast=forecast(total.open - total.paused, total.answered, window),
        people=[_shape_person(person, load, facts, window) for person, load in mine],
    )


def _shape_person(person: str | None, load: _Load, facts: _Facts, window: int) -> PersonQueue:
    return PersonQueue(
        person=Named(id=person, name=facts.names[person]) if person else None,
        open=load.open,
        late=load.late,
        paused=load.paused,
        oldest_since=load.oldest,
        capacity=facts.capacities.get(person or ""),
        absent=person in facts.absent,
        forecast=forecast(load.open - load.paused, load.answered, window),
    )
