"""Counting what waits at correspondents, by function: never of one person, and of no group of fewer than five."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import or_, select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain import permissions
from app.domain.actors import Actor
from app.domain.permissions import Permission
from app.domain.privacy import FLOOR
from app.models.functions import Function
from app.models.reviews import Review
from app.schemas.figures import Load, Loads

RECENT = timedelta(days=90)
"""Who had a turn of a function within so long counts as one of those who carry its load."""

_DAY = timedelta(days=1)


@dataclass(slots=True)
class Pile:
    """What waits in a function, and who had a turn there lately."""

    carriers: set[str] = field(default_factory=set)
    waited: list[timedelta] = field(default_factory=list)
    late: int = 0
    unassigned: int = 0

    def add(self, other: "Pile") -> None:
        """Put another pile on this one."""
        self.carriers |= other.carriers
        self.waited += other.waited
        self.late += other.late
        self.unassigned += other.unassigned


async def get_loads(session: ReadSession, actor: Actor, *, now: datetime) -> Loads:
    """Return the open turns of all functions together, and of those that five people or more carry.

    Raises: RoleMissing.
    """
    permissions.check(actor, Permission.STATISTICS_READ)
    piles = await _read(session, now=now)
    names = {row[0]: row[1] for row in await session.execute(select(col(Function.id), col(Function.name)))}
    total, shown = Pile(), choose_shown({key: pile.carriers for key, pile in piles.items()})
    for pile in piles.values():
        total.add(pile)
    ordered = sorted(shown, key=lambda key: (names[key], key))
    return Loads(
        total=_shape(None, None, total, shown=len(total.carriers) >= FLOOR),
        functions=[_shape(key, names[key], piles[key], shown=True) for key in ordered],
        hidden=len(piles) - len(shown),
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


async def _read(session: ReadSession, *, now: datetime) -> dict[str, Pile]:
    rows = await session.execute(
        select(
            col(Review.function_id),
            col(Review.reviewer_id),
            col(Review.opened_at),
            col(Review.due_at),
            col(Review.paused_at),
            col(Review.closed_at),
        ).where(
            col(Review.kind) == "review",
            col(Review.function_id).is_not(None),
            or_(col(Review.closed_at).is_(None), col(Review.closed_at) > now - RECENT),
        )
    )
    piles: defaultdict[str, Pile] = defaultdict(Pile)
    for function, reviewer, opened_at, due_at, paused_at, closed_at in rows:
        pile = piles[function or ""]
        if reviewer is not None:
            pile.carriers.add(reviewer)
        if closed_at is None:
            pile.waited.append(now - opened_at)
            pile.late += due_at is not None and paused_at is None and due_at < now
            pile.unassigned += reviewer is None
    return piles


def _shape(function: str | None, name: str | None, pile: Pile, *, shown: bool) -> Load:
    return Load(
        function=function,
        name=name,
        open=len(pile.waited) if shown else None,
        late=pile.late if shown else None,
        waiting_for_somebody=pile.unassigned if shown else None,
        median_days=_find_median(pile.waited) if shown else None,
    )


def _find_median(waited: Sequence[timedelta]) -> float | None:
    return round(median(wait / _DAY for wait in waited), 2) if len(waited) >= FLOOR else None
