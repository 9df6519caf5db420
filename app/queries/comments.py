"""Reading a discussion: threads by page, each with its replies."""

from typing import Any

from sqlalchemy import Select, and_, select, tuple_
from sqlmodel import col

from app.core import keysets
from app.core.db import ReadSession
from app.core.keysets import Place
from app.core.markdown import render
from app.domain.actors import Actor
from app.models.comments import Comment
from app.models.employees import Employee
from app.models.ideas import Idea
from app.queries.ideas import get_visible
from app.schemas.comments import CommentThread, Reply
from app.schemas.shapes import Named


def _select_comments() -> Select[Any, Any, Any]:
    """Comments with their author; what an author wrote under an anonymous idea has no name until it is signed."""
    hidden = and_(col(Comment.unnamed).is_(True), col(Idea.anonymous).is_(True))
    return (
        select(Comment, col(Employee.name).label("name"), hidden.label("hidden"))
        .join(Employee, col(Employee.id) == col(Comment.author_id))
        .join(Idea, col(Idea.id) == col(Comment.idea_id))
    )


async def list_threads(
    session: ReadSession, actor: Actor, idea_id: str, *, after: Place | None, limit: int
) -> tuple[list[CommentThread], Place | None]:
    """Return a page of an idea's threads, the oldest first, and where the next page begins; three statements.

    Raises: NoSuchIdea.
    """
    await get_visible(session, actor, idea_id)
    statement = _select_comments().where(col(Comment.idea_id) == idea_id, col(Comment.parent_id).is_(None))
    if after is not None:
        here = tuple_(col(Comment.created_at), col(Comment.id))
        statement = statement.where(here > keysets.read_time(after))
    rows = (
        await session.execute(statement.order_by(col(Comment.created_at), col(Comment.id)).limit(limit + 1))
    ).all()
    shown = rows[:limit]
    replies = await _list_replies(session, actor, [row.Comment.id for row in shown])
    threads = [CommentThread(**_shape(actor, row), replies=replies.get(row.Comment.id, [])) for row in shown]
    if len(rows) <= limit:
        return threads, None
    last = shown[-1].Comment
    return threads, keysets.write(last.created_at, last.id)


async def get_comment(session: ReadSession, actor: Actor, comment_id: str) -> CommentThread:
    """Return one comment that was just written or changed, without its replies."""
    row = (await session.execute(_select_comments().where(col(Comment.id) == comment_id))).one()
    return CommentThread(**_shape(actor, row), replies=[])


async def _list_replies(session: ReadSession, actor: Actor, parents: list[str]) -> dict[str, list[Reply]]:
    if not parents:
        return {}
    rows = await session.execute(
        _select_comments()
        .where(col(Comment.parent_id).in_(parents))
        .order_by(col(Comment.created_at), col(Comment.id))
    )
    found: dict[str, list[Reply]] = {}
    for row in rows:
        found.setdefault(row.Comment.parent_id, []).append(Reply(**_shape(actor, row)))
    return found


def _shape(actor: Actor, row: Any) -> dict[str, Any]:
    comment: Comment = row.Comment
    deleted = comment.deleted_at is not None
    return {
        "id": comment.id,
        "idea": comment.idea_id,
        "author": None if deleted or row.hidden else Named(id=comment.author_id, name=row.name),
        "body": None if deleted else comment.body,
        "body_html": None if deleted else render(comment.body),
        "reply_to": comment.parent_id,
        "created_at": comment.created_at,
        "edited_at": comment.edited_at,
        "deleted": deleted,
        "version": comment.version,
        "can": ["edit", "delete"] if comment.author_id == actor.id and not deleted else [],
    }
