"""Campaigns as people plan them, and a clock that goes on."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from app.core import clock
from app.core.db import Database
from app.models.campaigns import Campaign, CampaignPhase
from tests.support.client import Client

KINDS = ("collect", "enrich", "vote", "select", "results")
REPORT = {
    "learnt": "Water is *cheap*, heat is not.",
    "ideas": [],
    "others": "They would have cost more than they bring.",
}


def lay(*kinds: str, begins: timedelta = timedelta(0)) -> list[dict[str, str]]:
    """Lay phases of a day each behind each other, in UTC, the first from now on."""
    start = (clock.now() + begins).astimezone(UTC).replace(tzinfo=None, microsecond=0)
    laid = []
    for place, kind in enumerate(kinds):
        starts = start + timedelta(days=place)
        ends = starts + timedelta(days=1)
        laid.append({"phase": kind, "starts": starts.isoformat(), "ends": ends.isoformat()})
    return laid


def plan(*kinds: str, **changes: Any) -> dict[str, Any]:
    """Return the body of a plan."""
    return {
        "name": "Water",
        "question": "How do we use less?",
        "time_zone": "UTC",
        "phases": lay(*(kinds or KINDS)),
        **changes,
    }


async def announce(manager: Client, *kinds: str, **changes: Any) -> str:
    """Plan a campaign and announce it."""
    made = await manager.post("/campaigns", plan(*kinds, **changes))
    await manager.post(f"/campaigns/{made['id']}/announcement")
    return str(made["id"])


async def let_pass(database: Database, campaign_id: str, time: timedelta) -> None:
    """Let time pass for a campaign: everything of it comes earlier."""
    async with database.writer() as session:
        campaign = await session.get_one(Campaign, campaign_id)
        found = await session.scalars(
            select(CampaignPhase).where(col(CampaignPhase.campaign_id) == campaign_id)
        )
        for phase in found:
            phase.starts_at, phase.ends_at = phase.starts_at - time, phase.ends_at - time
        for name in ("starts_at", "ends_at", "collects_until", "edits_until", "votes_until"):
            moment: datetime | None = getattr(campaign, name)
            if moment is not None:
                setattr(campaign, name, moment - time)
