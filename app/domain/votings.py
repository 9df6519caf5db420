"""Votings: how the votes of a campaign are counted: freely, with tokens, hidden until the end."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from app.domain import permissions
from app.domain.actors import Actor
from app.domain.errors import Conflict, Refusal
from app.domain.permissions import Permission, RoleMissing
from app.domain.roles import Role
from app.domain.votes import NoTokenLeft, VotingNotRunning

MOST_TOKENS = 100

_MANAGERS = (Role.COMMUNITY_MANAGER, Role.INNOVATION_MANAGER)


class Counting(StrEnum):
    """How the votes of an idea are counted at this moment.

    `free`: each at once; `bound`: at once, with tokens; `sealed`: not before the end; `over`: none is taken any more.
    """

    FREE = "free"
    BOUND = "bound"
    SEALED = "sealed"
    OVER = "over"


class VotingBegun(Conflict):
    """The voting of this campaign has begun: how its votes are counted no longer changes."""

    code = "votings.begun"


class VotingOver(Conflict):
    """The voting of this campaign is over."""

    code = "votings.over"


class AlwaysFree(Conflict):
    """Where voting has no end, as in the permanent box, votes are free."""

    code = "votings.always-free"


@dataclass(frozen=True, slots=True)
class Rule:
    """How the votes of a campaign are counted; without tokens and not hidden they are free."""

    tokens: int | None = None
    hidden: bool = False

    @property
    def free(self) -> bool:
        """Whether votes are counted as they are without any campaign."""
        return self.tokens is None and not self.hidden

    @property
    def counting(self) -> Counting:
        """How the votes of an idea are counted while the voting runs."""
        if self.free:
            return Counting.FREE
        return Counting.SEALED if self.hidden else Counting.BOUND


FREE = Rule()


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms votes are taken in a campaign; `closed_at` is when its votes were counted for good."""

    rule: Rule
    begins_at: datetime
    ends_at: datetime | None
    closed_at: datetime | None = None

    def run_at(self, moment: datetime) -> bool:
        """Tell whether votes are taken at a moment: the beginning belongs to the voting, the end does not."""
        if self.rule.free:
            return True
        return (
            self.closed_at is None
            and moment >= self.begins_at
            and (self.ends_at is None or moment < self.ends_at)
        )


class Boxed(Protocol):
    """What the rule on changes needs to know of a campaign."""

    permanent: bool


def manages(actor: Actor, campaign_id: str) -> bool:
    """Tell whether a person says how the votes of a campaign are counted: community and innovation managers."""
    if not permissions.may(actor, Permission.VOTINGS_WRITE):
        return False
    return any(actor.has_for(role, campaign_id=campaign_id) for role in _MANAGERS)


def check_manages(actor: Actor, campaign_id: str) -> None:
    """Let pass whoever says how the votes of a campaign are counted.

    Raises: RoleMissing.
    """
    if not manages(actor, campaign_id):
        raise RoleMissing


def may_change(campaign: Boxed, terms: Terms, *, begun: bool, now: datetime) -> bool:
    """Tell whether votes may still be counted in another way: before the first one was cast, and before the end."""
    try:
        check_may_change(campaign, terms, begun=begun, now=now)
    except Conflict:
        return False
    return True


def check_may_change(campaign: Boxed, terms: Terms, *, begun: bool, now: datetime) -> None:
    """Let pass another way of counting before the first vote was cast, and before the end.

    Raises: AlwaysFree, VotingOver, VotingBegun.
    """
    if campaign.permanent or terms.ends_at is None:
        raise AlwaysFree
    if terms.closed_at is not None or now >= terms.ends_at:
        raise VotingOver
    if begun:
        raise VotingBegun


def find_refusal(terms: Terms, *, adds: bool, used: int, now: datetime) -> Refusal | None:
    """Return why a ballot is not taken though its idea takes votes; None when it is.

    `adds` tells that it would be one standing vote more, `used` how many tokens its voter has used up.
    """
    if not terms.run_at(now):
        return VotingNotRunning()
    tokens = terms.rule.tokens
    if adds and tokens is not None and used >= tokens:
        return NoTokenLeft.of(tokens)
    return None


def count_left(rule: Rule, used: int) -> int | None:
    """Return how many tokens are left, None where there are none; a reopened idea can take one that was spent."""
    return None if rule.tokens is None else max(0, rule.tokens - used)
