"""Writing news, scheduling, publishing and withdrawing it."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from app.core import ids
from app.core.db import Database, WriteSession
from app.domain import news, permissions
from app.domain.actors import Actor
from app.domain.campaigns import CampaignState
from app.domain.ideas import NothingToChange, UnknownReference
from app.domain.news import Audience
from app.domain.news_events import NewsDrafted, NewsEdited, NewsPublished, NewsWithdrawn
from app.domain.permissions import Permission
from app.models.campaigns import Campaign
from app.models.news import NewsPost
from app.queries.news import find_within, get_visible
from app.schemas.news import EditNews, WriteNews
from app.services import events, preconditions, references

BATCH = 100

_RENAMED = {name: f"{name}_id" for name in ("entity", "function", "campaign")}


async def write(session: WriteSession, actor: Actor, values: WriteNews, *, now: datetime) -> NewsPost:
    """Write a post: a draft, or one that is published at a moment to come.

    Raises: RoleMissing, AudienceNotRight, TimeNotRight, UnknownReference.
    """
    permissions.check(actor, Permission.NEWS_WRITE)
    given = {_RENAMED.get(name, name): value for name, value in values.model_dump().items()}
    post = NewsPost(**given, author_id=actor.id, created_at=now, updated_at=now)
    await _check_audience(session, actor, post)
    news.check_time(post.publish_at, now)
    session.add(post)
    await session.flush()
    events.record(session, NewsDrafted(post.id), actor_id=actor.id, now=now)
    return post


async def edit(
    session: WriteSession,
    actor: Actor,
    post_id: str,
    values: EditNews,
    *,
    version: int | None,
    now: datetime,
) -> NewsPost:
    """Change a post, once it is published its words alone. A request that changes nothing writes nothing.

    Raises: NoSuchNews, RoleMissing, PreconditionRequired, PreconditionFailed, AlreadyWithdrawn, AlreadyPublished,
    NothingToChange, AudienceNotRight, TimeNotRight, UnknownReference.
    """
    post = await _get_managed(session, actor, post_id, now=now)
    preconditions.check(version, post.version)
    given = values.model_dump(exclude_unset=True)
    if not given:
        raise NothingToChange
    if "audience" in given:
        given = dict.fromkeys(_RENAMED) | given
    given = {_RENAMED.get(name, name): value for name, value in given.items()}
    changes = {name: value for name, value in given.items() if getattr(post, name) != value}
    news.check_may_change(post, changes, now)
    if not changes:
        return post
    with session.no_autoflush:
        for name, value in changes.items():
            setattr(post, name, value)
        if changes.keys() - {"title", "body", "publish_at"}:
            await _check_audience(session, actor, post)
        if "publish_at" in changes:
            news.check_time(post.publish_at, now)
    post.version += 1
    post.updated_at = now
    events.record(session, NewsEdited(post.id, {"version": post.version}), actor_id=actor.id, now=now)
    await session.flush()
    return post


async def publish(session: WriteSession, actor: Actor, post_id: str, *, now: datetime) -> NewsPost:
    """Publish a draft, or what was to be published later, at once.

    Raises: NoSuchNews, RoleMissing, AlreadyWithdrawn, AlreadyPublished.
    """
    post = await _get_managed(session, actor, post_id, now=now)
    news.check_may_publish(post, now)
    post.publish_at = post.published_at = post.updated_at = now
    post.version += 1
    events.record(session, NewsPublished(post.id), actor_id=actor.id, now=now)
    await session.flush()
    return post


async def withdraw(session: WriteSession, actor: Actor, post_id: str, *, now: datetime) -> NewsPost:
    """Withdraw a post, published or not: only those who write news see it from now on.

    Raises: NoSuchNews, RoleMissing, AlreadyWithdrawn.
    """
    post = await _get_managed(session, actor, post_id, now=now)
    news.check_may_change(post, (), now)
    post.withdrawn_at = post.updated_at = now
    post.version += 1
    events.record(session, NewsWithdrawn(post.id), actor_id=actor.id, now=now)
    await session.flush()
    return post


async def publish_due(database: Database, *, now: datetime) -> int:
    """Tell of every post whose moment has come, each once, however many workers are at it; returns how many.

    Who holds its row tells of it, and others pass over it. Reading does not wait for this: a post is there from its
    moment on.
    """
    told = 0
    while batch := await _publish_batch(database, now):
        told += batch
    return told


async def _publish_batch(database: Database, now: datetime) -> int:
    async with database.writer() as session:
        found = await session.scalars(
            select(NewsPost)
            .where(
                col(NewsPost.published_at).is_(None),
                col(NewsPost.withdrawn_at).is_(None),
                col(NewsPost.publish_at) <= now,
            )
            .order_by(col(NewsPost.publish_at), col(NewsPost.id))
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
        due = found.all()
        for post in due:
            post.published_at = now
            events.record(session, NewsPublished(post.id), actor_id=post.author_id, now=now)
        return len(due)


async def _get_managed(session: WriteSession, actor: Actor, post_id: str, *, now: datetime) -> NewsPost:
    post = await get_visible(session, actor, post_id, now=now, lock=True)
    news.check_manages(actor, post, await find_within(session, actor))
    return post


async def _check_audience(session: WriteSession, actor: Actor, post: NewsPost) -> None:
    """Let pass an audience that the actor writes for, and that is there.

    Raises: AudienceNotRight, UnknownReference, RoleMissing.
    """
    news.check_audience(post)
    match post.audience:
        case Audience.ENTITY:
            await references.check_entity(session, post.entity_id or "")
        case Audience.FUNCTION:
            await references.check_function(session, post.function_id or "")
        case Audience.CAMPAIGN:
            await _check_campaign(session, post.campaign_id or "")
    news.check_manages(actor, post, await find_within(session, actor))


async def _check_campaign(session: WriteSession, campaign_id: str) -> None:
    campaign = await session.get(Campaign, campaign_id) if ids.is_valid(campaign_id) else None
    if campaign is None or campaign.state == CampaignState.DRAFTED:
        raise UnknownReference.at("/campaign", "There is no such campaign, or it is not announced yet.")
