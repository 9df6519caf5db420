"""Points: what each contribution is worth, and the entries that make the ledger true again.

The ledger is append-only. Entries of one (rule, subject, person) alternate between an award and its reversal,
so that their sum is the last award or nothing, whatever happens in between.
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
"""The scale of Eurêka (2012); it holds where nobody set anything else. A prize costs what its own record says."""

OF_IDEAS = frozenset(
    {
        RuleKey.VOTE,
        RuleKey.COMMENT,
        RuleKey.SUBMITTED,
        RuleKey.FIRST_IN_CAMPAIGN,
        RuleKey.RECOMMENDED,
        RuleKey.SELECTED,
        RuleKey.PROJECT,
        RuleKey.PILOT,
        RuleKey.DEPLOYED,
        RuleKey.COACHING,
    }
)
"""The rules whose subject is an idea."""


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


def settle(entries: Sequence[Entry], *, due: int, day: date) -> list[NewEntry]:
    """Return the entries by which the ledger says what is due now, none when it does already.

    `entries` are those of one (rule, subject, person) in order of occurrence; `due` is what they have to sum up
    to, negative for what was spent, and `day` the day it belongs to. An award that has become another one, or
    belongs to another day, is taken back before the right one is written.
    """
    balance = sum(entry.points for entry in entries)
    if balance == due and (due == 0 or entries[-1].day == day):
        return []
    written = []
    if balance:
        written.append(NewEntry(len(entries) + 1, -balance, entries[-1].day))
    if due:
        written.append(NewEntry(len(entries) + len(written) + 1, due, day))
    return written


def check_covers(balance: int, points: int) -> None:
    """Let pass who has the points that something takes.

    Raises: BalanceTooSmall.
    """
    if points > balance:
        raise BalanceTooSmall
