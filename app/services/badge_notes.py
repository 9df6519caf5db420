"""Noting whose badges are to be looked at: whoever did something, and whoever is concerned by what others did."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, true, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.core.db import WriteSession
from app.domain.events import CommentWritten, IdeaEdited
from app.domain.help_events import CommentCredited, CreditTaken
from app.models.badges import BadgeChange
from app.models.comments import Comment
from app.models.employees import Employee
from app.models.events import Event
from app.models.help_requests import HelpRequest

_CREDITS = frozenset({CommentCredited.kind, CreditTaken.kind})


async def note_everybody(session: WriteSession) -> None:
    """Note that everybody is to be looked at."""
    # SQLite takes ON CONFLICT behind a SELECT for a join without a WHERE.
    everybody = select(col(Employee.id)).where(true()).order_by(col(Employee.id))
    await session.execute(_note(session).from_select(["employee_id"], everybody))


async def note_people(session: WriteSession, people: Iterable[str]) -> None:
    """Note people who are to be looked at."""
    # In order, so that two transactions never wait for each other's rows.
    rows = [{"employee_id": person} for person in sorted(set(people))]
    if rows:
        await session.execute(_note(session), rows)


async def note_concerned(session: WriteSession, events: Sequence[Event], *, now: datetime) -> None:  # noqa: ARG001  every reaction takes it
    """Note whom events concern whose own days of activity do not change by them.

    These are the writers of credited comments, the helpers of ideas, and whoever an idea's name or first word
    concerns.
    """
    written = {event.subject for event in events if event.kind == CommentWritten.kind}
    credited = {event.subject for event in events if event.kind in _CREDITS}
    edited = {event.subject for event in events if event.kind == IdeaEdited.kind}
    others = [event for event in events if event.kind not in {*_CREDITS, CommentWritten.kind}]
    ideas = {str(event.payload.get("idea", event.subject)) for event in others}
    people: set[str] = set()
    if credited:
        people |= await _list_writers(session, credited)
    if written:
        people |= await _list_later(session, written)
    if edited:
        people |= await _list_commenters(session, edited)
    if ideas:
        people |= await _list_helpers(session, ideas)
    await note_people(session, people)


def _note(session: WriteSession) -> Any:
    """Return the statement that notes people; it waits for whoever looks at one of them and may have seen the past."""
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    adding = dialect.insert(BadgeChange)
    return adding.on_conflict_do_update(
        index_elements=["employee_id"], set_={"employee_id": adding.excluded.employee_id}
    )


async def _list_writers(session: WriteSession, comments: Collection[str]) -> set[str]:
    return set(await session.scalars(select(col(Comment.author_id)).where(col(Comment.id).in_(comments))))


async def _list_later(session: WriteSession, comments: Collection[str]) -> set[str]:
    """Return who wrote after these comments and was seen before: they had not been the first."""
    later = aliased(Comment)
    return set(
        await session.scalars(
            select(col(later.author_id))
            .join(Comment, col(Comment.idea_id) == col(later.idea_id))
            .where(
                col(Comment.id).in_(comments),
                tuple_(col(later.created_at), col(later.id))
                > tuple_(col(Comment.created_at), col(Comment.id)),
            )
            .distinct()
        )
    )


async def _list_commenters(session: WriteSession, ideas: Collection[str]) -> set[str]:
    """Return who commented on ideas: when one is signed everybody knows where it came from, and whose it is."""
    return set(
        await session.scalars(
            select(col(Comment.author_id)).where(col(Comment.idea_id).in_(ideas)).distinct()
        )
    )


async def _list_helpers(session: WriteSession, ideas: Collection[str]) -> set[str]:
    helpers = await session.scalars(
        select(col(HelpRequest.helper_id)).where(
            col(HelpRequest.idea_id).in_(ideas), col(HelpRequest.counted).is_(True)
        )
    )
    return {helper for helper in helpers if helper is not None}
