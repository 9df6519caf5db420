"""Reading badges: the catalogue, one's own with the way to the next ones, and what somebody shows."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain import badge_rules, badges
from app.domain.actors import Actor
from app.domain.badge_catalogue import CATALOGUE, find_badge
from app.domain.badge_rules import Rule
from app.domain.badge_words import say_rule
from app.domain.badges import Badge, BadgesNotShown, Tier
from app.domain.levels import get_level
from app.models.badges import BadgeAward, BadgeDisplay
from app.queries import employees
from app.queries.levels import count_named_points, shape_level
from app.queries.merits import read_merits
from app.queries.profiles import read_locale
from app.schemas import badges as shapes
from app.schemas.badges import (
    BadgeTier,
    CatalogueBadge,
    EarnedBadge,
    NextBadge,
    OwnBadge,
    OwnBadges,
    ShownBadges,
)
from app.schemas.shapes import Named


def list_catalogue(locale: str) -> list[CatalogueBadge]:
    """Return every badge that can be earned, in a language."""
    return [
        CatalogueBadge(
            key=badge.key,
            name=badge.name.say(locale),
            text=badge.text.say(locale),
            private=badge.private,
            tiers=[
                BadgeTier(
                    tier=tier, rule=say_rule(rule, locale), need=rule.at_least, icon=locate(badge.key, tier)
                )
                for tier, rule in badge.tiers
            ],
        )
        for badge in CATALOGUE
    ]


async def get_own(session: ReadSession, actor: Actor, *, today: date) -> OwnBadges:
    """Return the actor's badges as they were awarded last, and how far the next ones are as of now."""
    locale = await read_locale(session, actor)
    rows = list(await session.scalars(select(BadgeAward).where(col(BadgeAward.employee_id) == actor.id)))
    seen = {(row.badge, row.tier): row.awarded_on for row in rows if row.shown}
    own = [row for row in rows if not row.shown]
    items = [
        OwnBadge(**_shape(row, badge, locale).model_dump(), shown_on=seen.get((row.badge, row.tier)))
        for row, badge in _sort(own)
    ]
    has = {(row.badge, row.tier) for row in own}
    record = badge_rules.group((await read_merits(session, [actor.id])).get(actor.id, ()))
    display = await session.get(BadgeDisplay, actor.id)
    return OwnBadges(
        items=items,
        next=[
            NextBadge(
                key=badge.key,
                name=badge.name.say(locale),
                tier=tier,
                icon=locate(badge.key, tier),
                rule=say_rule(rule, locale),
                have=badge_rules.find_progress(rule, record, today),
                need=rule.at_least,
            )
            for badge in CATALOGUE
            for tier, rule in _find_next(badge, has)
        ],
        display=shapes.BadgeDisplay(
            badges=display is not None and display.badges, level=display is not None and display.level
        ),
    )


async def get_shown(session: ReadSession, actor: Actor, employee_id: str) -> ShownBadges:
    """Return what a person shows of their badges, as anybody sees it, the person too.

    Raises: NoSuchEmployee, BadgesNotShown.
    """
    person = await employees.get_visible(session, actor, employee_id)
    display = await session.get(BadgeDisplay, employee_id)
    if not person.active or display is None or not (display.badges or display.level):
        raise BadgesNotShown
    locale = await read_locale(session, actor)
    level, rows = None, list[BadgeAward]()
    if display.level:
        level = shape_level(get_level(await count_named_points(session, employee_id)), locale)
    if display.badges:
        theirs = (col(BadgeAward.employee_id) == employee_id, col(BadgeAward.shown).is_(True))
        rows = list(await session.scalars(select(BadgeAward).where(*theirs)))
    return ShownBadges(
        employee=Named(id=person.id, name=person.name),
        level=level,
        items=[_shape(row, badge, locale) for row, badge in _sort(rows)],
    )


def locate(key: str, tier: str | None) -> str:
    """Return the path of the icon of a badge."""
    path = f"/api/v1/badges/{key}/icon"
    return f"{path}?tier={tier}" if tier else path


def _shape(row: BadgeAward, badge: Badge, locale: str) -> EarnedBadge:
    rules: list[Rule] = badge_rules.find_rule(row.rule)
    return EarnedBadge(
        key=badge.key,
        name=badge.name.say(locale),
        text=badge.text.say(locale),
        tier=row.tier or None,
        icon=locate(badge.key, row.tier),
        awarded_on=row.awarded_on,
        rule="".join(say_rule(rule, locale) for rule in rules),
        facts=row.facts,
    )


def _sort(rows: Sequence[BadgeAward]) -> list[tuple[BadgeAward, Badge]]:
    """Return awards the latest first, of a day in the order of the catalogue; without those that it has no more."""
    places = {badge.key: place for place, badge in enumerate(CATALOGUE)}
    tiers = ["", *Tier]
    order = sorted(
        rows,
        key=lambda row: (-row.awarded_on.toordinal(), places.get(row.badge, 0), -tiers.index(row.tier)),
    )
    return [(row, badge) for row in order if (badge := find_badge(row.badge)) is not None]


def _find_next(badge: Badge, has: set[badges.Slot]) -> list[tuple[Tier | None, Rule]]:
    """Return the first tier of a badge that somebody does not have, if there is one."""
    return [(tier, rule) for tier, rule in badge.tiers if (badge.key, tier or "") not in has][:1]
