"""The only door to a campaign: what one may not know of is not found."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlmodel import col

from app.core import ids
from app.core.db import ReadSession
from app.domain import campaigns
from app.domain.actors import Actor
from app.domain.campaigns import CampaignState, NoSuchCampaign
from app.domain.phases import PhaseKind
from app.models.campaigns import Campaign, CampaignPhase

_ORDER = list(PhaseKind)


async def get_visible(
    session: ReadSession, actor: Actor, campaign_id: str, *, lock: bool = False
) -> Campaign:
    """Return a campaign if the actor may know of it: what was not announced exists for those who make it ready.

    With `lock` no idea comes into it before the end of the transaction.

    Raises: NoSuchCampaign.
    """
    statement = select(Campaign).where(col(Campaign.id) == campaign_id)
    if lock:
        # Whoever grants a role for the campaign, or lets an idea in, refers to its row while holding other locks.
        statement = statement.with_for_update(key_share=True).execution_options(populate_existing=True)
    found = await session.scalar(statement) if ids.is_valid(campaign_id) else None
    if found is None:
        raise NoSuchCampaign
    drafted = found.state == CampaignState.DRAFTED
    if drafted and not campaigns.may_see_draft(actor, found.id, found.sponsor_id):
        raise NoSuchCampaign
    return found


async def get_managed(session: ReadSession, actor: Actor, campaign_id: str) -> Campaign:
    """Return a campaign that the actor may change, held until the end of the transaction.

    Where the organisation is locked too, it is locked after this: as whoever submits an idea does.

    Raises: NoSuchCampaign, RoleMissing, PermanentBoxStays, CampaignClosed.
    """
    campaign = await get_visible(session, actor, campaign_id, lock=True)
    campaigns.check_manages(actor, campaign.id)
    campaigns.check_may_change(campaign)
    return campaign


async def list_phases(
    session: ReadSession, campaign_id: str, *, lock: bool = False
) -> Sequence[CampaignPhase]:
    """Return the phases of a campaign in their order; with `lock` the clock waits with them."""
    statement = select(CampaignPhase).where(col(CampaignPhase.campaign_id) == campaign_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = await session.scalars(statement)
    return sorted(found, key=lambda phase: _ORDER.index(PhaseKind(phase.kind)))
