"""Reading restrictions: who reads an idea of a lane, what its authors and readers see of it, and the lanes."""

from collections.abc import Collection, Sequence
from typing import Any, Protocol

from sqlalchemy import ColumnElement, and_, exists, or_, select, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.core import keysets
from app.core.db import ReadSession
from app.core.keysets import Place
from app.domain.actors import Actor
from app.domain.authorships import AuthorshipState
from app.domain.restriction_texts import TEXTS
from app.domain.restrictions import NotRestricted, RestrictionKind, State, list_answers
from app.models.authorships import Authorship
from app.models.employees import Employee
from app.models.ideas import Idea
from app.models.restrictions import Restriction as Row
from app.models.restrictions import RestrictionLane, RestrictionMessage, RestrictionReader
from app.queries import conflicts
from app.schemas.restrictions import LaneTexts, Restriction, RestrictionSaid
from app.schemas.shapes import Named

_row = aliased(Row)


class Visibly(Protocol):
    """An idea that somebody may know of, and whether they wrote it."""

    @property
    def idea(self) -> Idea:
        """The idea."""

    @property
    def is_author(self) -> bool:
        """Whether they wrote it."""


def is_read_by(idea_id: Any, employee: Any) -> ColumnElement[bool]:
    """Return the condition that a restricted idea is in a lane that somebody reads, conflicts apart.

    These are the readers of its kind, whose turn it is where no reader could have it, and whom an escalation reached.
    """
    reads = exists().where(
        col(RestrictionReader.kind) == col(_row.kind), col(RestrictionReader.employee_id) == employee
    )
    heard = exists().where(
        col(RestrictionLane.kind) == col(_row.kind), col(RestrictionLane.escalation_id) == employee
    )
    return exists().where(
        col(_row.idea_id) == idea_id,
        col(_row.lifted_at).is_(None),
        or_(reads, col(_row.reader_id) == employee, and_(col(_row.escalated_at).is_not(None), heard)),
    )


async def list_unknown(session: ReadSession, actor: Actor, idea_ids: Collection[str]) -> set[str]:
    """Return those of some ideas that are restricted and not the actor's own."""
    if not idea_ids:
        return set()
    own = exists().where(
        col(Authorship.idea_id) == col(Idea.id),
        col(Authorship.employee_id) == actor.id,
        col(Authorship.state) == AuthorshipState.ACCEPTED.value,
    )
    restricted = col(Idea.id).in_(idea_ids), col(Idea.restriction).is_not(None), ~own
    return set(await session.scalars(select(col(Idea.id)).where(*restricted)))


async def find_standing(session: ReadSession, idea_id: str, *, lock: bool = False) -> Row | None:
    """Return the restriction of an idea that is not lifted."""
    statement = select(Row).where(col(Row.idea_id) == idea_id, col(Row.lifted_at).is_(None))
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found: Row | None = await session.scalar(statement)
    return found


async def find_last(session: ReadSession, idea_id: str) -> Row | None:
    """Return the last restriction of an idea, lifted or not."""
    found: Row | None = await session.scalar(
        select(Row)
        .where(col(Row.idea_id) == idea_id)
        .order_by(col(Row.opened_at).desc(), col(Row.id))
        .limit(1)
    )
    return found


async def get_shown(session: ReadSession, idea_id: str, *, is_author: bool) -> Restriction:
    """Return the restriction of an idea that the reader may know of; of one that was lifted its authors read it.

    Raises: NotRestricted.
    """
    row = await find_standing(session, idea_id)
    if row is None and is_author:
        row = await find_last(session, idea_id)
    if row is None:
        raise NotRestricted
    (shown,) = await shape(session, [row], is_author=is_author)
    return shown


async def list_lane(
    session: ReadSession, actor: Actor, *, after: Place | None, limit: int
) -> tuple[list[Restriction], Place | None]:
    """Return a page of the restricted ideas that the actor reads, the longest waiting first.

    It is filled up where some are of the actor's line: a gap would tell of them.
    """
    rows: list[Row] = []
    reached, more = after, True
    while more and len(rows) <= limit:
        batch = await _list_batch(session, actor, after=reached, number=limit + 1)
        barred = await conflicts.find_conflicted(session, actor, [row.idea_id for row in batch])
        rows += [row for row in batch if row.idea_id not in barred]
        more = len(batch) > limit
        reached = keysets.write(batch[-1].opened_at, batch[-1].id) if batch else None
    items = await shape(session, rows[:limit], is_author=False)
    if len(rows) <= limit:
        return items, None
    return items, keysets.write(rows[limit - 1].opened_at, rows[limit - 1].id)


