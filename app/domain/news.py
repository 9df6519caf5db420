"""News: whom a post is for, when it is published, and what can still be changed of it."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from app.domain.actors import Actor, Grant
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.permissions import ROLE_PERMISSIONS, Permission, RoleMissing

FURTHEST = timedelta(days=366)
"""How far ahead a post is scheduled."""


class Audience(StrEnum):
    """Whom a post is for."""

    EVERYBODY = "everybody"
    ENTITY = "entity"
    FUNCTION = "function"
    CAMPAIGN = "campaign"


class NewsState(StrEnum):
    """How far the life of a post has come."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Post(Protocol):
    """What the rules need to know of a post."""

    audience: str
    entity_id: str | None
    function_id: str | None
    campaign_id: str | None
    publish_at: datetime | None
    published_at: datetime | None
    withdrawn_at: datetime | None


class NoSuchNews(NotFound):
    """There is no such news, or none that you may read."""

    code = "news.unknown"


class AlreadyWithdrawn(Conflict):
    """This news was withdrawn."""

    code = "news.withdrawn"


class AlreadyPublished(Conflict):
    """This news is published: whom it is for and its time stay."""

    code = "news.published"


class TimeNotRight(Invalid):
    """News is published at a moment to come, within a year; to publish it at once, say so."""

    code = "news.time-not-right"


class AudienceNotRight(Invalid):
    """News is for everybody, or for one entity, function or campaign, which is named."""

    code = "news.audience-not-right"


def tell_state(post: Post, now: datetime) -> NewsState:
    """Return how far the life of a post has come: it is published at its moment, to the second.

    What was told of as published stays so, also for who asked before and waited meanwhile.
    """
    if post.withdrawn_at is not None:
        return NewsState.WITHDRAWN
    if post.published_at is not None:
        return NewsState.PUBLISHED
    if post.publish_at is None:
        return NewsState.DRAFT
    return NewsState.PUBLISHED if post.publish_at <= now else NewsState.SCHEDULED


def check_time(publish_at: datetime | None, now: datetime) -> None:
    """Let pass a moment to come, or none.

    Raises: TimeNotRight.
    """
    # Compared before anything is added: a time in the year 9999 can't be moved.
    if publish_at is not None and not timedelta() < publish_at - now <= FURTHEST:
        raise TimeNotRight.at("/publish_at")


def check_audience(post: Post) -> None:
    """Let pass a post that names what its audience needs, and nothing else.

    Raises: AudienceNotRight, naming the field.
    """
    for audience in (Audience.ENTITY, Audience.FUNCTION, Audience.CAMPAIGN):
        named = getattr(post, f"{audience}_id") is not None
        if named is not (post.audience == audience):
            raise AudienceNotRight.at(f"/{audience}")


def check_may_change(post: Post, changed: Collection[str], now: datetime) -> None:
    """Let pass a change: of what is published the words alone.

    Raises: AlreadyWithdrawn, AlreadyPublished.
    """
    state = tell_state(post, now)
    if state is NewsState.WITHDRAWN:
        raise AlreadyWithdrawn
    if state is NewsState.PUBLISHED and not {*changed} <= {"title", "body"}:
        raise AlreadyPublished


def check_may_publish(post: Post, now: datetime) -> None:
    """Let pass what was neither published nor withdrawn.

    Raises: AlreadyWithdrawn, AlreadyPublished.
    """
    check_may_change(post, {"publish_at"}, now)


def list_scopes(actor: Actor) -> list[Grant]:
    """Return what somebody may write news by."""
    return [grant for grant in actor.grants if Permission.NEWS_WRITE in ROLE_PERMISSIONS[grant.role]]


def manages(actor: Actor, post: Post, within: Collection[str]) -> bool:
    """Tell whether somebody writes for the audience of a post: for all, or what their role was given for.

    `within` are the entities that roles of theirs were given for, with all below.
    """
    return any(grant.unscoped or _reaches(grant, post, within) for grant in list_scopes(actor))


def check_manages(actor: Actor, post: Post, within: Collection[str]) -> None:
    """Let pass whoever writes for the audience of a post.

    Raises: RoleMissing.
    """
    if not manages(actor, post, within):
        raise RoleMissing


def list_abilities(post: Post, now: datetime) -> list[str]:
    """Return what whoever writes for its audience may do with a post now."""
    match tell_state(post, now):
        case NewsState.WITHDRAWN:
            return []
        case NewsState.PUBLISHED:
            return ["edit", "withdraw"]
    return ["edit", "publish", "withdraw"]


def _reaches(grant: Grant, post: Post, within: Collection[str]) -> bool:
    match post.audience:
        case Audience.ENTITY:
            return grant.entity_id is not None and post.entity_id in within
        case Audience.FUNCTION:
            return grant.function_id is not None and grant.function_id == post.function_id
        case Audience.CAMPAIGN:
            return grant.campaign_id is not None and grant.campaign_id == post.campaign_id
    return False
