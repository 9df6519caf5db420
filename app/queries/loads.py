"""Counting what waits at correspondents, by function: never of one person, and of no group of fewer than five."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, literal, or_, select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain import permissions, spreads
from app.domain.actors import Actor
from app.domain.idea_marks import find_day
from app.domain.permissions import Permission
from app.domain.privacy import FLOOR
from app.domain.rollups import Sums
from app.models.functions import Function
from app.models.reviews import Review
from app.queries import boards
from app.schemas.figures import Load, Loads

RECENT = 90
"""Who had a turn of a function within so many days before today counts as one of those who carry its load."""

_IS_TURN = and_(col(Review.kind) == "review", col(Review.function_id).is_not(None))


@dataclass(slots=True)
class Pile:
    """What waits in a function: since which days, how much of it is late, and how much has nobody."""

    since: Counter[int] = field(default_factory=Counter)
    late: int = 0
    unassigned: int = 0

    def add(self, other: "Pile") -> None:
        """Put another pile on this one."""
        self.since.update(other.since)
        self.late += other.late
        self.unassigned += other.unassigned


async def get_loads(session: ReadSession, actor: Actor, *, now: datetime) -> Loads:
    """Return the open turns of all functions together, and of those that five people or more carry.

    Raises: RoleMissing.
    """
    permissions.check(actor, Permission.STATISTICS_READ)
    zone = ZoneInfo(session.zone)
    today = now.astimezone(zone).toordinal()
    sums = await boards.read_load(session, today)
    piles = await _count(session, today) if sums is None else {key: _read(sums[key], today) for key in sums}
    since = datetime.combine(date.fromordinal(today - RECENT), time.min, zone)
    carriers = await _read_carriers(session, since)
    # Who waits for somebody in a function that nobody carries is hidden with the others.
    carriers |= {key: set() for key in piles if piles[key].since and key not in carriers}
    names = {row[0]: row[1] for row in await session.execute(select(col(Function.id), col(Function.name)))}
    total, shown = Pile(), choose_shown(carriers)
    for pile in piles.values():
        total.add(pile)
    everybody = set[str]().union(*carriers.values())
    return Loads(
        total=_shape(None, None, total, today, shown=len(everybody) >= FLOOR),
        functions=[
            _shape(key, names[key], piles.get(key, Pile()), today, shown=True)
            for key in sorted(shown, key=lambda key: (names[key], key))
        ],
        hidden=len(carriers) - len(shown),
    )


def choose_shown(carriers: Mapping[str, set[str]]) -> frozenset[str]:
    """Return the functions that may be told beside the total of all.

    Each is carried by `FLOOR` people or more, and so are the others together, which the total gives away: at least
    two of them, or none.
    """
    order = sorted(carriers, key=lambda key: (len(carriers[key]), key))
    hidden = [key for key in order if len(carriers[key]) < FLOOR]
    for key in order[len(hidden) :]:
        together = set[str]().union(*(carriers[each] for each in hidden))
        if not hidden or (len(hidden) > 1 and len(together) >= FLOOR):
            break
        hidden.append(key)
    return frozenset(order) - set(hidden)


def _read(sums: Sums, today: int) -> Pile:
    """Return the pile of a function from its sums."""
    return Pile(
        Counter({day: number for day, number in sums.get("open", {}).items() if number}),
        sum(number for day, number in sums.get("falls", {}).items() if day < today),
        sums.get("unassigned", {}).get(0, 0),
    )


async def _count(session: ReadSession, today: int) -> dict[str, Pile]:
    """Return the piles of all functions, counted turn by turn."""
    zone = ZoneInfo(session.zone)
    rows: Any = await session.execute(
        select(
            col(Review.function_id),
            col(Review.reviewer_id),
            col(Review.opened_at),
            col(Review.due_at),
            col(Review.paused_at),
        ).where(_IS_TURN, col(Review.closed_at).is_(None))
    )
    piles: defaultdict[str, Pile] = defaultdict(Pile)
    for function, reviewer, opened_at, due_at, paused_at in rows:
        pile = piles[function]
        pile.since[find_day(opened_at, zone)] += 1
        pile.late += due_at is not None and paused_at is None and find_day(due_at, zone) < today
        pile.unassigned += reviewer is None
    return piles


async def _read_carriers(session: ReadSession, since: datetime) -> dict[str, set[str]]:
    """Return by function who has a turn, or had one since then: `FLOOR` of them, as more make no difference.

    They are found by going from one to the next in an index, not by reading all turns.
    """
    carries = and_(_IS_TURN, or_(col(Review.closed_at).is_(None), col(Review.closed_at) >= since))
    first = (
        select(func.min(col(Review.reviewer_id)))
        .where(carries, col(Review.function_id) == col(Function.id))
        .scalar_subquery()
    )
    found = select(col(Function.id).label("function"), first.label("person"), literal(1).label("number")).cte(
        "carriers", recursive=True
    )
    following = (
        select(func.min(col(Review.reviewer_id)))
        .where(carries, col(Review.function_id) == found.c.function, col(Review.reviewer_id) > found.c.person)
        .scalar_subquery()
    )
    found = found.union_all(
        select(found.c.function, following, found.c.number + 1).where(
            found.c.person.is_not(None), found.c.number < FLOOR
        )
    )
    rows: Any = await session.execute(
        select(found.c.function, found.c.person).where(found.c.person.is_not(None))
    )
    carriers: defaultdict[str, set[str]] = defaultdict(set)
    for function, person in rows:
        carriers[function].add(person)
    return carriers


def _shape(function: str | None, name: str | None, pile: Pile, today: int, *, shown: bool) -> Load:
    waiting = spreads.measure(Counter({today - day: number for day, number in pile.since.items()}))
    told = shown and waiting is not None and waiting.number >= FLOOR
    return Load(
        function=function,
        name=name,
        open=pile.since.total() if shown else None,
        late=pile.late if shown else None,
        waiting_for_somebody=pile.unassigned if shown else None,
        median_days=waiting.median if told and waiting is not None else None,
    )
