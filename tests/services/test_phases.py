"""Phases by the clock: told of once by however many workers, and no deadline that moves under a submission."""

import asyncio
from datetime import timedelta

from sqlalchemy import select
from sqlmodel import col

from app.core.config import Settings
from app.core.db import Database
from app.domain.entries import CollectOver
from app.domain.phases import Phase
from app.models.campaigns import CampaignPhase
from app.models.events import Event
from app.models.ideas import Idea
from app.schemas.ideas import SubmitIdea
from app.services import campaigns, ideas, phases
from tests.support.world import START, Cast

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


async def announce(database: Database, number: int = 0) -> str:
    """Announce a campaign that collects for a day and enriches for another."""
    async with database.writer() as session:
        campaign = await campaigns.announce(
            session,
            name=f"Water {number}",
            question="?",
            sponsor_id=None,
            starts_at=START,
            ends_at=START + DAY,
            now=START,
            later=[Phase("enrich", START + DAY, START + 2 * DAY)],
        )
    return campaign.id


async def list_began(database: Database) -> list[tuple[str, str]]:
    async with database.reader() as session:
        found = await session.scalars(
            select(Event).where(col(Event.kind) == "campaigns.phase-began").order_by(col(Event.sequence))
        )
        return [(event.subject, event.payload["phase"]) for event in found]


async def test_two_workers_tell_of_each_start_once(
    database: Database, settings: Settings, cast: Cast
) -> None:
    made = [await announce(database, number) for number in range(4)]
    other = database if settings.on_sqlite else Database(settings)
    workers = [database, other] * 3
    counted = await asyncio.gather(*(phases.advance(each, now=START + DAY) for each in workers))
    assert sum(counted) >= len(made)
    assert sorted(await list_began(database)) == sorted(
        (campaign_id, kind) for campaign_id in made for kind in ("collect", "enrich")
    )
    if other is not database:
        await other.close()


async def test_a_start_is_told_of_when_it_has_come_and_its_end_is_noted(
    database: Database, cast: Cast
) -> None:
    made = await announce(database)
    assert await phases.advance(database, now=START - SECOND) == 0
    assert await phases.advance(database, now=START) == 1
    assert await phases.advance(database, now=START + DAY - SECOND) == 0
    assert await list_began(database) == [(made, "collect")]
    assert await phases.advance(database, now=START + DAY) == 2
    async with database.reader() as session:
        rows = await session.scalars(select(CampaignPhase).order_by(col(CampaignPhase.starts_at)))
        noted = [(row.kind, row.began_at, row.ended_at) for row in rows]
    assert noted == [("collect", START, START + DAY), ("enrich", START + DAY, None)]


async def test_submissions_at_the_end_agree_with_their_moments(database: Database, cast: Cast) -> None:
    """Many at once, in whatever order their transactions come: what began before the end counts, nothing else."""
    made = await announce(database)
    moments = [START + DAY + number * timedelta(milliseconds=1) for number in range(-10, 10)]

    async def submit(number: int) -> bool:
        values = SubmitIdea(
            title="Water", problem="p", solution="s", theme=cast.themes["brand"], campaign=made
        )
        try:
            async with database.writer() as session:
                alice = await cast.actor(session, "Alice")
                await ideas.create(session, alice, values, now=moments[number])
        except CollectOver:
            return False
        return True

    order = sorted(range(len(moments)), key=lambda number: (number * 7) % 11)
    taken = dict(zip(order, await asyncio.gather(*map(submit, order)), strict=True))
    assert [taken[number] for number in range(len(moments))] == [number < 10 for number in range(20)]
    async with database.reader() as session:
        kept = await session.scalars(select(col(Idea.submitted_at)).where(col(Idea.campaign_id) == made))
        assert sorted(moment for moment in kept if moment) == moments[:10]
