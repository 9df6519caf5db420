"""One attempt at a delivery of a webhook: what is sent as things are now, and what the answer means."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

import structlog

from app.core.db import Database, DatabaseAway
from app.core.security.safes import CannotOpen
from app.domain import permissions, webhooks
from app.domain.deliveries import State
from app.domain.permissions import Permission
from app.domain.webhooks import Failure, Listening, Verdict
from app.integrations.posts import Refused, Unreachable
from app.integrations.webhooks import Attempt, Said, send
from app.models.webhooks import Webhook, WebhookDelivery
from app.queries import actors
from app.queries.cards import encode
from app.queries.payloads import write_payload
from app.services.outlets import Outlet
from app.services.webhooks import SEALED

PATIENCE = 30.0
"""Seconds that one request may take."""

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attempt; `ends` is why the webhook listens no more."""

    state: State
    failure: Failure | None = None
    status: int | None = None
    retry_after: float | None = None
    ends: Listening | None = None


async def attempt(database: Database, outlet: Outlet, delivery: WebhookDelivery, *, now: datetime) -> Outcome:
    """Send a delivery that was claimed, and return what came of it.

    Raises: DatabaseAway.
    """
    try:
        prepared = await _prepare(database, outlet, delivery, now=now)
        if isinstance(prepared, Outcome):
            return prepared
        async with asyncio.timeout(PATIENCE):
            said = await send(outlet.call, prepared)
    except DatabaseAway:
        raise
    except CannotOpen:
        return Outcome(State.WAITING, Failure.SECRET)
    except (Refused, Unreachable, TimeoutError) as error:
        # To the owner every address without an answer looks alike: the log is no map of the network.
        _log.info(
            "webhooks.unreachable", webhook=delivery.webhook_id, reason=getattr(error, "reason", "timeout")
        )
        return Outcome(State.WAITING, Failure.UNREACHABLE)
    except Exception as error:  # noqa: BLE001  whatever is wrong with one delivery, the others go
        _log.error("webhooks.failed", webhook=delivery.webhook_id, delivery=delivery.id, exc_info=error)
        return Outcome(State.WAITING, Failure.UNREACHABLE)
    return _judge(said)


def _judge(said: Said) -> Outcome:
    match webhooks.judge(said.status):
        case Verdict.TAKEN:
            return Outcome(State.SENT, status=said.status)
        case Verdict.GONE:
            return Outcome(State.GIVEN_UP, Failure.STATUS, said.status, ends=Listening.GONE)
        case Verdict.LATER:
            return Outcome(State.WAITING, Failure.STATUS, said.status, retry_after=said.retry_after)
        case Verdict.FAILED:
            return Outcome(State.WAITING, Failure.STATUS, said.status)


async def _prepare(
    database: Database, outlet: Outlet, delivery: WebhookDelivery, *, now: datetime
) -> Attempt | Outcome:
    """Return what is sent, as webhook and owner are now; or why nothing is.

    Raises: CannotOpen, DatabaseAway.
    """
    async with database.reader() as session:
        webhook = await session.get(Webhook, delivery.webhook_id)
        if webhook is None or webhook.state != Listening.ACTIVE:
            return Outcome(State.DROPPED, Failure.OFF)
        owner = await actors.find_actor(session, webhook.owner_id, session_id=None, now=now)
        if owner is None or not permissions.may(owner, Permission.WEBHOOKS_WRITE):
            return Outcome(State.DROPPED, Failure.OFF, ends=Listening.SUSPENDED)
        payload = None
        if webhooks.is_heard(delivery.kind, webhook.kinds):
            payload = await write_payload(session, owner, webhook, delivery, base_url=outlet.base_url)
    if payload is None:
        return Outcome(State.DROPPED, Failure.UNSEEN)
    locked = [webhook.secret]
    if webhook.former_secret and webhook.former_until and webhook.former_until > now:
        locked.append(webhook.former_secret)
    secrets = [outlet.safe.open(secret, SEALED, webhook.id) for secret in locked]
    return Attempt(delivery.id, webhook.url, encode(payload), secrets, now)
