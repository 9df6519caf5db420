"""Itineraries as they are exported: every entry, as a reader sees it who wrote none of the ideas."""

from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, null, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.core.cells import Column
from app.core.sheets import Kind
from app.domain.pipeline import Act
from app.models.employees import Employee
from app.models.functions import Function
from app.models.ideas import Idea
from app.models.itinerary import ItineraryActor, ItineraryEntry
from app.queries.exported_tables import ExportedTable, Narrowing, is_one_of, narrow
from app.queries.ideas import CANONICAL
from app.queries.itinerary import AUTHORS_ACTS, JOINING

_acting_ref, _holding_ref = aliased(ItineraryActor), aliased(ItineraryActor)
_acting, _holding = aliased(Employee), aliased(Employee)
_entry_function = aliased(Function)
_unnamed = and_(col(Idea.anonymous).is_(True), is_one_of(col(ItineraryEntry.act), AUTHORS_ACTS))
_shown = or_(col(Idea.anonymous).is_(False), ~is_one_of(col(ItineraryEntry.act), JOINING))

_T = Kind.TEXT

_facts = case(
    (and_(col(ItineraryEntry.act) == Act.MERGE.value, CANONICAL.is_(None)), "{}"),
    else_=cast(col(ItineraryEntry.facts), String),
)
"""What an idea was merged into is not told while that is restricted."""

COLUMNS: tuple[Column, ...] = (
    Column("idea_id", _T, col(ItineraryEntry.idea_id), "The idea."),
    Column("position", Kind.NUMBER, col(ItineraryEntry.position), "Which entry of the idea it is, from 1."),
    Column("at", Kind.TIME, col(ItineraryEntry.at), "When it happened."),
    Column("act", _T, col(ItineraryEntry.act), "What was done."),
    Column(
        "actor",
        _T,
        case((_unnamed, null()), else_=col(_acting.name)),
        "Who did it; nobody where the author of an anonymous idea did, or the product itself.",
    ),
    Column("from_stage", _T, col(ItineraryEntry.from_stage), "Where the idea stood before."),
    Column("to_stage", _T, col(ItineraryEntry.to_stage), "Where it stood then."),
    Column("function", _T, col(_entry_function.name), "The function that it was given to."),
    Column("holder", _T, col(_holding.name), "Who got it."),
    Column("reason_code", _T, col(ItineraryEntry.reason_code), "The reason of a decline."),
    Column("text", _T, col(ItineraryEntry.text), "What was said."),
    Column("facts", _T, _facts, "What was shown besides, as JSON."),
    Column("hash", _T, col(ItineraryEntry.hash), "The hash that chains it to the entry before."),
)


def describe_itineraries(narrowing: Narrowing, *, zone: str) -> ExportedTable:
    """Return the table of itineraries: a row for each entry, idea by idea."""
    meant = narrow(narrowing, zone=zone)
    return ExportedTable(COLUMNS, lambda _: _select(meant))


def _select(meant: ColumnElement[bool]) -> Select[Any]:
    return (
        select(*(column.value.label(column.name) for column in COLUMNS))
        .select_from(ItineraryEntry)
        .join(Idea, col(Idea.id) == col(ItineraryEntry.idea_id))
        .outerjoin(_acting_ref, col(_acting_ref.ref) == col(ItineraryEntry.actor_ref))
        .outerjoin(_acting, col(_acting.id) == col(_acting_ref.employee_id))
        .outerjoin(_holding_ref, col(_holding_ref.ref) == col(ItineraryEntry.holder_ref))
        .outerjoin(_holding, col(_holding.id) == col(_holding_ref.employee_id))
        .outerjoin(_entry_function, col(_entry_function.id) == col(ItineraryEntry.function_id))
        .where(meant, _shown)
        .order_by(col(ItineraryEntry.idea_id), col(ItineraryEntry.position))
    )
