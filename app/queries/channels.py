"""Reading where messages reach somebody; addresses themselves are never shown."""

from typing import cast
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain.actors import Actor
from app.models import channels
from app.schemas.channels import ChatAddress, ChatAddresses, PushSubscription, PushSubscriptions


async def list_browsers(session: ReadSession, actor: Actor, *, public_key: str | None) -> PushSubscriptions:
    """Return the actor's browsers, the latest first."""
    rows = await session.scalars(
        select(channels.PushSubscription)
        .where(col(channels.PushSubscription.employee_id) == actor.id)
        .order_by(col(channels.PushSubscription.created_at).desc(), col(channels.PushSubscription.id))
    )
    return PushSubscriptions(items=[shape_browser(row) for row in rows], public_key=public_key)


def shape_browser(row: channels.PushSubscription) -> PushSubscription:
    """Return what is shown of a browser."""
    return PushSubscription(id=row.id, host=_get_host(row.endpoint), created_at=row.created_at)


async def list_chats(session: ReadSession, actor: Actor) -> ChatAddresses:
    """Return the actor's chats."""
    rows = await session.scalars(
        select(channels.ChatAddress)
        .where(col(channels.ChatAddress.employee_id) == actor.id)
        .order_by(col(channels.ChatAddress.channel))
    )
    return ChatAddresses(items=[shape_chat(row) for row in rows])


def shape_chat(row: channels.ChatAddress) -> ChatAddress:
    """Return what is shown of a chat."""
    # Only these two are ever written.
    return ChatAddress.model_validate({"channel": row.channel, "host": _get_host(row.url)})


def _get_host(url: str) -> str:
    return cast("str", urlsplit(url).hostname)
