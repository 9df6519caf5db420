"""Routing: who answers for an idea, and why. It never goes to the author's line."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.conflicts import Conflicts


class FunctionBy(StrEnum):
    """How the function of an idea was found."""

    AUTHOR = "author"
    RULE = "rule"
    FALLBACK = "fallback"
    FORWARD = "forward"


class Tier(StrEnum):
    """Where a reviewer was looked for, in this order."""

    CAMPAIGN = "campaign"
    FUNCTION = "function"
    OTHER_FUNCTION = "other_function"
    INNOVATION_MANAGER = "innovation_manager"
    SPONSOR = "sponsor"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the rule table; every condition that is set must hold."""

    function_id: str
    theme_id: str | None = None
    entity_ids: frozenset[str] | None = None
    words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person who could hold an idea; `load` is the number of ideas they hold now.

    `capacity` is how many they take, None for any number; `absent` says that they are away today.
    """

    id: str
    tier: Tier
    entity_id: str | None
    load: int
    capacity: int | None = None
    absent: bool = False

    @property
    def full(self) -> bool:
        """Whether they hold all that they take."""
        return self.capacity is not None and self.load >= self.capacity


@dataclass(frozen=True, slots=True)
class Choice:
    """The reviewer who was chosen, and the grounds that can be told to anybody."""

    reviewer_id: str
    tier: Tier
    other_entity: bool
    load: int


_LAST_RESORTS = frozenset({Tier.INNOVATION_MANAGER, Tier.ADMIN})
"""Who holds ideas where nobody else can; innovation managers are the first choice of the committee."""


def find_function(
    rules: Iterable[Rule], *, theme_id: str, entity_id: str | None, words: frozenset[str]
) -> str | None:
    """Return the function of the first rule that matches, in the order given."""
    for rule in rules:
        if (
            (rule.theme_id is None or rule.theme_id == theme_id)
            and (rule.entity_ids is None or entity_id in rule.entity_ids)
            and (not rule.words or rule.words & words)
        ):
            return rule.function_id
    return None


def choose(
    candidates: Iterable[Candidate],
    conflicts: Conflicts,
    *,
    order: Sequence[Tier],
    author_entities: frozenset[str],
    passed_over: frozenset[str] = frozenset(),
    present_only: bool = False,
) -> Choice | None:
    """Choose who holds an idea.

    1. Leave out whoever is conflicted, in doubt, or to be passed over (the one who had it before).
    2. Take who is there and has room, in their own part of `order`: no overflow goes to the last resorts.
       Where that is nobody, take who is there; where nobody is, unless `present_only`, who is away.
    3. Of these take the first tier of `order` in which somebody is left.
    4. There, prefer another entity than the authors', then the lightest load; equal loads fall to the
       identifier, which is random.

    Returns None when nobody in the whole company is eligible.
    """
    eligible = [
        candidate
        for candidate in candidates
        if candidate.tier in order
        and candidate.id not in passed_over
        and not conflicts.bars(candidate.id, candidate.entity_id)
    ]
    present = [candidate for candidate in eligible if not candidate.absent]
    roomy = [
        candidate
        for candidate in present
        if not candidate.full and candidate.tier not in (_LAST_RESORTS & set(order[1:]))
    ]
    pool = roomy or present or ([] if present_only else eligible)
    return _take_first(pool, order, author_entities)


def _take_first(
    candidates: Iterable[Candidate], order: Sequence[Tier], author_entities: frozenset[str]
) -> Choice | None:
    ranks = {tier: rank for rank, tier in enumerate(order)}
    best = min(
        (
            (
                ranks[candidate.tier],
                candidate.entity_id in author_entities,
                candidate.load,
                candidate.id,
                candidate,
            )
            for candidate in candidates
        ),
        key=lambda ranked: ranked[:4],
        default=None,
    )
    if best is None:
        return None
    chosen = best[4]
    return Choice(chosen.id, chosen.tier, chosen.entity_id not in author_entities, chosen.load)


REVIEW_ORDER = (Tier.CAMPAIGN, Tier.FUNCTION, Tier.OTHER_FUNCTION, Tier.INNOVATION_MANAGER, Tier.ADMIN)
"""Where the reviewer of a submitted idea is looked for."""

COMMITTEE_ORDER = (Tier.INNOVATION_MANAGER, Tier.SPONSOR, Tier.ADMIN)
"""Where the holder of a recommended idea is looked for: the committee, and an admin when it is too close."""
