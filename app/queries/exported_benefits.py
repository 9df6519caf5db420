"""Benefits as they are exported: what was estimated, measured and shown at each gate that an idea passed."""

from typing import Any

from sqlalchemy import ColumnElement, Select, String, case, cast, func, null, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.core.cells import Column
from app.core.sheets import Kind
from app.domain.pipeline import Stage
from app.models.campaigns import Campaign
from app.models.employees import Employee
from app.models.functions import Function
from app.models.gates import Gate
from app.models.ideas import Idea
from app.models.themes import Theme
from app.queries.details import GATED
from app.queries.exported_tables import ExportedTable, Narrowing, is_one_of, narrow

_owner = aliased(Employee)
_deployed = col(Gate.stage) == Stage.DEPLOYED.value
_T = Kind.TEXT


def _write(amount: Any, engine: str) -> Any:
    # SQLite keeps decimals as floats, and writes 1250.50 as 1250.5.
    written: Any = cast(amount, String) if engine == "postgresql" else func.printf("%.2f", amount)
    return case((amount.is_(None), null()), else_=written)


def _list_columns(engine: str) -> tuple[Column, ...]:
    amount = _write(col(Gate.amount), engine)
    return (
        Column("idea_id", _T, col(Idea.id), "The idea."),
        Column("title", _T, col(Idea.title), "Its title."),
        Column("theme", _T, col(Theme.name), "What it improves."),
        Column("function", _T, col(Function.name), "The function that answers."),
        Column("campaign", _T, col(Campaign.name), "The campaign it was submitted to."),
        Column("stage", _T, col(Idea.stage), "Where the idea stands."),
        Column("gate", _T, col(Gate.stage), "The gate that it passed."),
        Column("at", Kind.TIME, col(Gate.at), "When it passed the gate."),
        Column("owner", _T, col(_owner.name), "Who owns the project."),
        Column(
            "estimate", Kind.NUMBER, case((_deployed, null()), else_=amount), "The benefit that is expected."
        ),
        Column(
            "benefit", Kind.NUMBER, case((_deployed, amount), else_=null()), "The benefit that was measured."
        ),
        Column("currency", _T, col(Gate.currency), "The currency (ISO 4217) of both."),
        Column("per", _T, col(Gate.per), "`once`, or each `year`."),
        Column(
            "cost",
            Kind.NUMBER,
            _write(col(Gate.cost), engine),
            "What the project was to cost; what it cost, where it was deployed.",
        ),
        Column("cost_currency", _T, col(Gate.cost_currency), "The currency (ISO 4217) of the cost."),
        Column("place", _T, col(Gate.place), "Where the pilot runs."),
        Column("starts_on", Kind.DAY, col(Gate.starts_on), "The first day of the pilot."),
        Column("ends_on", Kind.DAY, col(Gate.ends_on), "Its last day."),
        Column("success_measure", _T, col(Gate.success_measure), "What tells whether the pilot succeeds."),
        Column("result", _T, col(Gate.result), "What came of it."),
        Column("benefit_due_on", Kind.DAY, col(Gate.benefit_due_on), "Until when the benefit is measured."),
        Column("skip_reason", _T, col(Gate.skip_reason), "Why there was no pilot."),
    )


COLUMNS = _list_columns("postgresql")


def describe_benefits(narrowing: Narrowing, *, zone: str) -> ExportedTable:
    """Return the table of benefits: a row for each gate that an idea passed, in the order of time."""
    meant = narrow(narrowing, zone=zone)
    return ExportedTable(COLUMNS, lambda engine: _select(meant, engine))


def _select(meant: ColumnElement[bool], engine: str) -> Select[Any]:
    return (
        select(*(column.value.label(column.name) for column in _list_columns(engine)))
        .select_from(Gate)
        .join(Idea, col(Idea.id) == col(Gate.idea_id))
        .join(Theme, col(Theme.id) == col(Idea.theme_id))
        .join(Campaign, col(Campaign.id) == col(Idea.campaign_id))
        .outerjoin(Function, col(Function.id) == col(Idea.function_id))
        .outerjoin(_owner, col(_owner.id) == col(Gate.owner_id))
        .where(meant, is_one_of(col(Idea.stage), (stage.value for stage in GATED)))
        .order_by(col(Gate.at), col(Gate.id))
    )
