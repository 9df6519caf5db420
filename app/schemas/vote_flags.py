"""Flags on votes, on the wire: numbers as evidence, never a voter."""

from typing import Annotated, Literal

from pydantic import Field

from app.schemas.shapes import Answer, Named, Readable, Request, Time

FlagKindName = Literal["reciprocal", "burst", "same_minute"]
FlagStateName = Literal["open", "dismissed"]


class ReviewVoteFlag(Request):
    """What a community manager made of a flag; fields that are left out stay as they are."""

    state: FlagStateName = "open"
    note: Annotated[Readable, Field(max_length=2000)] = ""


class FlaggedIdea(Answer):
    """An idea that a flag is about."""

    id: str
    title: str
    stage: str


class VoteFlag(Answer):
    """Votes that look arranged, between `since` and `until`.

    `people` and `votes` are null where fewer than five people are behind them. `usual` is what a burst of
    `minutes` would have been. `ideas` are a hundred at most of `idea_count`; of a small reciprocal ring none are
    shown, because its authors are its voters.
    """

    id: str
    kind: FlagKindName
    state: FlagStateName
    note: str
    since: Time
    until: Time
    votes: int | None
    people: int | None
    minutes: int
    usual: float | None
    idea_count: int
    ideas: list[FlaggedIdea]
    found_at: Time
    seen_at: Time
    reviewed_by: Named | None
    reviewed_at: Time | None
    can: list[str]
