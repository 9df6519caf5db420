"""Webhooks: adding, changing, rotating the secret; and their end with the role of their owner."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import func, select, update
from sqlmodel import col

from app.core.config import Settings
from app.core.db import WriteSession
from app.core.security.safes import open_safe
from app.domain import permissions, register, webhooks
from app.domain.actors import Actor
from app.domain.permissions import Permission
from app.domain.register import Detail
from app.domain.webhook_events import WebhookChanged
from app.domain.webhooks import BOTH_SIGN, MOST, Listening, TooManyWebhooks, UnknownName, UnusableUrl
from app.integrations.frontier import Closed, Frontier, NameUnknown
from app.integrations.webhooks import leads_inside, make_secret
from app.models.events import Event
from app.models.webhooks import Webhook
from app.queries import actors
from app.queries.webhooks import get_visible
from app.schemas.webhooks import AddWebhook, EditWebhook
from app.services import events, preconditions, turns

SEALED = "webhook"
"""With the identifier, what the secret of a webhook is locked for."""


async def check_receiver(actor: Actor, url: str, frontier: Frontier) -> None:
    """Let pass an address that could be called now; it may take seconds, so not inside a transaction.

    Who may have no webhooks learns nothing here: the change itself says so.

    Raises: UnusableUrl, UnknownName.
    """
    if not permissions.may(actor, Permission.WEBHOOKS_WRITE):
        return
    webhooks.check_url(url, plain=True)
    try:
        await frontier.check(url)
    except Closed as error:
        raise UnusableUrl.at("/url") from error
    except NameUnknown as error:
        raise UnknownName.at("/url") from error


async def add(
    session: WriteSession, actor: Actor, values: AddWebhook, *, settings: Settings, now: datetime
) -> tuple[Webhook, str]:
    """Have an address told of events; returns the webhook and its secret, which can't be read again.

    Raises: RoleMissing, UnusableUrl, TooManyWebhooks.
    """
    permissions.check(actor, Permission.WEBHOOKS_WRITE)
    await turns.take(session, actor.id)
    own = await session.scalar(select(func.count()).where(col(Webhook.owner_id) == actor.id))
    if (own or 0) >= MOST:
        raise TooManyWebhooks
    _check_url(values.url, settings)
    webhook = Webhook(
        owner_id=actor.id,
        url=values.url,
        description=values.description,
        kinds=[*values.kinds],
        secret="",
        created_at=now,
        updated_at=now,
    )
    secret = make_secret()
    webhook.secret = open_safe(settings).lock(secret, SEALED, webhook.id)
    session.add(webhook)
    _record(session, webhook, "added", {}, actor_id=actor.id, now=now)
    await session.flush()
    return webhook, secret


async def edit(
    session: WriteSession,
    actor: Actor,
    webhook_id: str,
    values: EditWebhook,
    *,
    version: int | None,
    settings: Settings,
    now: datetime,
) -> Webhook:
    """Change a webhook, or switch it on or off; what it missed meanwhile is not told later.

    Raises: NoSuchWebhook, RoleMissing, PreconditionRequired, PreconditionFailed, UnusableUrl.
    """
    webhook = await get_visible(session, actor, webhook_id, lock=True)
    preconditions.check(version, webhook.version)
    given, before = values.model_dump(exclude_unset=True), _read_terms(webhook)
    if "url" in given:
        _check_url(values.url, settings)
    if {"url", "active"} & set(given):
        webhook.failing_since = webhook.failed_at = webhook.failure = None
    if (active := given.pop("active", None)) is not None:
        webhook.state = (Listening.ACTIVE if active else Listening.OFF).value
    for name, value in given.items():
        setattr(webhook, name, value)
    webhook.version += 1
    webhook.updated_at = now
    _record(session, webhook, "edited", before, actor_id=actor.id, now=now)
    await session.flush()
    return webhook


async def delete(
    session: WriteSession, actor: Actor, webhook_id: str, *, version: int | None, now: datetime
) -> None:
    """Delete a webhook with its log.

    Raises: NoSuchWebhook, RoleMissing, PreconditionRequired, PreconditionFailed.
    """
    webhook = await get_visible(session, actor, webhook_id, lock=True)
    preconditions.check(version, webhook.version)
    await session.delete(webhook)
    _record(session, webhook, "deleted", _read_terms(webhook), actor_id=actor.id, now=now)


async def rotate(
    session: WriteSession, actor: Actor, webhook_id: str, *, settings: Settings, now: datetime
) -> tuple[Webhook, str]:
    """Give a webhook a new secret, which can't be read again; the former one signs too for a day.

    Raises: NoSuchWebhook, RoleMissing.
    """
    webhook = await get_visible(session, actor, webhook_id, lock=True)
    secret = make_secret()
    webhook.former_secret, webhook.former_until = webhook.secret, now + BOTH_SIGN
    webhook.secret = open_safe(settings).lock(secret, SEALED, webhook.id)
    webhook.updated_at = now
    _record(session, webhook, "secret-rotated", _read_terms(webhook), actor_id=actor.id, now=now)
    await session.flush()
    return webhook, secret


async def end(session: WriteSession, webhook_id: str, state: Listening, *, now: datetime) -> None:
    """Have a webhook listen no more, for `gone`, `failed` or `suspended`; only its owner makes it listen again."""
    ended = await session.scalar(
        update(Webhook)
        .where(col(Webhook.id) == webhook_id, col(Webhook.state) == Listening.ACTIVE)
        .values(state=state.value, version=col(Webhook.version) + 1, updated_at=now)
        .returning(col(Webhook.id))
        .execution_options(synchronize_session=False)
    )
    if ended is not None:
        changed = WebhookChanged(ended, {"change": state.value})
        detail = Detail(register.compare({"state": Listening.ACTIVE.value}, {"state": state.value}))
        events.record(session, changed, actor_id=None, now=now, detail=detail)


async def suspend_unentitled(session: WriteSession, events: Sequence[Event], *, now: datetime) -> None:
    """Suspend the webhooks of people who have left, or have no role for them any more."""
    people = {str(event.payload.get("employee", event.subject)) for event in events}
    rows = await session.execute(
        select(col(Webhook.id), col(Webhook.owner_id)).where(
            col(Webhook.owner_id).in_(people), col(Webhook.state) == Listening.ACTIVE
        )
    )
    for webhook_id, owner_id in rows.all():
        owner = await actors.find_actor(session, owner_id, session_id=None, now=now)
        if owner is None or not permissions.may(owner, Permission.WEBHOOKS_WRITE):
            await end(session, webhook_id, Listening.SUSPENDED, now=now)


async def forget_former_secrets(session: WriteSession, *, now: datetime) -> None:
    """Forget former secrets that sign nothing any more."""
    await session.execute(
        update(Webhook)
        .where(col(Webhook.former_until) <= now)
        .values(former_secret=None, former_until=None)
        .execution_options(synchronize_session=False)
    )


def _check_url(url: str, settings: Settings) -> None:
    """Let pass an address by its spelling; without encryption outside production, or where something is allowed.

    Raises: UnusableUrl.
    """
    plain = settings.environment != "production" or bool(settings.outbound_allow)
    webhooks.check_url(url, plain=plain)
    if leads_inside(url, settings.outbound_allow):
        raise UnusableUrl.at("/url")


def _read_terms(webhook: Webhook) -> dict[str, Any]:
    """Return who is told of what; of the address the host alone, as the rest of it may be a secret."""
    host = urlsplit(webhook.url).hostname
    return {"host": host, "kinds": sorted(webhook.kinds), "state": webhook.state}


def _record(
    session: WriteSession,
    webhook: Webhook,
    change: str,
    before: Mapping[str, Any],
    *,
    actor_id: str,
    now: datetime,
) -> None:
    changed = WebhookChanged(webhook.id, {"change": change})
    after = {} if change == "deleted" else _read_terms(webhook)
    detail = Detail(register.compare(before, after))
    events.record(session, changed, actor_id=actor_id, now=now, detail=detail)
