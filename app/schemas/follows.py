"""Following on the wire."""

from typing import Literal

from app.schemas.shapes import Answer, Named, Time

FollowedName = Literal["idea", "employee", "function", "campaign"]
"""`domain.follows.Followed` on the wire."""


class Following(Answer):
    """Whether the reader follows something.

    `followers` is how many others do, rounded down to fives, null below five; of a person it is null always.
    """

    following: bool
    followers: int | None
    can: list[str]


class Follow(Answer):
    """Something that the reader follows; `name` is the title of an idea, `stage` is that of an idea."""

    what: FollowedName
    subject: Named
    stage: str | None
    followed_at: Time
    can: list[str]
