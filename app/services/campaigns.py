"""Announcing campaigns."""

from datetime import datetime

from app.core.db import WriteSession
from app.domain.events import CampaignAnnounced
from app.models.campaigns import Campaign
from app.services import events


async def announce(
    session: WriteSession,
    *,
    name: str,
    question: str,
    sponsor_id: str | None,
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
) -> Campaign:
    """Announce a campaign that takes ideas between two moments."""
    campaign = Campaign(
        name=name, question=question, sponsor_id=sponsor_id, starts_at=starts_at, ends_at=ends_at
    )
    session.add(campaign)
    events.record(session, CampaignAnnounced(campaign.id), actor_id=sponsor_id, now=now)
    await session.flush()
    return campaign
