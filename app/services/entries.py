"""Entering ideas into campaigns: which one an idea is for, and whether that takes it now."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from app.core import ids
from app.core.db import WriteSession
from app.domain import entries
from app.domain.actors import Actor
from app.domain.campaigns import CampaignState
from app.domain.entries import NotAddressed
from app.domain.ideas import UnknownReference
from app.models.campaigns import Campaign
from app.models.entities import Entity
from app.models.ideas import Idea
from app.services import addressees


async def get_permanent_id(session: WriteSession) -> str:
    """Return the permanent box, for which ideas are that name no campaign."""
    permanent = await session.scalar(select(col(Campaign.id)).where(col(Campaign.permanent).is_(True)))
    if permanent is None:
        message = "the permanent box is missing: run `ideabox migrate`"
        raise RuntimeError(message)
    return permanent


async def get_campaign_id(
    session: WriteSession, actor: Actor, campaign_id: str | None, *, now: datetime
) -> str:
    """Return the campaign of a new idea, or of a draft that goes to another one: the permanent box without a name.

    Raises: UnknownReference, NotAddressed, CollectNotBegun, CollectOver.
    """
    if campaign_id is None:
        return await get_permanent_id(session)
    campaign = await _hold(session, campaign_id) if ids.is_valid(campaign_id) else None
    if campaign is None or campaign.state == CampaignState.DRAFTED:
        raise UnknownReference.at("/campaign", "There is no such campaign.")
    await _check(session, actor, campaign, now)
    return campaign.id


async def find_open_id(session: WriteSession, campaign_id: str | None, *, now: datetime) -> str:
    """Return a campaign while it takes ideas, else the permanent box; for ideas that come in for others.

    It is not held: whoever asks may have locked the organisation, which comes after the campaign.
    """
    campaign = await session.get(Campaign, campaign_id) if campaign_id else None
    if campaign is not None and entries.may_submit(campaign, now):
        return campaign.id
    return await get_permanent_id(session)


async def check_may_submit(session: WriteSession, actor: Actor, idea: Idea, *, now: datetime) -> None:
    """Let pass a draft whose campaign takes ideas now.

    Raises: NotAddressed, CollectNotBegun, CollectOver.
    """
    campaign = await _hold(session, idea.campaign_id)
    if campaign is not None:
        await _check(session, actor, campaign, now)


async def check_may_edit(session: WriteSession, idea: Idea, *, now: datetime) -> None:
    """Let pass a change of the texts of a submitted idea while its campaign is open to that.

    Raises: EditingOver.
    """
    # Not held: whoever changes the correspondents of a campaign holds it before its ideas.
    statement = select(col(Campaign.edits_until)).where(col(Campaign.id) == idea.campaign_id)
    entries.check_may_edit(await session.scalar(statement), now)


async def _check(session: WriteSession, actor: Actor, campaign: Campaign, now: datetime) -> None:
    """Let pass somebody for whom a campaign is, while it takes ideas."""
    audience = [] if campaign.permanent else await addressees.list_paths(session, campaign.id)
    if audience:
        unit = await session.get(Entity, actor.entity_id) if actor.entity_id else None
        if not entries.is_addressed(unit.path if unit else None, audience):
            raise NotAddressed.at("/campaign")
    entries.check_may_submit(campaign, now)


async def _hold(session: WriteSession, campaign_id: str) -> Campaign | None:
    """Return a campaign whose ends can't be moved before this transaction ends."""
    return await session.scalar(
        select(Campaign)
        .where(col(Campaign.id) == campaign_id)
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    )
