"""Adding up what ideas were expected to bring, what was measured after their deployment, and what it cost."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, func, select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain import returns, rollups
from app.domain.actors import Actor
from app.domain.pipeline import Stage
from app.domain.returns import Costs
from app.domain.rollups import BENEFITS, Sums
from app.models.gates import Gate
from app.models.ideas import Idea
from app.queries import boards, prize_costs, statistics
from app.queries.statistics import Filters, Scope
from app.schemas.figures import Benefit, Benefits, Return

_CENT = Decimal("0.01")

_Kind = tuple[str, str]
"""A currency, and whether once or by the year."""

_AMOUNT = (col(Gate.amount), col(Gate.currency), col(Gate.per))
_COST = (col(Gate.cost), col(Gate.cost_currency))


async def get_benefits(
    session: ReadSession, actor: Actor, filters: Filters, *, zone: str, now: datetime
) -> Benefits:
    """Return the amounts that were given at the gates until the end of a day, by currency and by how often.

    Of each idea the last estimate counts, the last measured benefit and the last cost. Two statements to eight.

    Raises: RoleMissing, DayToCome, DaysReversed, UnknownFilter.
    """
    scope = await statistics.get_idea_scope(session, actor, filters, zone=zone, now=now)
    sums = await boards.read(session, scope, BENEFITS)
    if sums is None:
        found, costs = await _count(session, scope), await _count_costs(session, scope)
    else:
        found, costs = _read(sums), _read_costs(sums)
    prizes = await prize_costs.add_up(session, scope)
    return Benefits(
        as_of=scope.period.as_of,
        benefits=[found[kind] for kind in sorted(found)],
        returns=_list_returns(found, costs, prizes),
    )


def _list_returns(
    found: Mapping[_Kind, Benefit], costs: Mapping[str, Costs], prizes: Mapping[str, Decimal] | None
) -> list[Return]:
    measured: dict[str, Decimal] = {}
    for (currency, _), benefit in found.items():
        if benefit.measured_ideas:
            measured[currency] = measured.get(currency, Decimal(0)) + benefit.measured
    return [
        Return.model_validate(each, from_attributes=True)
        for each in returns.list_all(measured, costs, prizes)
    ]


def _read(sums: Sums) -> dict[_Kind, Benefit]:
    """Return the amounts that stand in sums."""
    found = {}
    for kind in {measure.partition(" ")[2] for measure in sums if not measure.startswith("cost ")}:
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


def _read_costs(sums: Sums) -> dict[str, Costs]:
    """Return the costs that stand in sums, by currency."""
    told = {measure.partition(" ")[2]: each for measure, each in sums.items() if measure.startswith("cost ")}
    return {currency: Costs(each[0], rollups.add_up(each)) for currency, each in told.items() if each.get(0)}


async def _count(session: ReadSession, scope: Scope) -> dict[_Kind, Benefit]:
    """Return the amounts that stand in the history; three statements."""
    estimated, measured = (
        _select_last(scope, *_AMOUNT, meant=col(Gate.stage) == stage.value)
        for stage in (Stage.PROJECT, Stage.DEPLOYED)
    )
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


async def _count_costs(session: ReadSession, scope: Scope) -> dict[str, Costs]:
    """Return the costs that stand in the history, by currency."""
    last = _select_last(scope, *_COST)
    rows = await session.execute(
        select(last.c.cost_currency, func.count(), func.sum(last.c.cost)).group_by(last.c.cost_currency)
    )
    return {currency: Costs(number, _cut(amount)) for currency, number, amount in rows}


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


def _select_last(scope: Scope, amount: Any, *kind: Any, meant: ColumnElement[bool] | None = None) -> Subquery:
    """Return the last amount that each idea of a figure had at a gate, and what kind of amount it is."""
    order = (col(Gate.at).desc(), col(Gate.id))
    numbered = (
        select(
            col(Gate.idea_id).label("idea_id"),
            amount,
            *kind,
            func.row_number().over(partition_by=col(Gate.idea_id), order_by=order).label("rank"),
        )
        .join(Idea, col(Idea.id) == col(Gate.idea_id))
        .where(
            statistics.is_meant(scope),
            statistics.is_from(scope),
            col(Gate.at) < scope.period.until,
            amount.is_not(None),
            *([] if meant is None else [meant]),
        )
        .subquery()
    )
    return select(numbered).where(numbered.c.rank == 1).subquery()
