"""Webhooks that nothing but fails: since when, why, and that they are switched off after days of it."""

from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import col

from app.core.db import WriteSession
from app.domain import webhooks
from app.domain.deliveries import State
from app.domain.webhooks import Listening
from app.models.webhooks import Webhook
from app.services.webhook_attempts import Outcome


async def note(
    session: WriteSession, webhook_id: str, outcome: Outcome, *, now: datetime
) -> Listening | None:
    """Note with a webhook what came of an attempt; returns what ends it, if that does."""
    if outcome.state is State.SENT:
        await session.execute(
            update(Webhook)
            .where(col(Webhook.id) == webhook_id, col(Webhook.failing_since).is_not(None))
            .values(failing_since=None, failed_at=None, failure=None)
            .execution_options(synchronize_session=False)
        )
        return None
    if outcome.state is State.DROPPED:
        return None  # nothing was sent
    row: Webhook | None = await session.scalar(
        select(Webhook).where(col(Webhook.id) == webhook_id).with_for_update()
    )
    if row is None or row.state != Listening.ACTIVE:
        return None
    since = webhooks.find_failing_since(row.failing_since, row.failed_at, now=now)
    row.failing_since, row.failed_at = since, now
    row.failure = outcome.failure.value if outcome.failure else None
    await session.flush()
    return Listening.FAILED if webhooks.is_lost(since, now=now) else None
