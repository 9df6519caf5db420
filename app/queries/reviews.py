"""Reading queues: the turns of a reviewer, the most urgent first."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, tuple_
from sqlmodel import col

from app.core import keysets
from app.core.db import ReadSession
from app.core.keysets import Place
from app.domain import abilities
from app.domain.actors import Actor
from app.domain.votings import Counting
from app.models.authorships import Authorship
from app.models.functions import Function
from app.models.ideas import Idea, Tally
from app.models.reviews import Review as ReviewRow
from app.queries import conflicts
from app.schemas.decisions import IdeaInQueue, Review
from app.schemas.shapes import Named


async def list_reviews(
    session: ReadSession,
    actor: Actor,
    *,
    open_only: bool | None,
    now: datetime,
    after: Place | None,
    limit: int,
) -> tuple[list[Review], Place | None]:
    """Return a page of the actor's own turns, the longest waiting first; `open_only` None means all."""
    statement = (
        select(ReviewRow, Idea, Tally, col(Function.name))
        .join(Idea, col(Idea.id) == col(ReviewRow.idea_id))
        .join(Tally, col(Tally.idea_id) == col(Idea.id))
        .outerjoin(Function, col(Function.id) == col(ReviewRow.function_id))
        .where(col(ReviewRow.reviewer_id) == actor.id)
    )
    if open_only is not None:
        closed = col(ReviewRow.closed_at)
        statement = statement.where(closed.is_(None) if open_only else closed.is_not(None))
    if after is not None:
        here = tuple_(col(ReviewRow.opened_at), col(ReviewRow.id))
        statement = statement.where(here > keysets.read_time(after))
    rows = (
        await session.execute(
            statement.order_by(col(ReviewRow.opened_at), col(ReviewRow.id)).limit(limit + 1)
        )
    ).all()
    shown = rows[:limit]
    idea_ids = [row.Idea.id for row in shown]
    close = await conflicts.find_conflicted(session, actor, idea_ids)
    authored = set(
        (
            await session.scalars(
                select(col(Authorship.idea_id)).where(
                    col(Authorship.idea_id).in_(idea_ids),
                    col(Authorship.employee_id) == actor.id,
                    col(Authorship.state) == "accepted",
                )
            )
        ).all()
    )
    items = [
        _shape(actor, row, conflicted=row.Idea.id in close, is_author=row.Idea.id in authored, now=now)
        for row in shown
    ]
    if len(rows) <= limit:
        return items, None
    last = shown[-1].Review
    return items, keysets.write(last.opened_at, last.id)


def is_late(review: ReviewRow, now: datetime) -> bool:
    """Tell whether an answer is overdue while the clock runs."""
    running = review.closed_at is None and review.paused_at is None
    return running and review.due_at is not None and review.due_at < now


def _shape(actor: Actor, row: Any, *, conflicted: bool, is_author: bool, now: datetime) -> Review:
    review: ReviewRow = row.Review
    idea: Idea = row.Idea
    return Review(
        id=review.id,
        idea=IdeaInQueue(
            id=idea.id,
            title=idea.title,
            stage=idea.stage,
            clarification=idea.clarification,
            votes=row.Tally.votes,
            votes_hidden=row.Tally.counting == Counting.SEALED,
            comments=row.Tally.comments,
        ),
        kind=review.kind,
        function=Named(id=review.function_id, name=row.name) if review.function_id else None,
        opened_at=review.opened_at,
        age_days=max(0, (now - review.opened_at).days),
        first_answer_due_at=review.first_answer_due_at,
        decision_due_at=review.decision_due_at,
        late=is_late(review, now),
        acknowledged_at=review.acknowledged_at,
        closed_at=review.closed_at,
        outcome=review.outcome,
        can=abilities.list_abilities(
            actor, idea, is_author=is_author, conflicted=conflicted, counting=row.Tally.counting
        )
        if review.closed_at is None
        else [],
    )
