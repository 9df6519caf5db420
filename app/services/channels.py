"""Saying where messages reach one: browsers and chats."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from app.core import ids
from app.core.config import Settings
from app.core.db import WriteSession
from app.domain import channels
from app.domain.actors import Actor
from app.domain.channels import NoSuchSubscription, SomebodyElses
from app.integrations import vapid
from app.models.channels import ChatAddress, PushSubscription
from app.models.employees import Employee
from app.models.events import Event
from app.schemas.channels import SubscribeBrowser
from app.services import turns


async def subscribe(
    session: WriteSession, actor: Actor, values: SubscribeBrowser, *, now: datetime
) -> PushSubscription:
    """Have messages shown by a browser; the same one again is the same subscription.

    A browser that somebody else signed in with before changes hands when its secret is known.

    Raises: UnusableAddress, SomebodyElses.
    """
    channels.check_address(values.endpoint, "/endpoint")
    await turns.take(session, actor.id)
    found = await session.scalar(
        select(PushSubscription).where(col(PushSubscription.endpoint) == values.endpoint).with_for_update()
    )
    if found is None:
        await _make_room(session, actor)
        found = PushSubscription(
            employee_id=actor.id,
            endpoint=values.endpoint,
            p256dh=values.keys.p256dh,
            auth=values.keys.auth,
            created_at=now,
        )
        session.add(found)
    elif found.employee_id != actor.id and found.auth != values.keys.auth:
        raise SomebodyElses
    found.employee_id, found.p256dh, found.auth = actor.id, values.keys.p256dh, values.keys.auth
    try:
        await session.flush()
    except IntegrityError as error:
        raise SomebodyElses from error
    return found


async def unsubscribe(session: WriteSession, actor: Actor, subscription_id: str) -> None:
    """Have a browser show no more messages.

    Raises: NoSuchSubscription.
    """
    found = await session.get(PushSubscription, subscription_id) if ids.is_valid(subscription_id) else None
    if found is None or found.employee_id != actor.id:
        raise NoSuchSubscription
    await session.delete(found)


async def set_chat(
    session: WriteSession, actor: Actor, channel: str, url: str, *, now: datetime
) -> ChatAddress:
    """Say where a chat takes messages.

    Raises: NoSuchChat, UnusableAddress.
    """
    channels.check_chat(channel)
    channels.check_address(url, "/url")
    await turns.take(session, actor.id)
    return await session.merge(ChatAddress(employee_id=actor.id, channel=channel, url=url, created_at=now))


async def forget_chat(session: WriteSession, actor: Actor, channel: str) -> None:
    """Have a chat take no more messages; without one nothing changes.

    Raises: NoSuchChat.
    """
    channels.check_chat(channel)
    await session.execute(
        delete(ChatAddress).where(
            col(ChatAddress.employee_id) == actor.id, col(ChatAddress.channel) == channel
        )
    )


async def forget_leavers(session: WriteSession, events: Sequence[Event], *, now: datetime) -> None:  # noqa: ARG001  a reaction
    """Forget where people were reached who have left and not come back since."""
    gone = select(col(Employee.id)).where(
        col(Employee.id).in_({event.subject for event in events}), col(Employee.active).is_(False)
    )
    for table in (PushSubscription, ChatAddress):
        await session.execute(
            delete(table).where(col(table.employee_id).in_(gone)).execution_options(synchronize_session=False)
        )


async def _make_room(session: WriteSession, actor: Actor) -> None:
    kept = (
        await session.scalars(
            select(col(PushSubscription.id))
            .where(col(PushSubscription.employee_id) == actor.id)
            .order_by(col(PushSubscription.created_at).desc(), col(PushSubscription.id))
        )
    ).all()
    await session.execute(
        delete(PushSubscription).where(col(PushSubscription.id).in_(kept[channels.MOST_BROWSERS - 1 :]))
    )


def find_public_key(settings: Settings) -> str | None:
    """Return the key with which a browser subscribes, None where there is no web push."""
    return vapid.get_key(settings).public if vapid.find_subject(settings) else None
