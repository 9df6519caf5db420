"""Reading what people did that badges are given for; a fixed number of statements, however many people.

What is `named` follows from what everybody can see alone: of an anonymous idea nobody's merit does, nor of one that
somebody left, who may have been there while it was anonymous.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Collection
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlmodel import col

from app.core import clock
from app.core.db import ReadSession
from app.core.types import UtcDateTime
from app.domain.badge_rules import Measure, Merit
from app.domain.measures import DECISIONS, FIRST_ANSWERS
from app.models.activity import ActivityDay
from app.models.ideas import Idea
from app.models.reviews import Review
from app.queries import causes
from app.queries.comment_merits import list_comment_merits
from app.queries.idea_merits import list_idea_merits

_ANSWERED = {act.value for act in FIRST_ANSWERS | DECISIONS}


async def read_merits(session: ReadSession, people: Collection[str]) -> dict[str, list[Merit]]:
    """Return what some people did, by person and in no order.

    The days of activity are taken as they were counted last.
    """
    found: defaultdict[str, list[Merit]] = defaultdict(list)
    for read in (_list_days, list_idea_merits, list_comment_merits, _list_helps, _list_answers):
        async for person, merit in read(session, people):
            found[person].append(merit)
    return found


async def _list_days(session: ReadSession, people: Collection[str]) -> AsyncIterator[tuple[str, Merit]]:
    """Give the days with a contribution, and the votes."""
    rows: Any = await session.execute(
        select(
            col(ActivityDay.employee_id),
            col(ActivityDay.day),
            col(ActivityDay.votes),
            col(ActivityDay.ideas) + col(ActivityDay.comments) + col(ActivityDay.answers),
            col(ActivityDay.named_ideas) + col(ActivityDay.named_comments) + col(ActivityDay.answers),
        ).where(col(ActivityDay.employee_id).in_(people))
    )
    for person, day, votes, done, named in rows:
        if votes or done:
            yield person, Merit(Measure.WEEKS, day, named=bool(named))
        if votes:
            yield person, Merit(Measure.VOTED, day, named=False, amount=votes)


async def _list_helps(session: ReadSession, people: Collection[str]) -> AsyncIterator[tuple[str, Merit]]:
    """Give the ideas that people helped to write, and were thanked for; with an anonymous one nobody is connected."""
    found = await causes.list_coaching(session, people)
    anonymous = set(
        await session.scalars(
            select(col(Idea.id)).where(
                col(Idea.id).in_({cause.subject for cause in found}), col(Idea.anonymous).is_(True)
            )
        )
    )
    for cause in found:
        if cause.stands:
            named = cause.subject not in anonymous
            yield cause.employee_id, Merit(Measure.HELPED, cause.day, named=named)


async def _list_answers(session: ReadSession, people: Collection[str]) -> AsyncIterator[tuple[str, Merit]]:
    """Give the first answers that were not late. Who has an idea, and answers it, is known to everybody."""
    answered = func.coalesce(col(Review.acknowledged_at), col(Review.closed_at), type_=UtcDateTime())
    rows: Any = await session.execute(
        select(col(Review.reviewer_id), answered).where(
            col(Review.reviewer_id).in_(people),
            or_(
                # Whoever takes an idea over finds the answer of the one before in the review.
                col(Review.acknowledged_at) >= col(Review.opened_at),
                and_(
                    col(Review.acknowledged_at).is_(None),
                    col(Review.closed_at).is_not(None),
                    col(Review.outcome).in_(_ANSWERED),
                ),
            ),
            answered <= col(Review.first_answer_due_at),
        )
    )
    for person, at in rows:
        yield person, Merit(Measure.ANSWERED, clock.day_in(session.zone, at), named=True)
