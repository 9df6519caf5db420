"""The secret link to a person's own calendar: made, shown again, revoked."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlmodel import col

from app.core.db import WriteSession
from app.domain.actors import Actor
from app.domain.gathering_events import CalendarLinkMade, CalendarLinkRevoked
from app.models.gatherings import CalendarFeed
from app.services import events, turns


async def make(session: WriteSession, actor: Actor, *, now: datetime) -> CalendarFeed:
    """Make the actor's link, or return the one that is there."""
    await turns.take(session, actor.id)
    feed = await session.scalar(select(CalendarFeed).where(col(CalendarFeed.employee_id) == actor.id))
    if feed is None:
        feed = CalendarFeed(employee_id=actor.id, created_at=now)
        session.add(feed)
        events.record(session, CalendarLinkMade(actor.id), actor_id=actor.id, now=now)
        await session.flush()
    return feed


async def revoke(session: WriteSession, actor: Actor, *, now: datetime) -> None:
    """Make the actor's link useless; the next one is another. Without a link nothing changes."""
    revoked = await session.scalar(
        delete(CalendarFeed).where(col(CalendarFeed.employee_id) == actor.id).returning(col(CalendarFeed.id))
    )
    if revoked is not None:
        events.record(session, CalendarLinkRevoked(actor.id), actor_id=actor.id, now=now)
