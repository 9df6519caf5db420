"""Noticing by the clock that phases of campaigns begin, are about to end, and end."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_, select
from sqlmodel import col

from app.core.db import Database, WriteSession
from app.domain import phases
from app.domain.campaign_events import PhaseBegan, PhaseEndAnnounced
from app.domain.campaigns import CampaignState
from app.domain.phases import TAKING_PART, WARNING
from app.models.campaigns import Campaign, CampaignPhase
from app.services import events

BATCH = 100


async def advance(database: Database, *, now: datetime) -> int:
    """Tell of every phase that has begun or ends within a day, in the order of their starts; note those that are over.

    Each is told of once, however many workers are at it: who holds its row tells of it, and others pass over it.
    Returns how many began, were warned of or ended. What may be done in a phase does not wait for this: it goes by
    its moments.
    """
    noticed = 0
    while batch := await _advance_batch(database, now):
        noticed += batch
    return noticed


async def _advance_batch(database: Database, now: datetime) -> int:
    soon = and_(
        col(CampaignPhase.warned_at).is_(None),
        col(CampaignPhase.kind).in_(sorted(TAKING_PART)),
        col(CampaignPhase.ends_at) <= now + WARNING,
    )
    async with database.writer() as session:
        found = await session.execute(
            select(CampaignPhase, col(Campaign.zone))
            .join(Campaign, col(Campaign.id) == col(CampaignPhase.campaign_id))
            .where(
                col(Campaign.state) == CampaignState.ANNOUNCED.value,
                col(CampaignPhase.ended_at).is_(None),
                col(CampaignPhase.starts_at) <= now,
                or_(col(CampaignPhase.began_at).is_(None), col(CampaignPhase.ends_at) <= now, soon),
            )
            .order_by(col(CampaignPhase.starts_at), col(CampaignPhase.campaign_id))
            .limit(BATCH)
            .with_for_update(of=CampaignPhase, skip_locked=True)
        )
        due = found.all()
        for phase, zone in due:
            _advance_one(session, phase, ZoneInfo(zone), now=now)
        return len(due)


def _advance_one(session: WriteSession, phase: CampaignPhase, zone: ZoneInfo, *, now: datetime) -> None:
    told: dict[str, str] = {"phase": phase.kind}
    if phase.ends_at > now:
        # The end itself does not belong to it: at midnight it is the day before that is the last one.
        told["until"] = (phase.ends_at - timedelta(microseconds=1)).astimezone(zone).date().isoformat()
    if phase.began_at is None:
        phase.began_at = now
        events.record(session, PhaseBegan(phase.campaign_id, told), actor_id=None, now=now)
    if phase.warned_at is None and phases.is_ending(phase, now=now):
        phase.warned_at = now
        if phases.is_worth_a_warning(phase, now=now):
            events.record(session, PhaseEndAnnounced(phase.campaign_id, told), actor_id=None, now=now)
    if phase.ends_at <= now:
        phase.ended_at = now
