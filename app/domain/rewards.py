"""Points: what each contribution is worth, and the entry that makes the ledger true again.

The ledger is append-only. Entries of one (rule, subject, person) alternate between award and reversal,
so that their sum is 0 or 1 times the award whatever happens in between.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from app.domain.errors import Conflict


class RuleKey(StrEnum):
    """The contributions that earn points, and `prize`, for which they are spent."""

    FIRST_SIGN_IN = "first_sign_in"
    VOTE = "vote"
    COMMENT = "comment"
    SUBMITTED = "submitted"
    FIRST_IN_CAMPAIGN = "first_in_campaign"
    RECOMMENDED = "recommended"
    SELECTED = "selected"
    PROJECT = "project"
    PILOT = "pilot"
    DEPLOYED = "deployed"
    COACHING = "coaching"
    PRIZE = "prize"


@dataclass(frozen=True, slots=True)
class PointRule:
    """What a contribution is worth; `per_day` caps the awards of one person and day, None means no cap."""

    points: int
    per_day: int | None = None


SCALE: dict[RuleKey, PointRule] = {
    RuleKey.FIRST_SIGN_IN: PointRule(1),
    RuleKey.VOTE: PointRule(1, per_day=3),
    RuleKey.COMMENT: PointRule(1, per_day=2),
    RuleKey.SUBMITTED: PointRule(10),
    RuleKey.FIRST_IN_CAMPAIGN: PointRule(50),
    RuleKey.RECOMMENDED: PointRule(20),
    RuleKey.SELECTED: PointRule(100),
    RuleKey.PROJECT: PointRule(200),
    RuleKey.PILOT: PointRule(300),
    RuleKey.DEPLOYED: PointRule(500),
    RuleKey.COACHING: PointRule(5),
}
"""The scale of Eurêka (2012)."""


class BalanceTooSmall(Conflict):
    """You have fewer points than this takes."""

    code = "rewards.balance-too-small"


class Entry(Protocol):
    """An entry of the ledger as the rules see it."""

    occurrence: int
    points: int
    day: date


@dataclass(frozen=True, slots=True)
class NewEntry:
    """The entry that has to be written."""

    occurrence: int
    points: int
    day: date


def share(points: int, people: int) -> list[int]:
    """Split an award between co-authors without making points: shares differ by one at most, the first get more."""
    whole, rest = divmod(points, people)
    return [whole + (1 if place < rest else 0) for place in range(people)]


def settle(
    entries: Sequence[Entry], *, due: int, day: date, slots_used: int = 0, per_day: int | None = None
) -> NewEntry | None:
    """Return the entry by which the ledger says what is due now, None when it does already.

    `entries` are those of one (rule, subject, person) in order of occurrence; `due` is the award if the
    cause stands and 0 if it does not; `slots_used` counts the person's other subjects that took a slot of
    this rule on this day. Awarding again after a reversal takes no new slot and keeps the day of the first
    award; what was awarded once is not raised or lowered by a later share.
    """
    balance = sum(entry.points for entry in entries)
    occurrence = len(entries) + 1
    if balance > 0 and due == 0:
        return NewEntry(occurrence, -balance, entries[0].day)
    if balance == 0 and due > 0:
        if entries:
            return NewEntry(occurrence, entries[0].points, entries[0].day)
        if per_day is not None and slots_used >= per_day:
            return None
        return NewEntry(occurrence, due, day)
    return None
