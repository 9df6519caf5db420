"""Reading webhooks: each person's own, while they hold a role for it, and the log of deliveries."""

from datetime import datetime

from sqlalchemy import select, tuple_
from sqlmodel import col

from app.core import ids, keysets
from app.core.db import ReadSession
from app.core.keysets import Place
from app.domain import permissions
from app.domain.actors import Actor
from app.domain.deliveries import State
from app.domain.permissions import Permission
from app.domain.webhooks import Listening, NoSuchWebhook
from app.models.webhooks import Webhook as Row
from app.models.webhooks import WebhookDelivery as DeliveryRow
from app.schemas.webhooks import DeliveryState, Webhook, WebhookDelivery, Webhooks

_SHOWN = ("id", "url", "description", "kinds", "state", "failing_since", "failure", "version")
_ALWAYS = ["edit", "delete", "rotate"]


async def get_visible(session: ReadSession, actor: Actor, webhook_id: str, *, lock: bool = False) -> Row:
    """Return one of the actor's own webhooks; with `lock` it is held until the end of the transaction.

    Raises: NoSuchWebhook, also for somebody else's; RoleMissing.
    """
    statement = select(Row).where(col(Row.id) == webhook_id, col(Row.owner_id) == actor.id)
    if lock:
        statement = statement.with_for_update()
    row: Row | None = await session.scalar(statement) if ids.is_valid(webhook_id) else None
    if row is None:
        raise NoSuchWebhook
    permissions.check(actor, Permission.WEBHOOKS_WRITE)
    return row


async def list_webhooks(session: ReadSession, actor: Actor, *, now: datetime) -> Webhooks:
    """Return the actor's own webhooks, the oldest first.

    Raises: RoleMissing.
    """
    permissions.check(actor, Permission.WEBHOOKS_WRITE)
    rows = await session.scalars(
        select(Row).where(col(Row.owner_id) == actor.id).order_by(col(Row.created_at), col(Row.id))
    )
    return Webhooks(items=[shape(row, now=now) for row in rows])


def shape(row: Row, *, now: datetime) -> Webhook:
    """Return a webhook as its owner sees it: never with a secret."""
    both_sign = row.former_until is not None and row.former_until > now
    return Webhook.model_validate(
        {
            **{name: getattr(row, name) for name in _SHOWN},
            "former_secret_until": row.former_until if both_sign else None,
            "created_at": row.created_at,
            "updated_at": row.updated_at,
            "can": [*_ALWAYS, "test"] if row.state == Listening.ACTIVE else _ALWAYS,
        }
    )


async def list_deliveries(
    session: ReadSession,
    webhook: Row,
    *,
    state: DeliveryState | None,
    after: Place | None,
    limit: int,
) -> tuple[list[WebhookDelivery], Place | None]:
    """Return a page of the deliveries of a webhook, the latest first."""
    order = (col(DeliveryRow.created_at), col(DeliveryRow.id))
    statement = select(DeliveryRow).where(col(DeliveryRow.webhook_id) == webhook.id)
    if state is not None:
        statement = statement.where(col(DeliveryRow.state) == state)
    if after is not None:
        statement = statement.where(tuple_(*order) < keysets.read_time(after))
    descending = [column.desc() for column in order]
    rows = (await session.scalars(statement.order_by(*descending).limit(limit + 1))).all()
    shown = rows[:limit]
    place = keysets.write(shown[-1].created_at, shown[-1].id) if len(rows) > limit else None
    return [shape_delivery(webhook, row) for row in shown], place


def shape_delivery(webhook: Row, row: DeliveryRow) -> WebhookDelivery:
    """Return a delivery as the owner of the webhook sees it."""
    may_replay = row.state != State.CLAIMED and webhook.state == Listening.ACTIVE
    return WebhookDelivery.model_validate(
        {
            "id": row.id,
            "type": row.kind,
            "state": row.state,
            "attempts": row.attempts,
            "happened_at": row.happened_at,
            "created_at": row.created_at,
            "attempted_at": row.attempted_at,
            "next_attempt_at": row.next_attempt_at if row.state == State.WAITING else None,
            "sent_at": row.sent_at,
            "status": row.status,
            "failure": row.failure,
            "can": ["replay"] if may_replay else [],
        }
    )
