"""Campaigns with a voting of their own, for tests: ideas, people, and the doctor's word."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import update
from sqlmodel import col

from app.core import clock
from app.core.db import Database
from app.models.campaigns import Campaign
from app.queries import audits
from app.schemas.ideas import SubmitIdea
from app.schemas.votings import SetVoting
from app.services import campaigns, ideas, votings
from tests.support.world import Cast


async def announce(
    database: Database, cast: Cast, *, tokens: int | None = None, hidden: bool = False, name: str = "Spring"
) -> str:
    """Announce a campaign that runs now, by the innovation manager, and say how its votes are counted."""
    now = clock.now()
    async with database.writer() as session:
        campaign = await campaigns.announce(
            session,
            name=name,
            question="What could we save?",
            sponsor_id=None,
            starts_at=now - timedelta(days=1),
            ends_at=now + timedelta(days=1),
            now=now,
        )
        values = SetVoting(tokens=tokens, hidden=hidden)
        await votings.put(session, await cast.actor(session, "Ian"), campaign.id, values, now=now)
    return campaign.id


async def submit(
    database: Database, cast: Cast, campaign_id: str | None, *, count: int = 1, author: str = "Alice"
) -> Sequence[str]:
    """Submit ideas to a campaign."""
    values = SubmitIdea(
        title="An idea", problem="p", solution="s", theme=cast.themes["brand"], campaign=campaign_id
    )
    async with database.writer() as session:
        actor = await cast.actor(session, author)
        return [(await ideas.create(session, actor, values, now=clock.now())).id for _ in range(count)]


async def let_end(database: Database, campaign_id: str) -> None:
    """Have the end of a campaign lie a moment ago."""
    async with database.writer() as session:
        ended = update(Campaign).where(col(Campaign.id) == campaign_id)
        moments = ("ends_at", "collects_until", "edits_until", "votes_until")
        await session.execute(ended.values(dict.fromkeys(moments, clock.now() - timedelta(seconds=1))))


async def list_errors(database: Database) -> list[str]:
    """Return what `ideabox doctor` has to find fault with."""
    return [found.what for found in await audits.audit(database) if found.level == "error"]
