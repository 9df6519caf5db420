"""Votes: one person, one vote per idea, not on one's own."""

from typing import Protocol

from app.domain.errors import Conflict, Forbidden
from app.domain.pipeline import Stage

CLOSED = frozenset({Stage.DRAFT, Stage.DECLINED, Stage.WITHDRAWN, Stage.MERGED})
"""Stages in which no vote is taken."""


class Votable(Protocol):
    """What the rule needs to know of an idea."""

    @property
    def stage(self) -> str:
        """Where the idea stands."""


class OwnIdea(Forbidden):
    """You can't vote on your own idea."""

    code = "votes.own-idea"


class VotingClosed(Conflict):
    """Votes are not taken at this stage."""

    code = "votes.closed"


class VotingNotRunning(Conflict):
    """The voting of this campaign does not run now."""

    code = "votes.not-running"


class NoTokenLeft(Conflict):
    """You have used all your tokens of this campaign."""

    code = "votes.no-token-left"

    @classmethod
    def of(cls, tokens: int) -> "NoTokenLeft":
        """Refuse a vote beyond a number of tokens, and say the number."""
        return cls(
            f"You have used all your tokens of this campaign ({tokens}); take a vote back to vote here."
        )


def may_vote(idea: Votable, *, is_author: bool) -> bool:
    """Tell whether a vote would be taken."""
    return not is_author and idea.stage not in CLOSED


def check_may_vote(idea: Votable, *, is_author: bool) -> None:
    """Let pass whoever may vote on an idea.

    Raises: OwnIdea, VotingClosed.
    """
    if is_author:
        raise OwnIdea
    if idea.stage in CLOSED:
        raise VotingClosed
