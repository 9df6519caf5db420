"""Leaderboards on the wire."""

from typing import Literal

from pydantic import StrictBool

from app.schemas.shapes import Answer, Named, Request, Time

BoardName = Literal["entity", "team", "person"]
"""`domain.leaderboards.Board` on the wire."""


class Place(Answer):
    """A unit or a person on a board; `people` and `per_head` are null for a person."""

    rank: int
    entity: Named | None
    employee: Named | None
    points: int
    people: int | None
    per_head: float | None


class OwnPlace(Answer):
    """One's own place among those who want to be compared, told to nobody else unless one is `shown`.

    Whoever is not shown is told the place that they would have. `of` are the people compared, oneself among them.
    """

    shown: bool
    rank: int
    points: int
    of: int


class Leaderboard(Answer):
    """A page of a board.

    `season` is a quarter, `all`, or null for a campaign. `computed_at` is null where nothing was worked out yet.
    `me` is null but on a board of people.
    """

    by: BoardName
    season: str | None
    campaign: Named | None
    computed_at: Time | None
    me: OwnPlace | None
    items: list[Place]
    next_cursor: str | None


class ChooseLeaderboard(Request):
    """Whether one is compared with others by name."""

    shown: StrictBool


class LeaderboardChoice(Answer):
    """What one chose."""

    shown: bool
