"""Measuring how long ideas waited for their first answer, and for a decision."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, and_, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.core.db import ReadSession
from app.core.seconds import second_of
from app.domain import spreads
from app.domain.measures import DECISIONS, FIRST_ANSWERS
from app.domain.pipeline import Act
from app.domain.privacy import FLOOR
from app.domain.rollups import Sums
from app.domain.spreads import PER_DAY, Spread
from app.models.ideas import Idea
from app.models.itinerary import ItineraryEntry
from app.queries import statistics
from app.queries.statistics import Scope
from app.schemas.statistics import Delay

_KINDS = ("answer", "decision")


class Delays(NamedTuple):
    """How long first answers took, and decisions."""

    answers: Delay
    decisions: Delay


async def measure(session: ReadSession, scope: Scope, sums: Sums | None) -> Delays:
    """Return how long the ideas of a figure waited, of those that got an answer until its day.

    An idea waits from its first entry in the itinerary, which for an imported one is the import. Below the
    whole company ideas without a name are left out. One statement without the sums.
    """
    if sums is not None:
        return Delays(*(_tell(scope, spreads.measure(sums.get(kind, {}), unit=PER_DAY)) for kind in _KINDS))
    rows = (await session.execute(_select_middle(scope))).all()
    return Delays(*(_tell(scope, _pick([row for row in rows if row.kind == kind])) for kind in _KINDS))


def _pick(rows: Sequence[Row[Any]]) -> Spread | None:
    at = {row.rank: spreads.count_hundredths(row.opened_at, row.answered_at) for row in rows}
    return spreads.pick(rows[0].reviews, at, unit=PER_DAY) if rows else None


def _tell(scope: Scope, spread: Spread | None) -> Delay:
    least = FLOOR if scope.narrowed or scope.entity is not None else 1
    number = spread.number if spread else 0
    shown = spread if number >= least else None
    return Delay(
        median_days=shown.median if shown else None,
        p90_days=shown.p90 if shown else None,
        reviews=number,
    )


def _select_middle(scope: Scope) -> Select[Any]:
    """Return the statement of the one or two ideas in the middle, and of the one that nine tenths come up to.

    Neither engine's own percentiles are known to the other.
    """
    waits = union_all(
        _select_waits(scope, "answer", FIRST_ANSWERS), _select_waits(scope, "decision", DECISIONS)
    ).subquery()
    seconds = second_of(waits.c.answered_at) - second_of(waits.c.opened_at)
    ranked = select(
        waits,
        func.row_number().over(partition_by=waits.c.kind, order_by=(seconds, waits.c.idea_id)).label("rank"),
        func.count().over(partition_by=waits.c.kind).label("reviews"),
    ).subquery()
    rank, reviews = ranked.c.rank, ranked.c.reviews
    middle = and_(rank * 2 >= reviews, rank * 2 <= reviews + 2)
    ninth_tenth = and_(rank * 10 >= reviews * 9, rank * 10 < reviews * 9 + 10)
    return select(ranked).where(or_(middle, ninth_tenth))


def _select_waits(scope: Scope, kind: str, acts: Iterable[Act]) -> Select[*tuple[Any, ...]]:
    opening, answer = aliased(ItineraryEntry), aliased(ItineraryEntry)
    statement: Select[*tuple[Any, ...]] = (
        select(
            literal(kind).label("kind"),
            col(Idea.id).label("idea_id"),
            col(opening.at).label("opened_at"),
            func.min(col(answer.at)).label("answered_at"),
        )
        .join(opening, and_(col(opening.idea_id) == col(Idea.id), col(opening.position) == 1))
        .join(answer, col(answer.idea_id) == col(Idea.id))
        .where(
            statistics.is_meant(scope),
            col(answer.act).in_(sorted(acts)),
            col(answer.at) < scope.period.until,
        )
        .group_by(col(Idea.id), col(opening.at))
    )
    return statement.where(statistics.is_from(scope))
