"""Discussing: write, change and take back comments."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select, update
from sqlmodel import col

from app.core import ids
from app.core.db import WriteSession
from app.core.lanes import Fetching
from app.domain import comments, moderation, ranking
from app.domain.actors import Actor
from app.domain.authorships import AuthorshipState
from app.domain.errors import NotFound
from app.domain.events import CommentDeleted, CommentEdited
from app.domain.ideas import NoSuchIdea
from app.domain.pipeline import Stage
from app.models.comments import Comment
from app.models.ideas import Idea
from app.models.moderation import ModerationCase
from app.queries.comment_statements import ONE, CommentRow
from app.queries.ideas import Visible, check_draft_seen, get_visible
from app.schemas.comments import EditComment, WriteComment
from app.services import comment_statements as statements
from app.services import events, preconditions, tallies


class NoSuchComment(NotFound):
    """There is no such comment, or none that you may know of."""

    code = "comments.unknown"


class _Found(NamedTuple):
    """How a writer finds an idea; `unnamed` when the name of the writer would tell who wrote the idea."""

    id: str
    stage: str
    state: str | None
    unnamed: bool
    name: str
    votes: int = 0
    comments: int = 0
    submitted_at: datetime | None = None


async def write(
    lane: Fetching, actor: Actor, idea_id: str, values: WriteComment, *, now: datetime
) -> CommentRow:
    """Comment on an idea, or reply to a comment; a reply to a reply joins its thread.

    Raises: NoSuchIdea, DiscussionClosed, NoSuchComment (of the reply).
    """
    if not ids.is_valid(idea_id):
        raise NoSuchIdea
    row = CommentRow(
        id=ids.new(),
        idea_id=idea_id,
        author_id=actor.id,
        parent_id=await _find_thread(lane, actor, idea_id, values.reply_to),
        body=values.body,
        version=1,
        created_at=now,
        edited_at=None,
        deleted_at=None,
        credited_at=None,
        hidden_code=None,
        name="",
        hidden=False,
    )
    found = await (_write_at_once if lane.engine == "postgresql" else _write_in_steps)(lane, row, now=now)
    await _check(lane, actor, found)
    return row._replace(name=found.name, hidden=found.unnamed)


async def _check(lane: Fetching, actor: Actor, found: _Found) -> None:
    if found.stage == Stage.DRAFT:
        await check_draft_seen(lane, actor, found.id, found.state)
    comments.check_may_comment(found)


async def _find_thread(lane: Fetching, actor: Actor, idea_id: str, reply_to: str | None) -> str | None:
    """Return the comment that a reply hangs under; None for what is no reply."""
    if reply_to is None:
        return None
    found = await _look(lane, actor.id, idea_id)
    await _check(lane, actor, found)
    rows = await lane.fetch(ONE, {"comment_id": reply_to}) if ids.is_valid(reply_to) else ()
    parent = CommentRow._make(rows[0]) if rows else None
    return comments.get_thread(reply_to, parent, found)


async def _look(lane: Fetching, writer_id: str, idea_id: str) -> _Found:
    for stage, state, anonymous, *rest, name in await lane.fetch(
        statements.LOOK, {"idea": idea_id, "writer": writer_id}
    ):
        unnamed = bool(anonymous) and state == AuthorshipState.ACCEPTED
        return _Found(idea_id, stage, state, unnamed, name, *rest)
    raise NoSuchIdea


async def _write_at_once(lane: Fetching, row: CommentRow, *, now: datetime) -> _Found:
    values = {
        "idea": row.idea_id,
        "writer": row.author_id,
        "comment": row.id,
        "parent": row.parent_id,
        "body": row.body,
        "now": now,
    }
    for stage, state, unnamed, name in await lane.fetch(statements.WRITE, values):
        return _Found(row.idea_id, stage, state, bool(unnamed), name)
    raise NoSuchIdea


async def _write_in_steps(lane: Fetching, row: CommentRow, *, now: datetime) -> _Found:
    found = await _look(lane, row.author_id, row.idea_id)
    if not comments.may_comment(found) or found.submitted_at is None:
        return found
    values = {
        "idea": row.idea_id,
        "writer": row.author_id,
        "comment": row.id,
        "parent": row.parent_id,
        "body": row.body,
        "unnamed": found.unnamed,
        "now": now,
    }
    hot = ranking.get_hot(found.votes, found.comments + 1, found.submitted_at)
    named = None if found.unnamed else row.author_id
    await lane.fetch(statements.ADD, values)
    await lane.fetch(statements.MOVE, {"idea": row.idea_id, "hot": hot})
    await lane.fetch(statements.NOTE, {"comment": row.id, "writer": named, "now": now})
    return found


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

    Raises: NoSuchComment, NotYourComment, CommentDeleted, PreconditionFailed, HiddenContent.
    """
    comment, seen = await get_commented(session, actor, comment_id)
    comments.check_may_change(actor.id, comment)
    preconditions.check(version, comment.version)
    moderation.check_shown(comment.hidden_code)
    comment.body, comment.edited_at = values.body, now
    comment.version += 1
    events.record(session, CommentEdited(comment.id), actor_id=name_actor(actor, seen), now=now)
    await session.flush()
    return comment


async def delete(
    session: WriteSession, actor: Actor, comment_id: str, *, version: int | None, now: datetime
) -> None:
    """Take back one's own comment; a tombstone stays so that replies keep their place.

    Raises: NoSuchComment, NotYourComment, CommentDeleted, PreconditionFailed.
    """
    comment, seen = await get_commented(session, actor, comment_id)
    comments.check_may_change(actor.id, comment)
    preconditions.check(version, comment.version)
    comment.body, comment.deleted_at = "", now
    if comment.hidden_code is not None:
        await session.execute(
            update(ModerationCase).where(col(ModerationCase.comment_id) == comment.id).values(original=None)
        )
    comment.version += 1
    await tallies.move(session, seen.idea, comments=-1)
    events.record(session, CommentDeleted(comment.id), actor_id=name_actor(actor, seen), now=now)


async def get_commented(session: WriteSession, actor: Actor, comment_id: str) -> tuple[Comment, Visible]:
    """Return a comment, held until the end of the transaction, with the idea under which it stands.

    Raises: NoSuchComment, NoSuchIdea.
    """
    if not ids.is_valid(comment_id):
        raise NoSuchComment
    comment = await session.scalar(
        select(Comment).where(col(Comment.id) == comment_id).with_for_update(key_share=True)
    )
    if comment is None:
        raise NoSuchComment
    return comment, await get_visible(session, actor, comment.idea_id)


def name_actor(actor: Actor, seen: Visible) -> str | None:
    """Return who may be named in the audit trail: not the author of an anonymous idea under it."""
    idea: Idea = seen.idea
    return None if idea.anonymous and seen.is_author else actor.id
