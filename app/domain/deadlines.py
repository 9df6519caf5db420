"""Deadlines: the chain of one wait, from the reminder to the escalation, each step exactly once.

A wait lasts until the first answer, or until the decision. Whoever gets the idea meanwhile goes on with it.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.domain import calendars
from app.domain.calendars import WorkingCalendar, add_working_days
from app.domain.clock_policies import FARTHEST_PROMISE_DAYS, ClockPolicy


class ClockStep(StrEnum):
    """What the clock does when nobody else does anything, in this order."""

    REMIND = "remind"
    LATE = "late"
    REASSIGN = "reassign"
    ESCALATE = "escalate"


_S = ClockStep


@dataclass(frozen=True, slots=True)
class Wait:
    """Where a wait stands: when it is due, and which step is next (None: all were made).

    `reassigned` says that the one reassignment was made, or tried in vain.
    """

    due_at: datetime
    step: ClockStep | None
    step_due_at: datetime | None
    reassigned: bool = False


def begin(
    now: datetime, policy: ClockPolicy, calendar: WorkingCalendar, *, promised: date | None = None
) -> Wait:
    """Return a wait that begins now; a promised day, if there is one, is its end."""
    if promised is None:
        due = add_working_days(now, policy.days, calendar)
    else:
        farthest = now.date() + timedelta(days=FARTHEST_PROMISE_DAYS)
        due = calendars.close_of(min(promised, farthest), calendar).astimezone(now.tzinfo)
    return _plan(Wait(due, _S.REMIND, None), policy, calendar)


def restart(now: datetime, due: datetime, policy: ClockPolicy, calendar: WorkingCalendar) -> Wait:
    """Return a wait for something that was due at a moment already; it leaves the least of time all the same."""
    least = add_working_days(now, policy.escalate_after, calendar)
    return _plan(Wait(max(due, least), _S.REMIND, None), policy, calendar)


def follow(wait: Wait, now: datetime, policy: ClockPolicy, calendar: WorkingCalendar) -> Wait:
    """Return the wait after its step was made, or after a reassignment that found nobody.

    Whoever comes late to it (the installation was down) still gives a working day between the steps.
    """
    soonest = add_working_days(now, policy.remind_before, calendar)
    match wait.step:
        case _S.REMIND:
            return _plan(replace(wait, step=_S.LATE), policy, calendar)
        case _S.LATE if wait.reassigned:
            return _plan(replace(wait, step=_S.ESCALATE), policy, calendar)
        case _S.LATE:
            planned = _plan(replace(wait, step=_S.REASSIGN), policy, calendar)
            return replace(planned, step_due_at=max(planned.step_due_at or soonest, soonest))
        case _S.REASSIGN:
            due = add_working_days(wait.due_at, policy.escalate_after, calendar)
            return replace(wait, step=_S.ESCALATE, step_due_at=max(due, soonest), reassigned=True)
        case _:
            return replace(wait, step=None, step_due_at=None)


def hand_over(
    wait: Wait, now: datetime, policy: ClockPolicy, calendar: WorkingCalendar, *, by_clock: bool
) -> Wait:
    """Return the wait of the next holder: it goes on where it stood, with the least of time to answer.

    By the clock it is the one reassignment. An escalation that is still to come follows at the new due date.
    """
    due = max(wait.due_at, add_working_days(now, policy.escalate_after, calendar))
    step = _S.ESCALATE if by_clock and wait.step is _S.REASSIGN else wait.step
    return _plan(Wait(due, step, None, reassigned=wait.reassigned or by_clock), policy, calendar)


def go_on(wait: Wait, paused_at: datetime, now: datetime, calendar: WorkingCalendar) -> Wait:
    """Return the wait after a pause: with the working time that was left; what was over before stays over."""
    return replace(
        wait,
        due_at=move_on(wait.due_at, paused_at, now, calendar),
        step_due_at=wait.step_due_at and move_on(wait.step_due_at, paused_at, now, calendar),
    )


def move_on(due: datetime, paused_at: datetime, now: datetime, calendar: WorkingCalendar) -> datetime:
    """Return when something is due after a pause; unchanged where it was due before."""
    if due <= paused_at:
        return due
    left = calendars.measure_working_time(paused_at, due, calendar)
    return calendars.add_working_time(now, left, calendar)


def _plan(wait: Wait, policy: ClockPolicy, calendar: WorkingCalendar) -> Wait:
    """Set when the next step is due."""
    days = {_S.REMIND: -policy.remind_before, _S.REASSIGN: policy.reassign_after}
    if wait.step is None:
        return wait
    return replace(wait, step_due_at=add_working_days(wait.due_at, days.get(wait.step, 0), calendar))
