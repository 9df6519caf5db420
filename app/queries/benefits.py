"""Adding up what ideas were expected to bring, and what was measured after their deployment."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Subquery, and_, func, select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain.actors import Actor
from app.domain.pipeline import Stage
from app.models.gates import Gate
from app.models.ideas import Idea
from app.queries import statistics
from app.queries.statistics import Filters, Scope
from app.schemas.figures import Benefit, Benefits

_CENT = Decimal("0.01")


async def get_benefits(
    session: ReadSession, actor: Actor, filters: Filters, *, zone: str, now: datetime
) -> Benefits:
    """Return the amounts that were given at the gates until the end of a day, by currency and by how often.

    Of each idea the last estimate counts, and the last measured benefit. Three to six statements.

    Raises: RoleMissing, DayToCome, DaysReversed, UnknownFilter.
    """
    scope = await statistics.get_idea_scope(session, actor, filters, zone=zone, now=now)
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
    realised = {(row[0], row[1]): float(row[3] / row[2]) for row in compared if row[2]}
    nothing = (0, Decimal(0))
    return Benefits(
        as_of=scope.period.as_of,
        benefits=[
            Benefit(
                currency=kind[0],
                per=kind[1],
                estimated_ideas=sums["e"].get(kind, nothing)[0],
                estimated=sums["e"].get(kind, nothing)[1],
                measured_ideas=sums["m"].get(kind, nothing)[0],
                measured=sums["m"].get(kind, nothing)[1],
                realised=realised.get(kind),
            )
            for kind in sorted(sums["e"].keys() | sums["m"].keys())
        ],
    )


async def _add_up(session: ReadSession, part: Subquery) -> dict[Any, tuple[int, Decimal]]:
    key = (part.c.currency, part.c.per)
    rows = await session.execute(select(*key, func.count(), func.sum(part.c.amount)).group_by(*key))
    # SQLite keeps decimals as floats.
    return {(row[0], row[1]): (row[2], Decimal(row[3]).quantize(_CENT)) for row in rows}


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
