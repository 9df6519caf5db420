"""Removing what somebody wrote: the idea stays and counts, with nothing to read in it."""

from datetime import datetime, timedelta
from random import SystemRandom

from sqlalchemy import ColumnElement, delete, select, update
from sqlmodel import col

from app.core.db import Database, WriteSession
from app.domain.erasures import LONGEST_WAIT, NAMELESS
from app.domain.rights_events import ContentRemoved
from app.models.authorships import Authorship
from app.models.comments import Comment
from app.models.erasures import ContentRemoval
from app.models.fields import FieldValue
from app.models.help_requests import HelpMessage, HelpRequest
from app.models.ideas import Idea, IdeaTag
from app.models.itinerary import ItineraryActor, ItineraryEntry
from app.models.moderation import ModerationCase
from app.services import events, search

_SILENT = {"synchronize_session": False}
_BATCH = 50
_random = SystemRandom()


async def put_off(session: WriteSession, idea_id: str, *, scope: str = "idea", now: datetime) -> None:
    """Have content of an anonymous idea go at a moment that has nothing to do with its author's going."""
    wait = timedelta(seconds=_random.randrange(int(LONGEST_WAIT.total_seconds())))
    await session.merge(ContentRemoval(idea_id=idea_id, scope=scope, due_at=now + wait))


async def remove_due(database: Database, *, now: datetime) -> int:
    """Remove the content whose moment has come; returns of how many ideas."""
    removed = 0
    while True:
        async with database.writer() as session:
            due = await session.scalars(
                select(ContentRemoval)
                .where(col(ContentRemoval.due_at) <= now)
                .order_by(col(ContentRemoval.idea_id))
                .limit(_BATCH)
                .with_for_update(skip_locked=True)
            )
            rows = due.all()
            for row in rows:
                if row.scope == "idea":
                    await remove(session, row.idea_id, now=now)
                await remove_unnamed(session, row.idea_id)
                await session.delete(row)
        removed += len(rows)
        if len(rows) < _BATCH:
            return removed


async def remove(session: WriteSession, idea_id: str, *, now: datetime) -> None:
    """Take all words of an idea's authors out of it, out of the search and out of its itinerary, which stays valid."""
    idea = await session.get_one(Idea, idea_id, with_for_update={"key_share": True}, populate_existing=True)
    tags = await session.scalars(select(col(IdeaTag.tag)).where(col(IdeaTag.idea_id) == idea_id))
    await search.unlearn(session, idea, tags.all())
    idea.title = idea.problem = idea.solution = NAMELESS
    idea.benefit = ""
    idea.version += 1
    for table in (IdeaTag, FieldValue):
        await session.execute(delete(table).where(col(table.idea_id) == idea_id), execution_options=_SILENT)
    authors = select(col(ItineraryActor.ref)).join(
        Authorship,
        (col(Authorship.idea_id) == col(ItineraryActor.idea_id))
        & (col(Authorship.employee_id) == col(ItineraryActor.employee_id)),
    )
    await session.execute(
        update(ItineraryEntry)
        .where(
            col(ItineraryEntry.idea_id) == idea_id,
            col(ItineraryEntry.actor_ref).in_(authors.where(col(ItineraryActor.idea_id) == idea_id)),
            col(ItineraryEntry.text).is_not(None),
        )
        .values(text=None, salt=None),
        execution_options=_SILENT,
    )
    await _remove_help(session, idea_id)
    await _forget_hidden(session, idea_id)
    events.record(session, ContentRemoved(idea_id), actor_id=None, now=now)
    await session.flush()


async def remove_unnamed(session: WriteSession, idea_id: str) -> None:
    """Take the words out of what authors said without a name under their idea."""
    await remove_comments(session, (col(Comment.idea_id) == idea_id) & col(Comment.unnamed).is_(True))


async def remove_comments(session: WriteSession, which: ColumnElement[bool]) -> None:
    """Take the words out of comments that stand, hidden or not."""
    standing = select(col(Comment.id)).where(which, col(Comment.deleted_at).is_(None))
    numbers = (await session.scalars(standing)).all()
    await session.execute(
        update(Comment)
        .where(col(Comment.id).in_(numbers))
        .values(body=NAMELESS, version=col(Comment.version) + 1),
        execution_options=_SILENT,
    )
    await session.execute(
        update(ModerationCase)
        .where(col(ModerationCase.comment_id).in_(numbers))
        .values(original=None, words=[], appeal=""),
        execution_options=_SILENT,
    )


async def _forget_hidden(session: WriteSession, idea_id: str) -> None:
    """Forget the words of a hidden idea; what was decided about it stays, and nothing can come back."""
    await session.execute(
        update(ModerationCase)
        .where(col(ModerationCase.idea_id) == idea_id, col(ModerationCase.comment_id).is_(None))
        .values(original=None, words=[], appeal=""),
        execution_options=_SILENT,
    )


async def _remove_help(session: WriteSession, idea_id: str) -> None:
    """Take out what was said about the idea where help was asked for it."""
    asked = select(col(HelpRequest.id)).where(col(HelpRequest.idea_id) == idea_id)
    await session.execute(
        update(HelpMessage).where(col(HelpMessage.request_id).in_(asked)).values(body=""),
        execution_options=_SILENT,
    )
    await session.execute(
        update(HelpRequest).where(col(HelpRequest.idea_id) == idea_id).values(text="", words=[]),
        execution_options=_SILENT,
    )
