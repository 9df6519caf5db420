"""Reading what people said about ideas of others that badges are given for.

Of one's own are only ideas that everybody knows as such: what somebody has for a comment never depends on what they
wrote anonymously.
"""

from collections.abc import AsyncIterator, Collection
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.core import clock
from app.core.db import ReadSession
from app.core.types import UtcDateTime
from app.domain.authorships import AuthorshipState
from app.domain.badge_rules import Measure, Merit
from app.models.authorships import Authorship
from app.models.comments import Comment
from app.models.ideas import Idea
from app.models.itinerary import ItineraryEntry


async def list_comment_merits(
    session: ReadSession, people: Collection[str]
) -> AsyncIterator[tuple[str, Merit]]:
    """Give the ideas of others that people commented on, changed by a comment, or were the first to comment on."""
    first = func.min(col(Comment.created_at), type_=UtcDateTime())
    credited = func.min(col(Comment.credited_at), type_=UtcDateTime())
    origin = (col(ItineraryEntry.function_id), col(Idea.anonymous), col(Idea.origin_id))
    rows: Any = await session.execute(
        select(col(Comment.author_id), first, credited, *origin)
        .join(Idea, col(Idea.id) == col(Comment.idea_id))
        .outerjoin(
            ItineraryEntry,
            and_(col(ItineraryEntry.idea_id) == col(Idea.id), col(ItineraryEntry.position) == 1),
        )
        .where(_counts(people))
        .group_by(col(Comment.author_id), col(Comment.idea_id), *origin)
    )
    for person, said_at, credited_at, function, anonymous, entity in rows:
        day = clock.day_in(session.zone, said_at)
        yield person, Merit(Measure.COMMENTED, day, named=True)
        if function:
            yield person, Merit(Measure.COMMENTED_FUNCTIONS, day, named=True, mark=function)
        if entity and not anonymous:
            yield person, Merit(Measure.COMMENTED_ENTITIES, day, named=True, mark=entity)
        if credited_at:
            yield person, Merit(Measure.CREDITED, clock.day_in(session.zone, credited_at), named=True)
    async for person, merit in _list_opened(session, people):
        yield person, merit


async def _list_opened(session: ReadSession, people: Collection[str]) -> AsyncIterator[tuple[str, Merit]]:
    """Give the comments before which nobody had said anything about the idea, nor taken it back."""
    earlier = aliased(Comment)
    before = exists().where(
        col(earlier.idea_id) == col(Comment.idea_id),
        col(earlier.source).is_(None),
        tuple_(col(earlier.created_at), col(earlier.id)) < tuple_(col(Comment.created_at), col(Comment.id)),
    )
    rows = await session.execute(
        select(col(Comment.author_id), col(Comment.created_at))
        .join(Idea, col(Idea.id) == col(Comment.idea_id))
        .where(_counts(people), ~before)
    )
    for person, at in rows:
        yield person, Merit(Measure.OPENED, clock.day_in(session.zone, at), named=True)


def _counts(people: Collection[str]) -> ColumnElement[bool]:
    own = exists().where(
        col(Authorship.idea_id) == col(Comment.idea_id),
        col(Authorship.employee_id) == col(Comment.author_id),
        col(Authorship.state) == AuthorshipState.ACCEPTED,
    )
    return and_(
        col(Comment.author_id).in_(people),
        col(Comment.deleted_at).is_(None),
        col(Comment.source).is_(None),
        col(Comment.unnamed).is_(False),
        or_(col(Idea.anonymous).is_(True), ~own),
    )
