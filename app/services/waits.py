"""The clock on a review: begun, paused, gone on with, handed over to the next holder."""

from datetime import date, datetime

from app.core.db import WriteSession
from app.domain import deadlines
from app.domain.calendars import WorkingCalendar, add_working_days
from app.domain.clock_policies import ClockPolicy
from app.domain.deadlines import ClockStep, Wait
from app.domain.pipeline import Stage
from app.models.reviews import Review
from app.queries import calendars, clock_policies


async def begin(
    session: WriteSession, review: Review, stage: str, *, now: datetime, promised: date | None = None
) -> None:
    """Begin the wait of a review in a stage: for the first answer, or for a decision, until a promised day."""
    calendar = await calendars.get_working(session, review.reviewer_id)
    policy = await clock_policies.get_policy(session, Stage(stage))
    wait = deadlines.begin(now, policy, calendar, promised=promised)
    if stage == Stage.SUBMITTED:
        decision = await clock_policies.get_policy(session, Stage.EVALUATION)
        review.first_answer_due_at = wait.due_at
        review.decision_due_at = add_working_days(now, decision.days, calendar)
    else:
        review.decision_due_at = wait.due_at
    _put(review, wait)


async def note_answer(session: WriteSession, review: Review, *, now: datetime) -> None:
    """Begin the wait for a decision after the first answer; what was due already leaves some time all the same."""
    if not _awaits_answer(review):
        review.acknowledged_at = now
        return
    review.acknowledged_at = now
    calendar = await calendars.get_working(session, review.reviewer_id)
    policy = await clock_policies.get_policy(session, Stage.EVALUATION)
    wait = deadlines.restart(now, review.decision_due_at or now, policy, calendar)
    review.decision_due_at = wait.due_at
    _put(review, wait)


def pause(review: Review, *, now: datetime) -> None:
    """Stop the clock of a review."""
    review.paused_at = review.paused_at or now


async def go_on(session: WriteSession, review: Review, *, now: datetime) -> None:
    """Let the clock of a review run again, with the working time that was left."""
    paused_at, review.paused_at = review.paused_at, None
    if paused_at is None:
        return
    calendar = await calendars.get_working(session, review.reviewer_id)
    for name in ("first_answer_due_at", "decision_due_at"):
        due: datetime | None = getattr(review, name)
        if due is not None:
            setattr(review, name, deadlines.move_on(due, paused_at, now, calendar))
    wait = read(review)
    if wait is not None:
        _put(review, deadlines.go_on(wait, paused_at, now, calendar))


async def take_over(
    session: WriteSession, review: Review, former: Review, stage: str, *, now: datetime, by_clock: bool
) -> None:
    """Let the review of the next holder go on with the wait of the one before, which may be paused."""
    wait = read(former)
    if wait is None:
        await begin(session, review, stage, now=now)
        return
    if former.paused_at is not None:
        before = await calendars.get_working(session, former.reviewer_id)
        wait = deadlines.go_on(wait, former.paused_at, now, before)
    policy, calendar = await get_terms(session, former, review.reviewer_id, stage)
    wait = deadlines.hand_over(wait, now, policy, calendar, by_clock=by_clock)
    review.acknowledged_at = former.acknowledged_at
    if _awaits_answer(former):
        review.first_answer_due_at = wait.due_at
        review.decision_due_at = max(former.decision_due_at or wait.due_at, wait.due_at)
    else:
        review.first_answer_due_at, review.decision_due_at = former.first_answer_due_at, wait.due_at
    _put(review, wait)


async def get_terms(
    session: WriteSession, review: Review, reviewer_id: str | None, stage: str
) -> tuple[ClockPolicy, WorkingCalendar]:
    """Return the policy and the calendar by which a review runs in somebody's hands."""
    if stage == Stage.SUBMITTED and not _awaits_answer(review):
        stage = Stage.EVALUATION
    policy = await clock_policies.get_policy(session, Stage(stage))
    return policy, await calendars.get_working(session, reviewer_id)


def read(review: Review) -> Wait | None:
    """Return where the wait of a review stands, None where it never began."""
    if review.due_at is None:
        return None
    step = ClockStep(review.step) if review.step else None
    return Wait(review.due_at, step, review.step_due_at, review.reassigned)


def _put(review: Review, wait: Wait) -> None:
    review.due_at, review.step, review.step_due_at = wait.due_at, wait.step, wait.step_due_at
    review.reassigned = wait.reassigned


def _awaits_answer(review: Review) -> bool:
    return (
        review.kind != "committee"
        and review.acknowledged_at is None
        and review.first_answer_due_at is not None
    )
