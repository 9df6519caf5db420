"""Subjects of notifications: whether somebody may still see one, and what is said of it, by kind."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain.actors import Actor
from app.domain.badge_catalogue import find_badge
from app.domain.badge_words import say_name
from app.domain.campaigns import CampaignState
from app.domain.subjects import SubjectKind, Topic
from app.models.awards import PrizeAward
from app.models.badges import BadgeAward
from app.models.campaigns import Campaign
from app.models.employees import Employee
from app.models.gatherings import Gathering
from app.models.news import NewsPost
from app.models.nudges import Nudge
from app.models.prizes import Prize
from app.queries import awards, crowds, ideas

Pairs = Collection[tuple[str, str]]
"""A person and a subject, by their identifiers."""


@dataclass(frozen=True, slots=True)
class Described:
    """What is said of a subject now: its name, when and where it takes place, and a text in somebody's words."""

    name: str
    at: datetime | None = None
    place: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Door:
    """How a kind of subject is read: `see` returns the pairs where the person may know of the subject."""

    see: Callable[[ReadSession, Mapping[str, Actor], Pairs], Awaitable[set[tuple[str, str]]]]
    describe: Callable[[ReadSession, Collection[str]], Awaitable[dict[str, Described]]]


async def list_visible(
    session: ReadSession, actors: Mapping[str, Actor], wanted: Iterable[tuple[str, Topic]]
) -> set[tuple[str, Topic]]:
    """Return those pairs of person and topic where the person may know of it now; `actors` are people by identifier.

    What is not there any more nobody may know of.
    """
    by_kind: defaultdict[SubjectKind, set[tuple[str, str]]] = defaultdict(set)
    for employee_id, topic in wanted:
        if employee_id in actors:
            by_kind[topic.kind].add((employee_id, topic.id))
    seen: set[tuple[str, Topic]] = set()
    for kind, pairs in by_kind.items():
        see = ideas.list_visible if kind is SubjectKind.IDEA else DOORS[kind].see
        seen |= {(person, Topic(kind, subject)) for person, subject in await see(session, actors, pairs)}
    return seen


async def describe(session: ReadSession, topics: Iterable[Topic]) -> dict[Topic, Described]:
    """Return what is said of topics that are no ideas; what is not there any more is left out."""
    by_kind: defaultdict[SubjectKind, set[str]] = defaultdict(set)
    for topic in topics:
        by_kind[topic.kind].add(topic.id)
    found = {}
    for kind, wanted in by_kind.items():
        if kind is not SubjectKind.IDEA:
            described = await DOORS[kind].describe(session, wanted)
            found.update({Topic(kind, each): said for each, said in described.items()})
    return found


async def _see_campaigns(
    session: ReadSession, _actors: Mapping[str, Actor], pairs: Pairs
) -> set[tuple[str, str]]:
    announced = await session.scalars(
        select(col(Campaign.id)).where(
            col(Campaign.id).in_({campaign for _, campaign in pairs}),
            col(Campaign.state) != CampaignState.DRAFTED.value,
        )
    )
    open_to_all = set(announced)
    return {pair for pair in pairs if pair[1] in open_to_all}


async def _describe_campaigns(session: ReadSession, wanted: Collection[str]) -> dict[str, Described]:
    rows = await session.execute(
        select(col(Campaign.id), col(Campaign.name)).where(col(Campaign.id).in_(wanted))
    )
    return {campaign_id: Described(name) for campaign_id, name in rows}


async def _see_gatherings(
    session: ReadSession, _actors: Mapping[str, Actor], pairs: Pairs
) -> set[tuple[str, str]]:
    wanted = {gathering for _, gathering in pairs}
    known = set(await session.scalars(select(col(Gathering.id)).where(col(Gathering.id).in_(wanted))))
    return {pair for pair in pairs if pair[1] in known}


async def _describe_gatherings(session: ReadSession, wanted: Collection[str]) -> dict[str, Described]:
    rows = await session.scalars(select(Gathering).where(col(Gathering.id).in_(wanted)))
    return {
        row.id: Described(
            row.title,
            row.starts_at.astimezone(ZoneInfo(row.time_zone)),
            row.place,
            row.cancel_reason,
        )
        for row in rows
    }


