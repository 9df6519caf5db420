"""Reading everything that is kept about a person, table by table, as `personal_data.TREATMENTS` lists it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import RowMapping, or_, select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain import personal_data
from app.domain.actors import Actor
from app.domain.personal_data import OWN_COLUMNS, TREATMENTS, Section
from app.models import metadata
from app.models.authorships import Authorship
from app.models.employees import Employee
from app.models.fields import FieldValue
from app.models.ideas import Idea
from app.models.itinerary import ItineraryActor, ItineraryEntry
from app.models.register import RegisterEntry, RegisterName
from app.schemas.own_data import OwnData, OwnSection, OwnTable


async def get_own_data(session: ReadSession, actor: Actor, *, now: datetime) -> OwnData:
    """Return everything that is kept about the actor; the number of statements does not grow with it."""
    sections: defaultdict[Section, list[OwnTable]] = defaultdict(list)
    for name, treatment in TREATMENTS.items():
        if treatment.section is not None:
            table, column = personal_data.split(name)
            rows = await _read_rows(session, table, column, treatment.shown, actor.id)
            sections[treatment.section].append(OwnTable(table=table, column=column, rows=rows))
    sections[Section.IDEAS] += await _read_ideas(session, actor.id)
    sections[Section.RECORD] += await _read_acts(session, actor.id)
    account = (
        (
            await session.execute(
                select(*(col(getattr(Employee, name)) for name in OWN_COLUMNS)).where(
                    col(Employee.id) == actor.id
                )
            )
        )
        .mappings()
        .one()
    )
    return OwnData(
        made_at=now,
        account={"id": actor.id} | {name: _write(value) for name, value in account.items()},
        sections=[OwnSection(section=section, tables=sections[section]) for section in Section],
    )


async def _read_rows(
    session: ReadSession, table: str, column: str, shown: tuple[str, ...], employee_id: str
) -> list[dict[str, Any]]:
    rows = metadata.tables[table]
    statement = select(*(rows.c[name] for name in shown)).where(rows.c[column] == employee_id)
    found = (await session.execute(statement)).mappings()
    return _list(sorted(found, key=_get_place))


async def _read_ideas(session: ReadSession, employee_id: str) -> list[OwnTable]:
    """Return the words of the ideas that a person wrote."""
    mine = select(col(Authorship.idea_id)).where(
        col(Authorship.employee_id) == employee_id, col(Authorship.state) == "accepted"
    )
    ideas = await session.execute(
        select(
            col(Idea.id),
            col(Idea.title),
            col(Idea.problem),
            col(Idea.solution),
            col(Idea.benefit),
            col(Idea.anonymous),
            col(Idea.stage),
            col(Idea.created_at),
            col(Idea.submitted_at),
        )
        .where(col(Idea.id).in_(mine))
        .order_by(col(Idea.id))
    )
    values = await session.execute(
        select(col(FieldValue.idea_id), col(FieldValue.field_id), col(FieldValue.value))
        .where(col(FieldValue.idea_id).in_(mine))
        .order_by(col(FieldValue.idea_id), col(FieldValue.field_id), col(FieldValue.place))
    )
    return [
        OwnTable(table="ideas", column="author", rows=_list(ideas.mappings())),
        OwnTable(table="field_values", column="author", rows=_list(values.mappings())),
    ]


async def _read_acts(session: ReadSession, employee_id: str) -> list[OwnTable]:
    """Return what a person did to ideas, and the entries of the register in which they stand."""
    acts = await session.execute(
        select(
            col(ItineraryEntry.idea_id),
            col(ItineraryEntry.at),
            col(ItineraryEntry.act),
            col(ItineraryEntry.reason_code),
            col(ItineraryEntry.text),
        )
        .join(ItineraryActor, col(ItineraryActor.ref) == col(ItineraryEntry.actor_ref))
        .where(col(ItineraryActor.employee_id) == employee_id)
        .order_by(col(ItineraryEntry.at), col(ItineraryEntry.id))
    )
    mine = select(col(RegisterName.ref)).where(col(RegisterName.employee_id) == employee_id)
    entered = await session.execute(
        select(col(RegisterEntry.position), col(RegisterEntry.at), col(RegisterEntry.act))
        .where(or_(col(RegisterEntry.actor_ref).in_(mine), col(RegisterEntry.about_ref).in_(mine)))
        .order_by(col(RegisterEntry.position))
    )
    return [
        OwnTable(table="itinerary_entries", column="actor", rows=_list(acts.mappings())),
        OwnTable(table="register_entries", column="person", rows=_list(entered.mappings())),
    ]


def _get_place(row: RowMapping) -> tuple[list[str], list[str]]:
    """Return what a row is sorted by: its moments, then what it says; identifiers have no order of their own."""
    moments = [str(value) for value in row.values() if isinstance(value, datetime | date)]
    return moments, [str(value) for value in row.values()]


def _list(found: Iterable[RowMapping]) -> list[dict[str, Any]]:
    return [{name: _write(value) for name, value in row.items()} for row in found]


def _write(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
