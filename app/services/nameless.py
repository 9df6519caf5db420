"""Putting a nameless account in the place of a person, so that what they did still counts and says nobody."""

from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary, Table, delete, func, insert, literal, or_, select, update
from sqlmodel import col

from app.core import ids
from app.core.db import WriteSession
from app.domain import personal_data
from app.domain.erasures import NAMELESS
from app.domain.personal_data import Fate
from app.domain.rewards import RuleKey
from app.models import metadata
from app.models.authorships import Authorship
from app.models.employees import Employee
from app.models.events import Event
from app.models.help_requests import HelpMessage, HelpRequest
from app.models.idempotency import IdempotencyKey
from app.models.register import RegisterEntry, RegisterName
from app.models.reviews import Review
from app.models.rewards import PointEntry
from app.models.rollups import ParticipationChange

_SILENT = {"synchronize_session": False}


async def replace(session: WriteSession, person: Employee, *, now: datetime) -> str:
    """Move everything that counts to a new nameless account, and delete the person with all else.

    The identifier goes as well: whoever has noted it finds nothing under it. Returns that of the new account.

    1. Make the account; the person is held, so that nothing new can refer to them.
    2. Drop what is private between two, and what nobody but the person had.
    3. Pass on, empty or delete the rows of each table as `personal_data.TREATMENTS` says.
    4. Rewrite the identifier where no key refers to it, as far as an index leads there; `sweeps` does the rest.
    """
    new = ids.new()
    await session.flush()
    connection = await session.connection()
    account = {
        "id": new,
        "name": NAMELESS,
        "folded_name": "",
        "kind": person.kind,
        "locale": "fr",
        "active": False,
        "access_version": 0,
        "created_at": person.created_at,
        "deactivated_at": person.deactivated_at,
        "erased_at": now,
    }
    await connection.execute(insert(_get("employees")), account)
    await _drop_private(session, person)
    for fate, act in ((Fate.PASSED_ON, _pass_on), (Fate.EMPTIED, _empty), (Fate.DELETED, _delete)):
        for table, column in personal_data.list_of(fate):
            await connection.execute(act(_get(table), column, person.id, new))
    await _rewrite(session, person.id, new)
    session.expunge(person)
    await connection.execute(delete(_get("employees")).where(_get("employees").c.id == person.id))
    return new


def _get(name: str) -> Table:
    return metadata.tables[name]


def _pass_on(table: Table, column: str, old: str, new: str) -> Any:
    return update(table).where(table.c[column] == old).values({column: new})


def _empty(table: Table, column: str, old: str, _new: str) -> Any:
    return update(table).where(table.c[column] == old).values({column: None})


def _delete(table: Table, column: str, old: str, _new: str) -> Any:
    return delete(table).where(table.c[column] == old)


async def _drop_private(session: WriteSession, person: Employee) -> None:
    """Drop what was said to one other person only, invitations that led to nothing, and words of the register."""
    await session.execute(
        update(HelpRequest).where(col(HelpRequest.asker_id) == person.id).values(text="", words=[]),
        execution_options=_SILENT,
    )
    await session.execute(
        update(HelpMessage).where(col(HelpMessage.author_id) == person.id).values(body=""),
        execution_options=_SILENT,
    )
    await session.execute(
        delete(Authorship).where(
            col(Authorship.employee_id) == person.id, col(Authorship.state).in_(("invited", "refused"))
        ),
        execution_options=_SILENT,
    )
    own = select(col(RegisterName.ref)).where(col(RegisterName.employee_id) == person.id)
    await session.execute(
        update(RegisterEntry).where(col(RegisterEntry.about_ref).in_(own)).values(text=None, salt=None),
        execution_options=_SILENT,
    )
    await session.execute(_forget_answers(session, person), execution_options=_SILENT)


def _forget_answers(session: WriteSession, person: Employee) -> Any:
    """Return the statement that forgets answers in which the person stands, kept for a day for who repeats."""
    body = col(IdempotencyKey.body)
    sought = [literal(text.encode(), LargeBinary()) for text in (person.id, person.name)]
    if session.get_bind().dialect.name == "postgresql":
        found = [func.position(each.op("IN")(body)) > 0 for each in sought]
    else:
        found = [func.instr(body, each) > 0 for each in sought]
    return delete(IdempotencyKey).where(or_(*found))


async def _rewrite(session: WriteSession, old: str, new: str) -> None:
    await session.execute(
        update(PointEntry)
        .where(
            col(PointEntry.employee_id) == new,
            col(PointEntry.rule) == RuleKey.FIRST_SIGN_IN.value,
            col(PointEntry.subject) == old,
        )
        .values(subject=new),
        execution_options=_SILENT,
    )
    await session.execute(
        update(Event).where(col(Event.subject) == old).values(subject=new), execution_options=_SILENT
    )
    await session.execute(
        update(Event)
        .where(col(Event.actor_id) == old, col(Event.worked_off_at).is_(None))
        .values(actor_id=new),
        execution_options=_SILENT,
    )
    rows = await session.execute(
        select(col(Review.id), col(Review.route)).where(col(Review.reviewer_id) == new)
    )
    for review_id, route in rows.all():
        if route.get("reviewer_id") == old:
            await session.execute(
                update(Review).where(col(Review.id) == review_id).values(route=route | {"reviewer_id": new}),
                execution_options=_SILENT,
            )
    # The account is noted with everything that came to it; under the identifier that goes there is nothing to count.
    await session.execute(
        delete(ParticipationChange).where(col(ParticipationChange.employee_id) == old),
        execution_options=_SILENT,
    )
