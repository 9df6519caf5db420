"""Saying that a comment changed one's idea, and taking it back; it earns no points by itself."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from app.core.db import WriteSession
from app.domain import comment_credits
from app.domain.actors import Actor
from app.domain.help_events import CommentCredited, CreditTaken
from app.domain.ideas import NotAuthor
from app.models.authorships import Authorship
from app.models.comments import Comment
from app.services import comments, events


async def give(session: WriteSession, actor: Actor, comment_id: str, *, now: datetime) -> frozenset[str]:
    """Credit a comment; a second time changes nothing. Returns the authors of the idea.

    The text is still its writer's: its version does not grow.

    Raises: NoSuchComment, NoSuchIdea, NotAuthor, OwnComment, CommentDeleted.
    """
    comment, seen = await comments.get_commented(session, actor, comment_id)
    authors = await _list_authors(session, comment)
    comment_credits.check_may_credit(
        comment, is_author=seen.is_author, by_author=comment.author_id in authors
    )
    if comment.credited_at is None:
        comment.credited_at = now
        credited = CommentCredited(comment.id, {"idea": comment.idea_id})
        events.record(session, credited, actor_id=comments.name_actor(actor, seen), now=now)
        await session.flush()
    return authors


async def take_back(session: WriteSession, actor: Actor, comment_id: str, *, now: datetime) -> None:
    """Take the credit of a comment back; without one nothing changes.

    Raises: NoSuchComment, NoSuchIdea, NotAuthor.
    """
    comment, seen = await comments.get_commented(session, actor, comment_id)
    if not seen.is_author:
        raise NotAuthor
    if comment.credited_at is not None:
        comment.credited_at = None
        taken = CreditTaken(comment.id, {"idea": comment.idea_id})
        events.record(session, taken, actor_id=comments.name_actor(actor, seen), now=now)


async def _list_authors(session: WriteSession, comment: Comment) -> frozenset[str]:
    authors = await session.scalars(
        select(col(Authorship.employee_id)).where(
            col(Authorship.idea_id) == comment.idea_id, col(Authorship.state) == "accepted"
        )
    )
    return frozenset(authors)
