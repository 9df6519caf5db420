"""Votings of campaigns on the wire."""

from typing import Annotated

from pydantic import Field, StrictBool

from app.domain.votings import MOST_TOKENS
from app.schemas.shapes import Answer, Request, Time


class SetVoting(Request):
    """How the votes of a campaign are counted: without tokens and not hidden they are free.

    With `tokens` everybody has that many votes in the campaign. `hidden` votes are told to nobody before the end.
    """

    tokens: Annotated[int, Field(strict=True, ge=1, le=MOST_TOKENS)] | None = None
    hidden: StrictBool = False


class VotingRule(Answer):
    """How the votes of a campaign are counted: how many tokens everybody has, null where votes are not counted out."""

    tokens: int | None
    hidden: bool


class Tokens(Answer):
    """The reader's own tokens of a campaign: how many there are in all, and how many are left."""

    all: int
    left: int


class Voting(Answer):
    """The voting of a campaign, as one reader sees it.

    Votes are taken from `starts_at` until just before `ends_at`. While `votes_hidden` nobody is told how many votes
    an idea has; `over` says that they were counted for good.
    """

    tokens: Tokens | None
    hidden: bool
    votes_hidden: bool
    starts_at: Time
    ends_at: Time | None
    over: bool
    can: list[str]
