"""What the clock does by itself: reminds, tells that it is late, gives ideas to somebody else, escalates."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import update
from sqlmodel import col

from app.core import clock, locks
from app.core.db import Database, DatabaseAway, WriteSession
from app.domain import deadlines
from app.domain.deadlines import ClockStep, Wait
from app.domain.events import ReviewEscalated, ReviewLate, ReviewReassigned, ReviewReminded
from app.models.employees import Employee
from app.models.ideas import Idea
from app.models.reviews import Review
from app.queries import conflicts
from app.queries import deadlines as reading
from app.queries.conflicts import Circle
from app.services import events, rerouting, routing, waits

BATCH = 200
"""Reviews that are looked for at once; each has a transaction of its own."""

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Turn:
    """A review whose clock has something to do, with its idea and who is conflicted for that."""

    idea: Idea
    review: Review
    wait: Wait
    circle: Circle


async def advance(database: Database, *, now: datetime) -> int:
    """Make every step of every clock that is due; returns how many were made.

    Each is a compare-and-swap in a transaction of its own: done once however many are at it, and one that
    fails keeps nobody else waiting.

    Raises: DatabaseAway.
    """
    made, after = 0, None
    while True:
        async with database.reader() as session:
            page = await reading.list_due(session, now=now, after=after, limit=BATCH)
        if not page:
            return made
        for _, review_id in page:
            try:
                made += await _advance_one(database, review_id, now=now)
            except DatabaseAway:
                raise
            except Exception as error:  # noqa: BLE001  one idea must not stop the clock of all others
                _log.error("clock.step-failed", review=review_id, exc_info=error)
        after = page[-1]


async def _advance_one(database: Database, review_id: str, *, now: datetime) -> int:
    """Make the steps of one review that are due, one transaction each; those of the next holder come later."""
    made = 0
    for _ in ClockStep:
        async with database.writer() as session:
            await locks.share(session, locks.ORGANISATION)
            if not await _make_step(session, review_id, now=now):
                break
        made += 1
    return made


async def _make_step(session: WriteSession, review_id: str, *, now: datetime) -> bool:
    found = await reading.find_due(session, review_id, now=now)
    wait = waits.read(found[1]) if found else None
    if found is None or wait is None or wait.step is None:
        return False
    idea, review = found
    turn = _Turn(idea, review, wait, await conflicts.get_circle(session, idea.id))
    return await _STEPS[wait.step](session, turn, now)


async def _remind(session: WriteSession, turn: _Turn, now: datetime) -> bool:
    """Remind the holder; who is away gets no reminder, and somebody else the idea."""
    holder = turn.review.reviewer_id
    if holder is None:
        return await _go_ahead(session, turn, now)
    if await _is_out_of_reach(session, turn, holder, now):
        return await _reassign(session, turn, now)
    if not await _go_ahead(session, turn, now):
        return False
    reminded = ReviewReminded(turn.review.id, {"idea": turn.idea.id, "to": [holder]})
    events.record(session, reminded, actor_id=None, now=now)
    return True


async def _tell_late(session: WriteSession, turn: _Turn, now: datetime) -> bool:
    if not await _go_ahead(session, turn, now):
        return False
    # The authors are not named here: the event of an anonymous idea must not tell them.
    events.record(
        session, ReviewLate(turn.review.id, {"idea": turn.idea.id, "to": []}), actor_id=None, now=now
    )
    return True


async def _reassign(session: WriteSession, turn: _Turn, now: datetime) -> bool:
    """Give the idea to somebody else who is there; where nobody is, the wait goes on to its escalation."""
    former = turn.review.reviewer_id
    passed_over = frozenset({former} if former else ())
    choice = None
    if not turn.wait.reassigned:
        choice = await routing.find_choice(
            session, turn.idea, now=now, passed_over=passed_over, strictly=True, present_only=True
        )
    if choice is None:
        return await _go_ahead(session, turn, now)
    if not await _swap(session, turn, turn.wait):
        return False
    renewed = await rerouting.hand_over(session, turn.idea, turn.review, choice, now=now, by_clock=True)
    facts = {"idea": turn.idea.id, "to": [choice.reviewer_id], "from": sorted(passed_over)}
    events.record(session, ReviewReassigned(renewed.id, facts), actor_id=None, now=now)
    return True


async def _escalate(session: WriteSession, turn: _Turn, now: datetime) -> bool:
    if not await _go_ahead(session, turn, now):
        return False
    heads = await reading.list_heads(session, turn.idea, turn.circle.conflicts)
    escalated = ReviewEscalated(turn.review.id, {"idea": turn.idea.id, "to": heads})
    events.record(session, escalated, actor_id=None, now=now)
    return True


async def _is_out_of_reach(session: WriteSession, turn: _Turn, holder: str, now: datetime) -> bool:
    """Tell whether a holder is away, or has come so close to the idea that no word of it may go to them."""
    if await reading.is_away(session, holder, clock.day_in(session.zone, now)):
        return True
    person = await session.get_one(Employee, holder)
    return turn.circle.conflicts.bars(holder, person.entity_id)


async def _go_ahead(session: WriteSession, turn: _Turn, now: datetime) -> bool:
    """Put the step behind; tells whether it was still to be made."""
    policy, calendar = await waits.get_terms(session, turn.review, turn.review.reviewer_id, turn.idea.stage)
    return await _swap(session, turn, deadlines.follow(turn.wait, now, policy, calendar))


async def _swap(session: WriteSession, turn: _Turn, wait: Wait) -> bool:
    """Let the next step wait in the place of the present one, if it is still there."""
    swapped = await session.scalar(
        update(Review)
        .where(
            col(Review.id) == turn.review.id,
            col(Review.step) == turn.wait.step,
            col(Review.reassigned).is_(turn.wait.reassigned),
            col(Review.closed_at).is_(None),
            col(Review.paused_at).is_(None),
        )
        .values(step=wait.step, step_due_at=wait.step_due_at, reassigned=wait.reassigned)
        .returning(col(Review.id))
        .execution_options(synchronize_session=False)
    )
    return swapped is not None


_STEPS: dict[ClockStep, Callable[[WriteSession, _Turn, datetime], Awaitable[bool]]] = {
    ClockStep.REMIND: _remind,
    ClockStep.LATE: _tell_late,
    ClockStep.REASSIGN: _reassign,
    ClockStep.ESCALATE: _escalate,
}
