"""Adding up what ideas were expected to bring, and what was measured after their deployment."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Subquery, and_, func, select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain import rollups
from app.domain.actors import Actor
from app.domain.pipeline import Stage
from app.domain.rollups import BENEFITS, Sums
from app.models.gates import Gate
from app.models.ideas import Idea
from app.queries import boards, statistics
from app.queries.statistics import Filters, Scope
from app.schemas.figures import Benefit, Benefits

_CENT = Decimal("0.01")

_Kind = tuple[str, str]
"""A currency, and whether once or by the year."""


async def get_benefits(
    session: ReadSession, actor: Actor, filters: Filters, *, zone: str, now: datetime
) -> Benefits:
    """Return the amounts that were given at the gates until the end of a day, by currency and by how often.

    Of each idea the last estimate counts, and the last measured benefit. One statement to six.

    Raises: RoleMissing, DayToCome, DaysReversed, UnknownFilter.
    """
    scope = await statistics.get_idea_scope(session, actor, filters, zone=zone, now=now)
    sums = await boards.read(session, scope, BENEFITS)
    found = await _count(session, scope) if sums is None else _read(sums)
    return Benefits(as_of=scope.period.as_of, benefits=[found[kind] for kind in sorted(found)])


def _read(sums: Sums) -> dict[_Kind, Benefit]:
    """Return the amounts that stand in sums."""
    found = {}
    for kind in {measure.partition(" ")[2] for measure in sums}:
        estimated, brought, expected, realised = (
            sums.get(f"{name} {kind}", {}) for name in ("estimated", "brought", "expected", "realised")
        )
        if estimated.get(0) or brought.get(0):
            currency, _, per = kind.partition(" ")
            found[currency, per] = _tell(
                (currency, per),
                (estimated.get(0, 0), rollups.add_up(estimated)),
                (brought.get(0, 0), rollups.add_up(brought)),
                (rollups.add_up(expected), rollups.add_up(realised)),
            )
    return found


async def _count(session: ReadSession, scope: Scope) -> dict[_Kind, Benefit]:
    """Return the amounts that stand in the history; three statements."""
    estimated, measured = _select_last(scope, Stage.PROJECT), _select_last(scope, Stage.DEPLOYED)
    sums = {stage: await _add_up(session, part) for stage, part in (("e", estimated), ("m", measured))}
    both = and_(
        estimated.c.idea_id == measured.c.idea_id,
        estimated.c.currency == measured.c.currency,
        estimated.c.per == measured.c.per,
    )
    key = (measured.c.currency, measured.c.per)
    amounts = (func.sum(estimated.c.amount), func.sum(measured.c.amount))
    compared: Any = await session.execute(
        select(*key, *amounts).select_from(measured.join(estimated, both)).group_by(*key)
    )
    both_of = {(row[0], row[1]): (_cut(row[2]), _cut(row[3])) for row in compared}
    nothing = Decimal(0)
    return {
        kind: _tell(
            kind,
            sums["e"].get(kind, (0, nothing)),
            sums["m"].get(kind, (0, nothing)),
            both_of.get(kind, (nothing, nothing)),
        )
        for kind in sums["e"].keys() | sums["m"].keys()
    }


def _tell(
    kind: _Kind,
    estimated: tuple[int, Decimal],
    measured: tuple[int, Decimal],
    compared: tuple[Decimal, Decimal],
) -> Benefit:
    expected, brought = compared
    return Benefit.model_validate(
        {
            "currency": kind[0],
            "per": kind[1],
            "estimated_ideas": estimated[0],
            "estimated": estimated[1],
            "measured_ideas": measured[0],
            "measured": measured[1],
            "realised": float(brought / expected) if expected else None,
        }
    )


def _cut(amount: Any) -> Decimal:
    """Return a sum to the cent: SQLite keeps decimals as floats."""
    return Decimal(amount).quantize(_CENT)


async def _add_up(session: ReadSession, part: Subquery) -> dict[Any, tuple[int, Decimal]]:
    key = (part.c.currency, part.c.per)
    rows = await session.execute(select(*key, func.count(), func.sum(part.c.amount)).group_by(*key))
    return {(row[0], row[1]): (row[2], _cut(row[3])) for row in rows}


def _select_last(scope: Scope, stage: Stage) -> Subquery:
    """Return the last amount that each idea of a figure had at a gate."""
    order = (col(Gate.at).desc(), col(Gate.id))
    numbered = (
        select(
            col(Gate.idea_id).label("idea_id"),
            col(Gate.amount).label("amount"),
            col(Gate.currency).label("currency"),
            col(Gate.per).label("per"),
            func.row_number().over(partition_by=col(Gate.idea_id), order_by=order).label("rank"),
        )
        .join(Idea, col(Idea.id) == col(Gate.idea_id))
        .where(
            statistics.is_meant(scope),
            statistics.is_from(scope),
            col(Gate.stage) == stage.value,
            col(Gate.at) < scope.period.until,
            col(Gate.amount).is_not(None),
        )
        .subquery()
    )
    return select(numbered).where(numbered.c.rank == 1).subquery()
