"""Reading what the jobs did, and what waits for them: the database knows it, whichever process asks."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, or_, select, text
from sqlmodel import col

from app.core.db import ReadSession
from app.core.meters import Backlog
from app.domain.preferences import Channel
from app.models.deliveries import GIVEN_UP, UNDER_WAY, Delivery
from app.models.events import Event
from app.models.jobs import JobRecord
from app.models.webhooks import GIVEN_UP as WEBHOOKS_GIVEN_UP
from app.models.webhooks import UNDER_WAY as WEBHOOKS_UNDER_WAY
from app.models.webhooks import WebhookDelivery

MAX_ATTEMPTS = 8
"""Failures of its reactions after which an event waits for a person; `ideabox jobs` shows it and plays it again."""

MOST_FAILED = 100
"""Failed events that are listed."""


async def list_records(session: ReadSession) -> Sequence[JobRecord]:
    """Return what each job did, by name."""
    return (await session.scalars(select(JobRecord).order_by(col(JobRecord.job)))).all()


async def list_failed(session: ReadSession) -> Sequence[Event]:
    """Return the events that failed and are not worked off, the first of them."""
    return (
        await session.scalars(
            select(Event)
            .where(col(Event.worked_off_at).is_(None), col(Event.attempts) > 0)
            .order_by(col(Event.sequence))
            .limit(MOST_FAILED)
        )
    ).all()


async def measure_backlogs(session: ReadSession, *, now: datetime) -> dict[str, Backlog]:
    """Return what waits for each drain, by its name; each is read from an index of what waits or was given up."""
    return {
        "events.drain": await _measure_events(session),
        **await _measure_messages(session, now),
        "webhooks.send": await _measure_webhooks(session, now),
    }


async def _measure_events(session: ReadSession) -> Backlog:
    given_up = col(Event.attempts) >= MAX_ATTEMPTS
    waiting, oldest, dead = (
        await session.execute(
            select(
                func.count().filter(~given_up),
                func.min(col(Event.at)).filter(~given_up),
                func.count().filter(given_up),
            ).where(col(Event.worked_off_at).is_(None))
        )
    ).one()
    return Backlog(waiting, oldest, dead)


async def _measure_messages(session: ReadSession, now: datetime) -> dict[str, Backlog]:
    channel = col(Delivery.channel)
    found = {name: Backlog() for name in (each.value for each in Channel)}
    due = await session.execute(
        select(channel, func.count(), func.min(col(Delivery.due_at)))
        .where(text(UNDER_WAY.text), col(Delivery.due_at) <= now)
        .group_by(channel)
    )
    for name, waiting, oldest in due:
        found[name] = Backlog(waiting, oldest)
    given_up = await session.execute(
        select(channel, func.count()).where(text(GIVEN_UP.text)).group_by(channel)
    )
    for name, dead in given_up:
        found[name] = replace(found[name], dead=dead)
    return {f"messages.{name}": backlog for name, backlog in found.items()}


async def _measure_webhooks(session: ReadSession, now: datetime) -> Backlog:
    due = select(func.count(), func.min(col(WebhookDelivery.created_at))).where(
        text(WEBHOOKS_UNDER_WAY.text),
        # What gathers votes waits on purpose; what failed waits for its next attempt.
        or_(col(WebhookDelivery.attempts) > 0, col(WebhookDelivery.next_attempt_at) <= now),
    )
    waiting, oldest = (await session.execute(due)).one()
    given_up = select(func.count()).select_from(WebhookDelivery).where(text(WEBHOOKS_GIVEN_UP.text))
    return Backlog(waiting, oldest, await session.scalar(given_up) or 0)