async def _describe_awards(session: ReadSession, wanted: Collection[str]) -> dict[str, Described]:
    rows = await session.execute(
        select(PrizeAward, Prize)
        .join(Prize, col(Prize.id) == col(PrizeAward.prize_id))
        .where(col(PrizeAward.id).in_(wanted))
    )
    zone = ZoneInfo(session.zone)
    return {
        award.id: Described(
            prize.name,
            prize.ceremony_at.astimezone(zone) if prize.ceremony_at else None,
            prize.ceremony_place or None,
            award.refusal or None,
        )
        for award, prize in rows
    }


async def _see_news(session: ReadSession, _actors: Mapping[str, Actor], pairs: Pairs) -> set[tuple[str, str]]:
    """What is published and not withdrawn, for those whom it is for now; two or three statements a post."""
    published = await session.scalars(
        select(col(NewsPost.id)).where(
            col(NewsPost.id).in_({post for _, post in pairs}),
            col(NewsPost.published_at).is_not(None),
            col(NewsPost.withdrawn_at).is_(None),
        )
    )
    seen: set[tuple[str, str]] = set()
    for post_id in published.all():
        people = [person for person, post in pairs if post == post_id]
        readers = await crowds.list_members(session, Topic(SubjectKind.NEWS, post_id), people)
        seen |= {(person, post_id) for person in readers}
    return seen


async def _describe_news(session: ReadSession, wanted: Collection[str]) -> dict[str, Described]:
    rows = await session.execute(
        select(col(NewsPost.id), col(NewsPost.title)).where(col(NewsPost.id).in_(wanted))
    )
    return {post_id: Described(title) for post_id, title in rows}


async def _see_badges(
    session: ReadSession, _actors: Mapping[str, Actor], pairs: Pairs
) -> set[tuple[str, str]]:
    rows = await session.execute(
        select(col(BadgeAward.employee_id), col(BadgeAward.id)).where(
            col(BadgeAward.id).in_({award for _, award in pairs})
        )
    )
    return {(person, award_id) for person, award_id in rows} & set(pairs)


async def _describe_badges(session: ReadSession, wanted: Collection[str]) -> dict[str, Described]:
    """Name badges in the language of those whose they are."""
    rows = await session.execute(
        select(BadgeAward, col(Employee.locale))
        .join(Employee, col(Employee.id) == col(BadgeAward.employee_id))
        .where(col(BadgeAward.id).in_(wanted))
    )
    return {
        award.id: Described(say_name(badge, award.tier, locale))
        for award, locale in rows
        if (badge := find_badge(award.badge)) is not None
    }


async def _see_nudges(
    session: ReadSession, _actors: Mapping[str, Actor], pairs: Pairs
) -> set[tuple[str, str]]:
    """Whoever was told of a nudge may read it."""
    wanted = {nudge for _, nudge in pairs}
    known = set(await session.scalars(select(col(Nudge.id)).where(col(Nudge.id).in_(wanted))))
    return {pair for pair in pairs if pair[1] in known}


async def _describe_nudges(session: ReadSession, wanted: Collection[str]) -> dict[str, Described]:
    rows = await session.scalars(select(Nudge).where(col(Nudge.id).in_(wanted)))
    return {row.id: Described(row.title, text=row.body) for row in rows}


DOORS: dict[SubjectKind, Door] = {
    SubjectKind.CAMPAIGN: Door(_see_campaigns, _describe_campaigns),
    SubjectKind.GATHERING: Door(_see_gatherings, _describe_gatherings),
    SubjectKind.PRIZE_AWARD: Door(awards.list_visible, _describe_awards),
    SubjectKind.NEWS: Door(_see_news, _describe_news),
    SubjectKind.BADGE: Door(_see_badges, _describe_badges),
    SubjectKind.NUDGE: Door(_see_nudges, _describe_nudges),
}
"""THE table of subjects, ideas apart: what can be told of has a row here."""
