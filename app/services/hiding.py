"""Putting content away, and bringing it back: what is hidden is nowhere but in its case.

So no list, search, suggestion, message, export or figure has to know that anything is hidden.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlmodel import col

from app.core.db import WriteSession
from app.domain.happenings import Happening
from app.domain.moderation import write_placeholder
from app.domain.rights_events import CommentHidden, CommentRestored, IdeaHidden, IdeaRestored
from app.models.comments import Comment
from app.models.fields import FieldValue
from app.models.ideas import Idea, IdeaTag
from app.models.moderation import ModerationCase
from app.queries.moderation import TEXTS
from app.services import events, search


async def hide(
    session: WriteSession, case: ModerationCase, reason: str, *, actor_id: str, now: datetime
) -> None:
    """Put the words of a case's content into the case, and a placeholder in their place."""
    if case.comment_id is not None:
        comment = await _hold_comment(session, case.comment_id)
        case.original = {"body": comment.body}
        comment.body, comment.hidden_code, comment.hidden_at = write_placeholder(reason), reason, now
        comment.version += 1
    else:
        idea = await _hold_idea(session, case.idea_id)
        tags = await _list_tags(session, idea.id)
        await search.unlearn(session, idea, tags)
        case.original = {name: getattr(idea, name) for name in TEXTS} | {
            "tags": tags,
            "fields": await _take_fields(session, idea.id),
        }
        await session.execute(delete(IdeaTag).where(col(IdeaTag.idea_id) == idea.id))
        idea.title = idea.problem = idea.solution = write_placeholder(reason)
        idea.benefit, idea.hidden_code = "", reason
        idea.version += 1
    tell(session, case, actor_id=actor_id, now=now)
    await session.flush()


async def bring_back(session: WriteSession, case: ModerationCase, *, actor_id: str, now: datetime) -> None:
    """Put the words back where they were; what their author took back meanwhile stays away."""
    original: dict[str, Any] = case.original or {}
    case.original = None
    if case.comment_id is not None:
        comment = await _hold_comment(session, case.comment_id)
        if comment.deleted_at is None and original:
            comment.body = original["body"]
        comment.hidden_code = comment.hidden_at = None
        comment.version += 1
    else:
        idea = await _hold_idea(session, case.idea_id)
        idea.hidden_code = None
        if original:
            await _put_back(session, idea, original)
    back = CommentRestored if case.comment_id else IdeaRestored
    _record(session, back, case, {}, actor_id=actor_id, now=now)
    await session.flush()


def tell(
    session: WriteSession,
    case: ModerationCase,
    *,
    upheld: bool = False,
    actor_id: str,
    now: datetime,
) -> None:
    """Note that a case's content is hidden, or stays hidden on appeal; its author is told."""
    gone = CommentHidden if case.comment_id else IdeaHidden
    _record(session, gone, case, {"upheld": upheld}, actor_id=actor_id, now=now)


def _record(
    session: WriteSession,
    happening: type[Happening],
    case: ModerationCase,
    facts: dict[str, Any],
    *,
    actor_id: str,
    now: datetime,
) -> None:
    subject = case.comment_id or case.idea_id
    events.record(session, happening(subject, {"case": case.id} | facts), actor_id=actor_id, now=now)


async def _put_back(session: WriteSession, idea: Idea, original: dict[str, Any]) -> None:
    for name in TEXTS:
        setattr(idea, name, original[name])
    idea.version += 1
    tags = original["tags"]
    session.add_all(IdeaTag(idea_id=idea.id, tag=tag, position=place) for place, tag in enumerate(tags))
    session.add_all(FieldValue(idea_id=idea.id, **value) for value in original["fields"])
    await session.flush()
    await search.index(session, idea, tags)


async def _hold_comment(session: WriteSession, comment_id: str) -> Comment:
    return await session.get_one(
        Comment, comment_id, with_for_update={"key_share": True}, populate_existing=True
    )


async def _hold_idea(session: WriteSession, idea_id: str) -> Idea:
    return await session.get_one(Idea, idea_id, with_for_update={"key_share": True}, populate_existing=True)


async def _list_tags(session: WriteSession, idea_id: str) -> list[str]:
    rows = await session.scalars(
        select(col(IdeaTag.tag)).where(col(IdeaTag.idea_id) == idea_id).order_by(col(IdeaTag.position))
    )
    return list(rows.all())


async def _take_fields(session: WriteSession, idea_id: str) -> list[dict[str, Any]]:
    rows = await session.scalars(select(FieldValue).where(col(FieldValue.idea_id) == idea_id))
    taken = [value.model_dump(exclude={"idea_id"}) for value in rows]
    await session.execute(delete(FieldValue).where(col(FieldValue.idea_id) == idea_id))
    return taken
