"""Reading a coaching: what the two said, for the two alone."""

from sqlalchemy import select, tuple_
from sqlmodel import col

from app.core import keysets
from app.core.db import ReadSession
from app.core.keysets import Place
from app.core.markdown import render
from app.domain.actors import Actor
from app.models.employees import Employee
from app.models.help_requests import HelpMessage as Row
from app.queries.help_requests import Visible, get_visible
from app.schemas.help_requests import HelpMessage
from app.schemas.shapes import Named


async def list_messages(
    session: ReadSession, actor: Actor, request_id: str, *, after: Place | None, limit: int
) -> tuple[list[HelpMessage], Place | None]:
    """Return a page of what was said, the oldest first.

    Raises: NoSuchHelpRequest.
    """
    seen = await get_visible(session, actor, request_id)
    statement = (
        select(Row, col(Employee.name))
        .join(Employee, col(Employee.id) == col(Row.author_id))
        .where(col(Row.request_id) == request_id)
    )
    if after is not None:
        here = tuple_(col(Row.created_at), col(Row.id))
        statement = statement.where(here > keysets.read_time(after))
    order = (col(Row.created_at), col(Row.id))
    rows = (await session.execute(statement.order_by(*order).limit(limit + 1))).all()
    page = rows[:limit]
    last = page[-1][0] if len(rows) > limit else None
    place = keysets.write(last.created_at, last.id) if last else None
    return [shape_message(actor, seen, row, name) for row, name in page], place


def shape_message(actor: Actor, seen: Visible, row: Row, name: str) -> HelpMessage:
    """Return a message as one of the two sees it: the author of an anonymous idea has no name for the helper."""
    by_asker = row.author_id == seen.request.asker_id
    unnamed = by_asker and seen.idea.anonymous and row.author_id != actor.id
    return HelpMessage(
        id=row.id,
        by="asker" if by_asker else "helper",
        author=None if unnamed else Named(id=row.author_id, name=name),
        body=row.body,
        body_html=render(row.body),
        created_at=row.created_at,
        can=[],
    )
