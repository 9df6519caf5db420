"""Reading news: what is published and for the reader; whoever writes news sees all of it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select, tuple_
from sqlalchemy.orm import defer
from sqlmodel import col

from app.core import ids, keysets
from app.core.characters import cut
from app.core.db import ReadSession
from app.core.keysets import Place
from app.core.markdown import render
from app.domain import news, permissions
from app.domain.actors import Actor
from app.domain.news import NoSuchNews
from app.domain.permissions import Permission
from app.models.campaigns import Campaign
from app.models.employees import Employee
from app.models.entities import Entity
from app.models.functions import Function
from app.models.news import NewsPost as Row
from app.queries import news_audiences
from app.schemas.news import NewsCard, NewsPost
from app.schemas.shapes import Named

EXCERPT = 300
"""Characters of a text that stand in a list."""

_KEPT = "id title audience publish_at version updated_at".split()


def is_readable(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """Return the condition that a post is published, not withdrawn, and for a reader."""
    return and_(
        col(Row.publish_at) <= now,
        col(Row.withdrawn_at).is_(None),
        news_audiences.is_for(actor),
    )


async def get_visible(
    session: ReadSession, actor: Actor, post_id: str, *, now: datetime, lock: bool = False
) -> Row:
    """Return a post that the actor may read; with `lock` it is held until the end of the transaction.

    Raises: NoSuchNews.
    """
    statement = select(Row).where(col(Row.id) == post_id).execution_options(populate_existing=True)
    if not permissions.may(actor, Permission.NEWS_WRITE):
        statement = statement.where(is_readable(actor, now))
    if lock:
        statement = statement.with_for_update(of=Row)
    found: Row | None = await session.scalar(statement) if ids.is_valid(post_id) else None
    if found is None:
        raise NoSuchNews
    return found


async def get_post(session: ReadSession, actor: Actor, post_id: str, *, now: datetime) -> NewsPost:
    """Return a post as the actor sees it.

    Raises: NoSuchNews.
    """
    post = await get_visible(session, actor, post_id, now=now)
    row = (await session.execute(_select_posts().where(col(Row.id) == post.id))).one()
    within = await find_within(session, actor)
    shown = _shape(actor, row, within, now)
    return NewsPost.model_construct(**shown, body=post.body, body_html=render(post.body))


async def list_news(
    session: ReadSession, actor: Actor, *, managed: bool, after: Place | None, limit: int, now: datetime
) -> tuple[list[NewsCard], Place | None]:
    """Return a page of what is published and for the actor, the latest first; two statements at most.

    With `managed` it is all there is, drafts too, in the order in which it was written.

    Raises: RoleMissing.
    """
    statement, first = _select_posts().options(defer(Row.body)), Row.publish_at  # type: ignore[arg-type]  # a column
    if managed:
        permissions.check(actor, Permission.NEWS_WRITE)
        first = Row.created_at
    else:
        statement = statement.where(is_readable(actor, now))
    order = (col(first), col(Row.id))
    if after is not None:
        statement = statement.where(tuple_(*order) < keysets.read_time(after))
    descending = [column.desc() for column in order]
    rows = (await session.execute(statement.order_by(*descending).limit(limit + 1))).all()
    within = await find_within(session, actor)
    cards = [NewsCard.model_construct(**_shape(actor, row, within, now)) for row in rows[:limit]]
    last = rows[limit - 1][0] if len(rows) > limit else None
    if last is None:
        return cards, None
    return cards, keysets.write(last.created_at if managed else last.publish_at, last.id)


async def find_within(session: ReadSession, actor: Actor) -> Collection[str]:
    """Return the entities for which the actor's roles let them write news, with all below; mostly none are named."""
    given = {grant.entity_id for grant in news.list_scopes(actor)} - {None}
    return await news_audiences.list_below(session, given) if given else ()


def _select_posts() -> Select[Any]:
    return (
        select(
            Row,
            func.substr(col(Row.body), 1, EXCERPT + 1).label("beginning"),
            col(Entity.name).label("entity"),
            col(Function.name).label("function"),
            col(Campaign.name).label("campaign"),
            col(Employee.name).label("author"),
        )
        .join(Employee, col(Employee.id) == col(Row.author_id))
        .outerjoin(Entity, col(Entity.id) == col(Row.entity_id))
        .outerjoin(Function, col(Function.id) == col(Row.function_id))
        .outerjoin(Campaign, col(Campaign.id) == col(Row.campaign_id))
    )


def _shape(actor: Actor, row: Any, within: Collection[str], now: datetime) -> dict[str, Any]:
    post: Row = row[0]
    return {
        **{name: getattr(post, name) for name in _KEPT},
        "excerpt": cut(row.beginning, EXCERPT),
        "entity": _name(post.entity_id, row.entity),
        "function": _name(post.function_id, row.function),
        "campaign": _name(post.campaign_id, row.campaign),
        "author": Named(id=post.author_id, name=row.author),
        "state": news.tell_state(post, now).value,
        "edited": post.publish_at is not None and post.updated_at > post.publish_at,
        "can": news.list_abilities(post, now) if news.manages(actor, post, within) else [],
    }


def _name(key: str | None, name: str) -> Named | None:
    return None if key is None else Named(id=key, name=name)
