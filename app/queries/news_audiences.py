"""Audiences of news, both ways: what is for a reader, and who the readers of a post are."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, or_, select, union
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.core.db import ReadSession
from app.domain.actors import Actor
from app.domain.news import Audience
from app.models.campaigns import Campaign, CampaignEntity
from app.models.employees import Employee
from app.models.entities import Entity
from app.models.follows import CampaignFollow, FunctionFollow
from app.models.news import NewsPost
from app.models.roles import RoleGrant

_upper = aliased(Entity)
_lower = aliased(Entity)


def is_for(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a post is for a reader.

    What is for an entity is for everybody in it and below. What is for a function is for those who have a role for
    it or follow it. What is for a campaign is for its audience, and for those who have a role for it or follow it.
    """
    above = select(col(_upper.id)).join(_lower, is_below()).where(col(_lower.id) == (actor.entity_id or ""))
    functions = [grant.function_id for grant in actor.grants if grant.function_id]
    campaigns = [grant.campaign_id for grant in actor.grants if grant.campaign_id]
    addressed = col(CampaignEntity.campaign_id) == col(Campaign.id)
    inside = select(literal(1)).select_from(CampaignEntity)
    return or_(
        col(NewsPost.audience) == Audience.EVERYBODY.value,
        col(NewsPost.entity_id).in_(above),
        col(NewsPost.function_id).in_(functions),
        col(NewsPost.function_id).in_(
            select(col(FunctionFollow.function_id)).where(col(FunctionFollow.follower_id) == actor.id)
        ),
        col(NewsPost.campaign_id).in_(campaigns),
        col(NewsPost.campaign_id).in_(
            select(col(CampaignFollow.campaign_id)).where(col(CampaignFollow.follower_id) == actor.id)
        ),
        col(NewsPost.campaign_id).in_(
            select(col(Campaign.id)).where(
                or_(
                    col(Campaign.sponsor_id) == actor.id,
                    ~inside.where(addressed).exists(),
                    inside.where(addressed, col(CampaignEntity.entity_id).in_(above)).exists(),
                )
            )
        ),
    )


async def select_readers(session: ReadSession, post: NewsPost) -> Select[Any]:
    """Return the statement of the people whom a post is for: those of whom `is_for` says so."""
    match post.audience:
        case Audience.ENTITY:
            below = await list_below(session, [post.entity_id])
            return select(col(Employee.id)).where(col(Employee.entity_id).in_(below))
        case Audience.FUNCTION:
            granted = _select_granted(RoleGrant.function_id == post.function_id)
            return _join(
                granted, _select_following(FunctionFollow, FunctionFollow.function_id, post.function_id)
            )
        case Audience.CAMPAIGN:
            return await _select_readers_of_campaign(session, post.campaign_id or "")
    return select(col(Employee.id))


async def _select_readers_of_campaign(session: ReadSession, campaign_id: str) -> Select[Any]:
    addressed = await session.scalars(
        select(col(CampaignEntity.entity_id)).where(col(CampaignEntity.campaign_id) == campaign_id)
    )
    entities = addressed.all()
    if not entities:
        return select(col(Employee.id))
    return _join(
        select(col(Employee.id)).where(col(Employee.entity_id).in_(await list_below(session, entities))),
        select(col(Campaign.sponsor_id)).where(
            col(Campaign.id) == campaign_id, col(Campaign.sponsor_id).is_not(None)
        ),
        _select_granted(RoleGrant.campaign_id == campaign_id),
        _select_following(CampaignFollow, CampaignFollow.campaign_id, campaign_id),
    )


def _select_granted(given_for: Any) -> Select[Any]:
    return select(col(RoleGrant.employee_id)).where(given_for, col(RoleGrant.ended_at).is_(None))


def _select_following(table: Any, column: Any, subject_id: str | None) -> Select[Any]:
    found: Select[Any] = select(col(table.follower_id)).where(col(column) == subject_id)
    return found


def _join(*parts: Select[Any]) -> Select[Any]:
    return select(union(*parts).subquery())


async def list_below(session: ReadSession, entity_ids: Collection[str | None]) -> set[str]:
    """Return some entities with all that are below them."""
    below = select(col(_lower.id)).join(_upper, is_below()).where(col(_upper.id).in_(entity_ids))
    return set(await session.scalars(below))


def is_below() -> ColumnElement[bool]:
    """Return the condition that the lower of two entities is the upper one, or below it."""
    # Not LIKE: a path may have a `%` or `_` in it.
    beginning = func.substr(col(_lower.path), 1, func.length(col(_upper.path)) + 1)
    return or_(col(_lower.id) == col(_upper.id), beginning == col(_upper.path) + "/")
