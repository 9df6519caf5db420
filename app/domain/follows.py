"""Follows: what can be followed, how much of it, and what others may know of it: never who, and few numbers."""

from enum import StrEnum

from app.domain.errors import Conflict, NotFound
from app.domain.privacy import FLOOR


class Followed(StrEnum):
    """What somebody can follow."""

    IDEA = "idea"
    EMPLOYEE = "employee"
    FUNCTION = "function"
    CAMPAIGN = "campaign"


MOST: dict[Followed, int] = {
    Followed.IDEA: 1_000,
    Followed.EMPLOYEE: 200,
    Followed.FUNCTION: 50,
    Followed.CAMPAIGN: 50,
}
"""How many of each somebody follows at most: a feed is gathered from all of them whenever it is read."""


class NoSuchFunction(NotFound):
    """There is no such function."""

    code = "functions.unknown"


class FollowingOneself(Conflict):
    """Nobody follows themselves."""

    code = "follows.oneself"


class DraftNotFollowed(Conflict):
    """A draft can be followed as soon as everybody may know of it."""

    code = "follows.draft"


class TooManyFollows(Conflict):
    """You follow as many of these as one can: leave another one first."""

    code = "follows.too-many"


def check_other(follower_id: str, employee_id: str) -> None:
    """Let pass somebody else.

    Raises: FollowingOneself.
    """
    if follower_id == employee_id:
        raise FollowingOneself


def check_number(what: Followed, number: int) -> None:
    """Let pass a number of follows of one kind, the new one included.

    Raises: TooManyFollows.
    """
    if number > MOST[what]:
        raise TooManyFollows


def tell_followers(what: Followed, others: int) -> int | None:
    """Return how many people beside the reader follow something, as the reader may know it.

    In whole fives, and nothing below five: one more or less tells nobody who came or went. Of a person there is
    no number at all: nobody is ranked by it.
    """
    if what is Followed.EMPLOYEE or others < FLOOR:
        return None
    return others - others % FLOOR
