"""Noticing by the clock that phases of campaigns begin and end."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlmodel import col

from app.core.db import Database
from app.domain.campaign_events import PhaseBegan
from app.domain.campaigns import CampaignState
from app.models.campaigns import Campaign, CampaignPhase
from app.services import events

BATCH = 100


async def advance(database: Database, *, now: datetime) -> int:
    """Tell of every phase that has begun, in the order of their starts, and note those that are over.

    Each is told of once, however many workers are at it: who holds its row tells of it, and others pass over it.
    Returns how many began or ended. What may be done in a phase does not wait for this: it goes by its moments.
    """
    noticed = 0
    while batch := await _advance_batch(database, now):
        noticed += batch
    return noticed


async def _advance_batch(database: Database, now: datetime) -> int:
    async with database.writer() as session:
        found = await session.scalars(
            select(CampaignPhase)
            .join(Campaign, col(Campaign.id) == col(CampaignPhase.campaign_id))
            .where(
                col(Campaign.state) == CampaignState.ANNOUNCED.value,
                col(CampaignPhase.ended_at).is_(None),
                col(CampaignPhase.starts_at) <= now,
                or_(col(CampaignPhase.began_at).is_(None), col(CampaignPhase.ends_at) <= now),
            )
            .order_by(col(CampaignPhase.starts_at), col(CampaignPhase.campaign_id))
            .limit(BATCH)
            .with_for_update(of=CampaignPhase, skip_locked=True)
        )
        due = found.all()
        for phase in due:
            if phase.began_at is None:
                phase.began_at = now
                began = PhaseBegan(phase.campaign_id, {"phase": phase.kind})
                events.record(session, began, actor_id=None, now=now)
            if phase.ends_at <= now:
                phase.ended_at = now
        return len(due)
