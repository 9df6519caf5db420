"""Entering campaigns: to the second, and a draft that was late stays one."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col

from app.core.db import Database
from app.domain.entries import CollectNotBegun, CollectOver, EditingOver
from app.domain.ideas import CampaignIsFixed, UnknownReference
from app.models.campaigns import Campaign
from app.models.ideas import Idea
from app.schemas.ideas import EditIdea, SubmitIdea
from app.services import campaigns, ideas
from tests.support.world import START, Cast

ENDS = START + timedelta(days=30)
SECOND = timedelta(seconds=1)


async def announce(database: Database) -> str:
    """Announce a campaign that collects for thirty days."""
    async with database.writer() as session:
        campaign = await campaigns.announce(
            session, name="Water", question="?", sponsor_id=None, starts_at=START, ends_at=ENDS, now=START
        )
    return campaign.id


async def enter(
    database: Database, cast: Cast, campaign_id: str | None, at: datetime, *, draft: bool = False
) -> Idea:
    """Submit an idea of Alice's, or begin a draft."""
    values = SubmitIdea(
        title="Less water",
        problem="p",
        solution="s",
        theme=cast.themes["brand"],
        campaign=campaign_id,
        draft=draft,
    )
    async with database.writer() as session:
        return await ideas.create(session, await cast.actor(session, "Alice"), values, now=at)


async def submit(database: Database, cast: Cast, idea_id: str, at: datetime) -> Idea:
    async with database.writer() as session:
        return await ideas.submit(session, await cast.actor(session, "Alice"), idea_id, now=at)


async def edit(database: Database, cast: Cast, idea_id: str, at: datetime, **values: object) -> Idea:
    async with database.writer() as session:
        alice = await cast.actor(session, "Alice")
        return await ideas.edit(session, alice, idea_id, EditIdea.model_validate(values), version=-1, now=at)


async def test_ideas_come_in_while_it_collects(database: Database, cast: Cast) -> None:
    challenge = await announce(database)
    with pytest.raises(CollectNotBegun):
        await enter(database, cast, challenge, START - SECOND)
    await enter(database, cast, challenge, START)
    await enter(database, cast, challenge, ENDS - SECOND)
    with pytest.raises(CollectOver):
        await enter(database, cast, challenge, ENDS)


async def test_a_campaign_that_was_not_announced_is_unknown(database: Database, cast: Cast) -> None:
    challenge = await announce(database)
    async with database.writer() as session:
        await session.execute(update(Campaign).where(col(Campaign.id) == challenge).values(state="drafted"))
    with pytest.raises(UnknownReference):
        await enter(database, cast, challenge, START)


async def test_a_late_draft_stays_a_draft_and_can_go_to_the_permanent_box(
    database: Database, cast: Cast
) -> None:
    challenge = await announce(database)
    idea = await enter(database, cast, challenge, ENDS - SECOND, draft=True)
    with pytest.raises(CollectOver):
        await submit(database, cast, idea.id, ENDS)
    async with database.reader() as session:
        kept = await session.get_one(Idea, idea.id)
    assert (kept.stage, kept.campaign_id) == ("draft", challenge)
    await edit(database, cast, idea.id, ENDS, campaign=None)
    moved = await submit(database, cast, idea.id, ENDS)
    assert (moved.stage, moved.campaign_id) == ("submitted", cast.permanent_box)


async def test_only_drafts_change_their_campaign(database: Database, cast: Cast) -> None:
    challenge = await announce(database)
    idea = await enter(database, cast, None, START)
    with pytest.raises(CampaignIsFixed):
        await edit(database, cast, idea.id, START, campaign=challenge)


async def test_texts_stand_when_editing_is_over_but_not_those_of_drafts(
    database: Database, cast: Cast
) -> None:
    challenge = await announce(database)
    idea = await enter(database, cast, challenge, START)
    draft = await enter(database, cast, challenge, START, draft=True)
    await edit(database, cast, idea.id, ENDS - SECOND, title="Even less water")
    with pytest.raises(EditingOver):
        await edit(database, cast, idea.id, ENDS, title="No water")
    await edit(database, cast, draft.id, ENDS, title="No water")


async def test_an_anonymous_idea_is_signed_at_any_time(database: Database, cast: Cast) -> None:
    challenge = await announce(database)
    idea = await enter(database, cast, challenge, START)
    async with database.writer() as session:
        await session.execute(update(Idea).where(col(Idea.id) == idea.id).values(anonymous=True))
    signed = await edit(database, cast, idea.id, ENDS, anonymous=False)
    assert not signed.anonymous
