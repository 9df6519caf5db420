"""Votes on the wire."""

from app.schemas.shapes import Answer


class VoteTally(Answer):
    """The votes of an idea, and whether one of them is the reader's."""

    votes: int
    voted: bool
