"""Reference data on the wire."""

from app.schemas.shapes import Answer, Named, Time
from app.schemas.votings import VotingRule


class Entity(Named):
    """A unit of the organisation; `parent` is the identifier of the unit above."""

    parent: str | None
    path: str


class Function(Named):
    """A functional area; `forecast` is in how many working days an idea gets its answer there, null where unknown."""

    fallback: bool
    forecast: int | None


class Theme(Named):
    """What an idea improves."""

    key: str


class Campaign(Named):
    """A challenge, with how its votes are counted; the permanent box has no end."""

    question: str
    permanent: bool
    starts_at: Time
    ends_at: Time | None
    voting: VotingRule


class DeclineReason(Answer):
    """A reason code for declining."""

    code: str
