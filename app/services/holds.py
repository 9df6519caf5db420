"""Letting the clock run again on ideas that were held until a day that has come."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from app.core import clock, locks
from app.core.db import Database
from app.domain.events import ReviewWoken
from app.models.ideas import Idea
from app.models.reviews import Review
from app.services import events, waits

BATCH = 200


async def wake(database: Database, *, now: datetime) -> int:
    """Let the clocks go on whose wake-up date has come; the ideas stay on hold until somebody resumes them.

    Returns how many there were. Two at once take different ideas.
    """
    woken = 0
    while batch := await _wake_batch(database, now):
        woken += batch
    return woken


async def _wake_batch(database: Database, now: datetime) -> int:
    async with database.writer() as session:
        await locks.share(session, locks.ORGANISATION)
        rows = await session.execute(
            select(Idea, Review)
            .join(Review, col(Review.idea_id) == col(Idea.id))
            .where(
                col(Review.closed_at).is_(None),
                col(Review.paused_at).is_not(None),
                col(Idea.on_hold).is_(True),
                col(Idea.wake_on) <= clock.day_in(session.zone, now),
            )
            .order_by(col(Idea.id))
            .limit(BATCH)
            .with_for_update(of=Idea, key_share=True, skip_locked=True)
        )
        held = rows.all()
        for row in held:
            review: Review = row.Review
            await waits.go_on(session, review, now=now)
            facts = {"idea": row.Idea.id, "to": [review.reviewer_id] if review.reviewer_id else []}
            events.record(session, ReviewWoken(review.id, facts), actor_id=None, now=now)
        return len(held)
