"""Clock policies: how long an idea may wait in a stage, and when somebody is told."""

from dataclasses import dataclass
from datetime import date

from app.domain.errors import Invalid, NotFound
from app.domain.pipeline import OPEN_STAGES, Stage

MOST_DAYS = 250
"""Working days of a year: nobody waits longer without a word."""

FARTHEST_PROMISE_DAYS = 3650


class NoSuchPolicy(NotFound):
    """This stage has no clock: ideas wait from submission to the pilot."""

    code = "clock-policies.not-found"


class RemindedTooEarly(Invalid):
    """The reminder comes after the wait has begun: fewer working days before than the wait and the extra time have."""

    code = "clock-policies.reminded-too-early"


class PromiseInThePast(Invalid):
    """A promised day is still to come, within ten years."""

    code = "clock-policies.promise-in-the-past"


@dataclass(frozen=True, slots=True)
class ClockPolicy:
    """How the clock runs in a stage, all in working days.

    `days` until the answer is due, `remind_before` that for the reminder, `reassign_after` that somebody else
    gets the idea; `escalate_after` is what the next holder has at least, before the innovation managers hear.
    """

    days: int
    remind_before: int = 1
    reassign_after: int = 2
    escalate_after: int = 5


POLICIES: dict[Stage, ClockPolicy] = {
    Stage.SUBMITTED: ClockPolicy(5),
    Stage.EVALUATION: ClockPolicy(30),
    Stage.RECOMMENDED: ClockPolicy(30),
    Stage.SELECTED: ClockPolicy(60),
    Stage.PROJECT: ClockPolicy(60),
    Stage.PILOT: ClockPolicy(60),
}
"""What holds unless an innovation manager set something else; from `selected` on a promised day goes before."""

PROMISED_STAGES = frozenset({Stage.SELECTED, Stage.PROJECT, Stage.PILOT})


def get_stage(name: str) -> Stage:
    """Return the stage of a policy.

    Raises: NoSuchPolicy.
    """
    if name not in OPEN_STAGES:
        raise NoSuchPolicy
    return Stage(name)


def check_policy(policy: ClockPolicy) -> None:
    """Let pass a policy by which everybody is reminded before it is too late, and after they have begun.

    Raises: RemindedTooEarly.
    """
    if policy.remind_before >= min(policy.days, policy.escalate_after):
        raise RemindedTooEarly.at("/remind_before")


def check_promise(promised: date, today: date) -> None:
    """Let pass a day that can be promised.

    Raises: PromiseInThePast.
    """
    if not 0 <= (promised - today).days <= FARTHEST_PROMISE_DAYS:
        raise PromiseInThePast.at("/due_on")
