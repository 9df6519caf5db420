"""Offers: who may be asked for help, and who of them is asked first.

The order looks at skills, function and load, never at where an author stands: of the author's line it is only left
out who is conflicted. So who is asked tells no more than who holds an idea does.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from app.domain.actors import Grant
from app.domain.conflicts import Conflicts
from app.domain.roles import Role


class Wanted(StrEnum):
    """Whom an author asks."""

    FACILITATOR = "facilitator"
    IDEA_DEVELOPER = "idea_developer"
    ANYONE = "anyone"


HELPING_ROLES = frozenset({Role.FACILITATOR, Role.IDEA_DEVELOPER})


@dataclass(frozen=True, slots=True)
class Wish:
    """What is looked for: whom, who knows these folded words, for an idea of a function in a campaign.

    `key` is an identifier that puts equals in an order: always the same, and another for each request.
    """

    wanted: str
    words: frozenset[str]
    function_id: str | None
    campaign_id: str
    key: str


@dataclass(frozen=True, slots=True)
class Offer:
    """What somebody has to offer: roles, folded skills, and how many requests they have of how many they take."""

    person_id: str
    entity_id: str | None
    grants: tuple[Grant, ...] = ()
    skills: frozenset[str] = frozenset()
    load: int = 0
    capacity: int = 0
    absent: bool = False


def qualifies(offer: Offer, wish: Wish) -> bool:
    """Tell whether somebody is of the kind that is looked for: by role, and for anyone also by a skill.

    A role that was granted for another campaign does not count.
    """
    roles = {
        grant.role
        for grant in offer.grants
        if grant.role in HELPING_ROLES and grant.campaign_id in (None, wish.campaign_id)
    }
    if wish.wanted == Wanted.ANYONE:
        return bool(roles or offer.skills & wish.words)
    return Role(wish.wanted) in roles


def choose(
    offers: Iterable[Offer],
    wish: Wish,
    *,
    conflicts: Conflicts,
    passed_over: Collection[str],
    holder_id: str | None,
) -> str | None:
    """Return who is asked, None where nobody is left.

    1. Left out: who is conflicted or in doubt, holds the idea, is passed over, away, has enough to do, or is not of
       the kind that is looked for.
    2. Most of the wished skills first, then a role for the idea's function, then the lightest load.
    3. Equals stand in a circle by their identifiers; the first beyond the wish's key is asked.
    """
    eligible = [
        offer
        for offer in offers
        if not conflicts.bars(offer.person_id, offer.entity_id)
        and offer.person_id != holder_id
        and offer.person_id not in passed_over
        and not offer.absent
        and offer.load < offer.capacity
        and qualifies(offer, wish)
    ]
    first = min(eligible, key=lambda offer: _rank(offer, wish), default=None)
    return first.person_id if first else None


def _rank(offer: Offer, wish: Wish) -> tuple[int, bool, int, bool, str]:
    knows_function = wish.function_id is not None and any(
        grant.function_id == wish.function_id for grant in offer.grants
    )
    return (
        -len(offer.skills & wish.words),
        not knows_function,
        offer.load,
        offer.person_id <= wish.key,
        offer.person_id,
    )
