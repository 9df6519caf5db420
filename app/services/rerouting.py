"""Taking ideas off whoever may no longer hold them, when people, managers, roles or authors change."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from app.core.db import WriteSession
from app.domain import pipeline
from app.domain.routing import Choice, FunctionBy
from app.models.employees import Employee
from app.models.ideas import Idea
from app.models.reviews import Review
from app.queries import candidates, conflicts
from app.services import help_settling, itinerary, moderators, restriction_turns, routing
from app.services.itinerary import Step

REASSIGN = "reassign"
"""What closes a review whose idea goes to somebody else, and how the itinerary calls it."""

_BATCH = 200


async def settle_all(session: WriteSession, *, now: datetime) -> int:
    """Give a new holder to every open idea whose holder is conflicted, gone or no longer entitled, or that has none.

    Requests for help are looked at as well. Called under the exclusive lock of the organisation, in the transaction
    of the change. Returns how many ideas moved.
    """
    open_ideas = (
        await session.scalars(
            select(col(Idea.id))
            .where(col(Idea.stage).in_(sorted(pipeline.OPEN_STAGES)))
            .order_by(col(Idea.id))
        )
    ).all()
    moved = 0
    for start in range(0, len(open_ideas), _BATCH):
        batch = open_ideas[start : start + _BATCH]
        moved += await _settle_batch(session, list(batch), now=now)
    await help_settling.settle_all(session, now=now)
    await moderators.settle_all(session, now=now)
    await restriction_turns.settle_all(session, now=now)
    return moved


async def settle_one(session: WriteSession, idea: Idea, *, now: datetime) -> bool:
    """Give a new holder to one idea if its holder may no longer hold it; tells whether it moved."""
    return await _settle_batch(session, [idea.id], now=now) > 0


async def _settle_batch(session: WriteSession, idea_ids: list[str], *, now: datetime) -> int:
    circles = await conflicts.list_circles(session, idea_ids)
    grants = await candidates.list_grants(session)
    held = await session.execute(
        select(Idea, Review, col(Employee.entity_id))
        .outerjoin(Employee, (col(Employee.id) == col(Idea.holder_id)) & col(Employee.active).is_(True))
        .outerjoin(Review, (col(Review.idea_id) == col(Idea.id)) & col(Review.closed_at).is_(None))
        .where(col(Idea.id).in_(idea_ids))
        .order_by(col(Idea.id))
    )
    moved = 0
    for row in held.all():
        idea: Idea = row[0]
        review: Review | None = row[1]
        entity_id: str | None = row[2]
        tiers = candidates.list_tiers(idea, grants.get(idea.holder_id or "", []))
        barred = circles[idea.id].conflicts.bars(idea.holder_id or "", entity_id)
        if review is None or barred or review.route.get("tier") not in tiers:
            moved += await _reassign(session, idea, review, now=now)
    return moved


async def _reassign(session: WriteSession, idea: Idea, review: Review | None, *, now: datetime) -> bool:
    former = review.reviewer_id if review else None
    passed_over = frozenset({former} if former else ())
    choice = await routing.find_choice(session, idea, now=now, passed_over=passed_over, strictly=True)
    if choice is None and review is not None and former is None:
        return False
    await hand_over(session, idea, review, choice, now=now)
    return True


async def hand_over(
    session: WriteSession,
    idea: Idea,
    review: Review | None,
    choice: Choice | None,
    *,
    now: datetime,
    by_clock: bool = False,
) -> Review:
    """Close a review and open that of the next holder, who goes on with its clock; returns the new one."""
    function_by = review.route.get("function_by") if review else None
    if review is not None:
        review.closed_at, review.outcome = now, REASSIGN
        await session.flush()
    renewed = await routing.open_review(
        session,
        idea,
        choice,
        function_by=FunctionBy(function_by) if function_by else None,
        now=now,
        former=review,
        by_clock=by_clock,
    )
    await session.flush()
    await itinerary.append(session, idea, Step(REASSIGN, from_stage=idea.stage), now=now)
    await session.flush()
    return renewed
