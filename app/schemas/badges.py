"""Badges and levels on the wire."""

from datetime import date

from pydantic import ConfigDict, Field, StrictBool

from app.schemas.shapes import Answer, Named, Request


class BadgeTier(Answer):
    """A tier of a badge, null where there is only one: what it takes, in words and as a number."""

    tier: str | None
    rule: str
    need: int
    icon: str


class CatalogueBadge(Answer):
    """A badge that one can earn; a `private` one is never shown to others."""

    key: str
    name: str
    text: str
    private: bool
    tiers: list[BadgeTier]


class EarnedBadge(Answer):
    """A badge that somebody has: since when, by which rule, and with what numbers at the end of that day."""

    key: str
    name: str
    text: str
    tier: str | None
    icon: str
    awarded_on: date
    rule: str
    facts: dict[str, int]


class OwnBadge(EarnedBadge):
    """A badge of one's own; `shown_on` is the day that others see, if any: named contributions alone give it."""

    shown_on: date | None


class NextBadge(Answer):
    """A badge on one's way: how much of it one has now, and how much it takes."""

    key: str
    name: str
    tier: str | None
    icon: str
    rule: str
    have: int
    need: int


class Level(Answer):
    """A level by points: `from` so many on; the next one begins at `next_at`, null on the last."""

    model_config = ConfigDict(serialize_by_alias=True, populate_by_name=True)

    number: int
    name: str
    points: int = Field(alias="from")
    next_at: int | None


class BadgeDisplay(Answer):
    """What others see of one's badges and level."""

    badges: bool
    level: bool


class OwnBadges(Answer):
    """One's own badges, the latest first, the next ones in the order of the catalogue, and what others see."""

    items: list[OwnBadge]
    next: list[NextBadge]
    display: BadgeDisplay


class ShownBadges(Answer):
    """What a person shows to everybody: badges and level from named contributions alone; null or empty if not shown."""

    employee: Named
    level: Level | None
    items: list[EarnedBadge]


class ChooseDisplay(Request):
    """What others are to see of one's badges and level."""

    badges: StrictBool
    level: StrictBool