async def _list_batch(
    session: ReadSession, actor: Actor, *, after: Place | None, number: int
) -> Sequence[Row]:
    statement = (
        select(Row)
        .join(Idea, col(Idea.id) == col(Row.idea_id))
        .where(col(Row.lifted_at).is_(None), is_read_by(col(Idea.id), actor.id))
    )
    if after is not None:
        statement = statement.where(tuple_(col(Row.opened_at), col(Row.id)) > keysets.read_time(after))
    ordered = statement.order_by(col(Row.opened_at), col(Row.id)).limit(number)
    return (await session.scalars(ordered)).all()


async def shape(session: ReadSession, rows: Sequence[Row], *, is_author: bool) -> list[Restriction]:
    """Return restrictions as an author or a reader sees them."""
    people = {row.reader_id for row in rows} | {row.answered_by_id for row in rows}
    names = dict(
        (
            await session.execute(
                select(col(Employee.id), col(Employee.name)).where(col(Employee.id).in_(people - {None}))
            )
        ).all()
    )
    kinds = {row.kind for row in rows}
    contacts = dict(
        (
            await session.execute(
                select(col(RestrictionLane.kind), col(RestrictionLane.contact)).where(
                    col(RestrictionLane.kind).in_(kinds)
                )
            )
        ).all()
    )

    def name(person: str | None) -> Named | None:
        return Named(id=person, name=names[person]) if person in names else None

    return [
        Restriction(
            idea=row.idea_id,
            kind=row.kind,  # type: ignore[arg-type]  # one of the three
            state=row.state,  # type: ignore[arg-type]  # one of the four
            by_author=row.by_author,
            text=row.text or None,
            texts=write_texts(row.kind, contacts.get(row.kind) or None),
            opened_at=row.opened_at,
            reader=name(row.reader_id) if row.state == State.OPEN else None,
            due_at=row.due_at if row.state == State.OPEN else None,
            acknowledged_at=row.acknowledged_at,
            answer=row.answer or None,
            answered_at=row.answered_at,
            answered_by=name(row.answered_by_id),
            can=[each.value for each in list_answers(row, is_author=is_author)]
            + (["write"] if row.lifted_at is None else []),
        )
        for row in rows
    ]


def write_texts(kind: str, contact: str | None) -> dict[str, LaneTexts]:
    """Return what is said about a kind, by language; without a contact it says so."""
    return {
        language: LaneTexts(
            name=texts.name,
            why=texts.why,
            elsewhere=texts.elsewhere,
            role=texts.contact,
            contact=contact or texts.unreachable,
        )
        for language, texts in TEXTS[RestrictionKind(kind)].items()
    }


async def list_said(
    session: ReadSession, actor: Actor, seen: Visibly, *, after: Place | None, limit: int
) -> tuple[list[RestrictionSaid], Place | None]:
    """Return a page of what was said about a restricted idea, the oldest first, for who sees the idea.

    Raises: NotRestricted.
    """
    row = await find_standing(session, seen.idea.id)
    if row is None and seen.is_author:
        row = await find_last(session, seen.idea.id)
    if row is None:
        raise NotRestricted
    statement = (
        select(RestrictionMessage, col(Employee.name))
        .join(Employee, col(Employee.id) == col(RestrictionMessage.author_id))
        .where(col(RestrictionMessage.restriction_id) == row.id)
    )
    if after is not None:
        here = tuple_(col(RestrictionMessage.at), col(RestrictionMessage.id))
        statement = statement.where(here > keysets.read_time(after))
    ordered = statement.order_by(col(RestrictionMessage.at), col(RestrictionMessage.id)).limit(limit + 1)
    rows = (await session.execute(ordered)).all()
    unnamed = seen.idea.anonymous
    items = [_say(actor, said, name, unnamed=unnamed) for said, name in rows[:limit]]
    if len(rows) <= limit:
        return items, None
    return items, keysets.write(rows[limit - 1][0].at, rows[limit - 1][0].id)


async def get_said(session: ReadSession, actor: Actor, said: RestrictionMessage) -> RestrictionSaid:
    """Return a message as who wrote it sees it."""
    name = await session.scalar(select(col(Employee.name)).where(col(Employee.id) == said.author_id))
    return _say(actor, said, name or "", unnamed=False)


def _say(actor: Actor, said: RestrictionMessage, name: str, *, unnamed: bool) -> RestrictionSaid:
    secret = unnamed and said.by_author and said.author_id != actor.id
    return RestrictionSaid(
        id=said.id,
        author=None if secret else Named(id=said.author_id, name=name),
        by_author=said.by_author,
        body=said.body,
        at=said.at,
    )
