"""Badges: declarative rules over what people did, and the day on which a rule came true.

An award is a function of the record and of the rules alone: of which day it is looked at makes no difference, nor
how often. What others may see is the same function of what was done under one's name.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.badge_rules import Measure, Record, Rule, find_day, find_rule, list_measures, tell, write_rule
from app.domain.errors import NotFound
from app.domain.translations import Translation


class Tier(StrEnum):
    """How far somebody went; a badge that one has or has not has no tier."""

    BRONZE = "bronze"
    SILVER = "silver"
    GOLD = "gold"


class NoSuchBadge(NotFound):
    """There is no such badge."""

    code = "badges.no-such-badge"


class BadgesNotShown(NotFound):
    """This person shows no badges."""

    code = "badges.not-shown"


@dataclass(frozen=True, slots=True)
class Badge:
    """A badge of the catalogue: its words, and the rule of each tier, the easiest first."""

    key: str
    name: Translation
    text: Translation
    tiers: tuple[tuple[Tier | None, Rule], ...]

    @property
    def private(self) -> bool:
        """Whether it is about votes, which are secret: nobody else ever sees it."""
        return any(measure is Measure.VOTED for _, rule in self.tiers for measure in list_measures(rule))


@dataclass(frozen=True, slots=True)
class Earned:
    """That a rule came true: the day, the rule as text, and the numbers at the end of that day."""

    day: date
    rule: str
    facts: dict[str, int]


Slot = tuple[str, str]
"""A badge and its tier, empty where it has none."""


def evaluate(catalogue: Iterable[Badge], record: Record, kept: Mapping[Slot, str]) -> dict[Slot, Earned]:
    """Return everything that somebody has earned.

    `kept` has the rules by which they were awarded something before: what was earned by a rule stays when the
    rule becomes a harder one, as long as what it was earned with stands.
    """
    earned: dict[Slot, Earned] = {}
    for badge in catalogue:
        for tier, rule in badge.tiers:
            slot = (badge.key, tier or "")
            now = write_rule(rule)
            before = kept.get(slot, now)
            rules = [rule] if before == now else [rule, *find_rule(before)]
            days = [(day, each) for each in rules if (day := find_day(each, record)) is not None]
            if days:
                day, by = min(days, key=lambda found: found[0])
                earned[slot] = Earned(day, write_rule(by), tell(by, record, day))
    return earned


def list_lapsed(
    catalogue: Iterable[Badge], kept: Mapping[Slot, str], earned: Mapping[Slot, Earned]
) -> list[Slot]:
    """Return the awards that somebody has no more: what they were earned with was undone.

    Those of badges that the catalogue does not have, or that were earned by what is not counted any more, stay.
    """
    slots = {(badge.key, tier or "") for badge in catalogue for tier, _ in badge.tiers}
    return [slot for slot, rule in kept.items() if slot in slots and slot not in earned and find_rule(rule)]
