"""Votes on the wire."""

from app.schemas.shapes import Answer


class VoteTally(Answer):
    """The votes of an idea, and whether one of them is the reader's."""

    votes: int
    voted: bool


class BoundTally(VoteTally):
    """The same in a campaign with a voting of its own.

    While votes are `hidden` their number is 0. `tokens_left` is how many more votes the reader has in the campaign,
    null where votes are not counted out.
    """

    hidden: bool
    tokens_left: int | None
