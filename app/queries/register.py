"""Reading the register for the works council, and verifying its chain."""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.core import clock, ids
from app.core.db import ReadSession
from app.core.keysets import Place
from app.domain import chains, permissions, register
from app.domain.actors import Actor
from app.domain.chains import GENESIS, Verdict
from app.domain.measures import start_day
from app.domain.permissions import Permission
from app.models.calendars import Calendar
from app.models.campaigns import Campaign
from app.models.employees import Employee
from app.models.entities import Entity
from app.models.functions import Function
from app.models.gatherings import Gathering
from app.models.prizes import Prize
from app.models.register import RegisterEntry as EntryRow
from app.models.register import RegisterHead, RegisterName
from app.models.themes import Theme
from app.queries.findings import Finding, report
from app.schemas.register import RegisterEntry, RegisterVerification
from app.schemas.shapes import Named

BATCH = 500
"""Entries that are read at once when all are wanted."""

_actor_name, _about_name = aliased(RegisterName), aliased(RegisterName)
_acting, _concerned = aliased(Employee), aliased(Employee)
_ENTRIES: Any = (
    select(EntryRow, col(_acting.id), col(_acting.name), col(_concerned.id), col(_concerned.name))
    .outerjoin(_actor_name, col(_actor_name.ref) == col(EntryRow.actor_ref))
    .outerjoin(_acting, col(_acting.id) == col(_actor_name.employee_id))
    .outerjoin(_about_name, col(_about_name.ref) == col(EntryRow.about_ref))
    .outerjoin(_concerned, col(_concerned.id) == col(_about_name.employee_id))
)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What of the register is wanted: a kind, an act, days from and to, both included."""

    kind: str | None = None
    act: str | None = None
    since: date | None = None
    to: date | None = None


async def list_entries(
    session: ReadSession, actor: Actor, narrowed: Narrowed, *, zone: str, after: Place | None, limit: int
) -> tuple[list[RegisterEntry], Place | None]:
    """Return a page of the register, the latest first, and where the next page begins.

    Raises: RoleMissing.
    """
    permissions.check(actor, Permission.REGISTER_READ)
    statement = _narrow(narrowed, zone).order_by(col(EntryRow.position).desc()).limit(limit + 1)
    if after is not None:
        statement = statement.where(col(EntryRow.position) < after[0])
    rows = (await session.execute(statement)).all()
    items = await _shape(session, rows[:limit])
    return items, [items[-1].position] if len(rows) > limit else None


async def stream_entries(
    session: ReadSession, actor: Actor, narrowed: Narrowed, *, zone: str
) -> AsyncIterator[tuple[EntryRow, RegisterEntry]]:
    """Give all of the register, the oldest first, as rows with all that the chain covers and as they are shown.

    Raises: RoleMissing.
    """
    permissions.check(actor, Permission.REGISTER_READ)
    last = 0
    while True:
        statement = _narrow(narrowed, zone).where(col(EntryRow.position) > last)
        rows = (await session.execute(statement.order_by(col(EntryRow.position)).limit(BATCH))).all()
        if not rows:
            return
        for row, shown in zip(rows, await _shape(session, rows), strict=True):
            yield row[0], shown
        last = rows[-1][0].position


async def verify(session: ReadSession, actor: Actor) -> RegisterVerification:
    """Return whether the chain of the register holds.

    Raises: RoleMissing.
    """
    permissions.check(actor, Permission.REGISTER_READ)
    verdict = await check_chain(session)
    return RegisterVerification(
        valid=verdict.valid,
        rows=verdict.rows,
        head=verdict.head,
        broken_at=verdict.broken_at,
        anchored=await holds_anchor(session),
    )


async def check_chain(session: ReadSession) -> Verdict:
    """Check every entry against the one before, and the last against the head, some hundred at a time."""
    head = await session.scalar(select(RegisterHead))
    length, last = (head.position, head.hash) if head is not None else (0, GENESIS)
    previous, position = GENESIS, 0
    while True:
        entries = await session.scalars(
            select(EntryRow)
            .where(col(EntryRow.position) > position, col(EntryRow.position) <= length)
            .order_by(col(EntryRow.position))
            .limit(BATCH)
        )
        read = 0
        for entry in entries:
            read += 1
            position += 1
            if not chains.fits(entry, position, previous, register.seal):
                return Verdict(False, position, previous, broken_at=position)
            previous = entry.hash
        session.expunge_all()
        if read < BATCH:
            break
    if position != length or previous != last:
        return Verdict(False, position, previous, broken_at=position + 1)
    return Verdict(True, position, previous)


async def holds_anchor(session: ReadSession) -> bool:
    """Tell whether the register still has the entry that was anchored last."""
    head = await session.scalar(select(RegisterHead))
    if head is None or not head.anchored_position:
        return head is not None
    there = select(func.count()).where(
        col(EntryRow.position) == head.anchored_position, col(EntryRow.hash) == head.anchored_hash
    )
    return bool(await session.scalar(there))


async def check(session: ReadSession) -> list[Finding]:
    """Verify the register for an audit."""
    verdict, anchored = await check_chain(session), await holds_anchor(session)
    broken = [] if verdict.valid else [f"entry {verdict.broken_at}"]
    remedy = "Compare with a backup and with the anchor file: an entry was changed or cut."
    found = report("The register is broken", broken, remedy)
    return found + report(
        "The register differs from its last anchor", [] if anchored else ["its end"], remedy
    )


def _narrow(narrowed: Narrowed, zone: str) -> Any:
    statement = _ENTRIES
    if narrowed.kind is not None:
        statement = statement.where(col(EntryRow.kind) == narrowed.kind)
    if narrowed.act is not None:
        statement = statement.where(col(EntryRow.act) == narrowed.act)
    if narrowed.since is not None:
        statement = statement.where(col(EntryRow.at) >= start_day(narrowed.since, zone))
    if narrowed.to is not None:
        statement = statement.where(col(EntryRow.at) < _get_end(narrowed.to, zone))
    return statement


def _get_end(day: date, zone: str) -> datetime:
    return start_day(clock.next_day(day), zone)


async def _shape(session: ReadSession, rows: Sequence[Any]) -> list[RegisterEntry]:
    names = await _find_names(session, [row[0] for row in rows])
    return [
        RegisterEntry(
            position=entry.position,
            at=entry.at,
            kind=entry.kind,
            act=entry.act,
            actor=Named(id=acting, name=actor) if acting else None,
            about=Named(id=concerned, name=about) if concerned else None,
            subject=entry.subject,
            facts=entry.facts,
            names={each: names[each] for each in _list_ids(entry) if each in names},
            text=entry.text,
            actor_ref=entry.actor_ref,
            about_ref=entry.about_ref,
            hash=entry.hash,
        )
        for entry, acting, actor, concerned, about in rows
    ]


def _list_ids(entry: EntryRow) -> list[str]:
    return [each for each in _list_words([entry.subject, entry.facts]) if ids.is_valid(each)]


def _list_words(said: Any) -> Iterator[str]:
    """Give every text in facts, however deep: the terms of a change stand in `before` and `after`."""
    if isinstance(said, str):
        yield said
    elif isinstance(said, dict | list):
        for each in said.values() if isinstance(said, dict) else said:
            yield from _list_words(each)


async def _find_names(session: ReadSession, entries: Sequence[EntryRow]) -> dict[str, str]:
    """Return the names of what entries refer to and everybody knows: units, campaigns, prizes …; never of ideas."""
    wanted = sorted({each for entry in entries for each in _list_ids(entry)})
    if not wanted:
        return {}
    tables: tuple[Any, ...] = (Function, Theme, Campaign, Entity, Prize, Calendar)
    found = union_all(
        *(select(col(each.id), col(each.name)).where(col(each.id).in_(wanted)) for each in tables),
        select(col(Gathering.id), col(Gathering.title)).where(col(Gathering.id).in_(wanted)),
    )
    return {row[0]: row[1] for row in await session.execute(found)}
