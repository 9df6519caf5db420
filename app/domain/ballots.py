"""Ballots: what somebody wants of an idea, and how that found it."""

from dataclasses import dataclass

from app.domain.errors import Refusal


@dataclass(frozen=True, slots=True)
class Ballot:
    """What one person wants of one idea: to vote for it, or not any more."""

    idea_id: str
    voter_id: str
    casts: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How a ballot found its idea, and the number of votes after it.

    Where votes are bound, `refusal` is why the ballot changed nothing though the idea takes votes, and `left` are the
    tokens that its voter has after it, None where there are none.
    """

    stage: str
    state: str | None
    votes: int
    counting: str
    refusal: Refusal | None = None
    left: int | None = None
