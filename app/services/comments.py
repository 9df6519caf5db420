"""Discussing: write, change and take back comments."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from app.core import ids
from app.core.db import WriteSession
from app.domain import comments
from app.domain.actors import Actor
from app.domain.errors import NotFound
from app.domain.events import CommentDeleted, CommentEdited, CommentWritten
from app.models.comments import Comment
from app.models.ideas import Idea
from app.queries.ideas import Visible, get_visible
from app.schemas.comments import EditComment, WriteComment
from app.services import events, preconditions, tallies


class NoSuchComment(NotFound):
    """There is no such comment, or none that you may know of."""

    code = "comments.unknown"


async def write(
    session: WriteSession, actor: Actor, idea_id: str, values: WriteComment, *, now: datetime
) -> Comment:
    """Comment on an idea, or reply to a comment; a reply to a reply joins its thread.

    Raises: NoSuchIdea, DiscussionClosed, NoSuchComment (of the reply).
    """
    seen = await get_visible(session, actor, idea_id)
    comments.check_may_comment(seen.idea)
    parent_id = None
    if values.reply_to is not None:
        parent = await session.get(Comment, values.reply_to) if ids.is_valid(values.reply_to) else None
        parent_id = comments.get_thread(values.reply_to, parent, seen.idea)
    comment = Comment(
        idea_id=idea_id,
        author_id=actor.id,
        parent_id=parent_id,
        body=values.body,
        unnamed=seen.idea.anonymous and seen.is_author,
        created_at=now,
    )
    session.add(comment)
    await tallies.move(session, seen.idea, comments=1)
    events.record(session, CommentWritten(comment.id), actor_id=_name(actor, seen), now=now)
    await session.flush()
    return comment


async def edit(
    session: WriteSession,
    actor: Actor,
    comment_id: str,
    values: EditComment,
    *,
    version: int | None,
    now: datetime,
) -> Comment:
    """Change the text of one's own comment.

    Raises: NoSuchComment, NotYourComment, CommentDeleted, PreconditionFailed.
    """
    comment, seen = await _get_visible(session, actor, comment_id)
    comments.check_may_change(actor.id, comment)
    preconditions.check(version, comment.version)
    comment.body, comment.edited_at = values.body, now
    comment.version += 1
    events.record(session, CommentEdited(comment.id), actor_id=_name(actor, seen), now=now)
    await session.flush()
    return comment


async def delete(
    session: WriteSession, actor: Actor, comment_id: str, *, version: int | None, now: datetime
) -> None:
    """Take back one's own comment; a tombstone stays so that replies keep their place.

    Raises: NoSuchComment, NotYourComment, CommentDeleted, PreconditionFailed.
    """
    comment, seen = await _get_visible(session, actor, comment_id)
    comments.check_may_change(actor.id, comment)
    preconditions.check(version, comment.version)
    comment.body, comment.deleted_at = "", now
    comment.version += 1
    await tallies.move(session, seen.idea, comments=-1)
    events.record(session, CommentDeleted(comment.id), actor_id=_name(actor, seen), now=now)


async def _get_visible(session: WriteSession, actor: Actor, comment_id: str) -> tuple[Comment, Visible]:
    if not ids.is_valid(comment_id):
        raise NoSuchComment
    comment = await session.scalar(select(Comment).where(col(Comment.id) == comment_id).with_for_update())
    if comment is None:
        raise NoSuchComment
    return comment, await get_visible(session, actor, comment.idea_id)


def _name(actor: Actor, seen: Visible) -> str | None:
    """Return who may be named in the audit trail: not the author of an anonymous idea under it."""
    idea: Idea = seen.idea
    return None if idea.anonymous and seen.is_author else actor.id
