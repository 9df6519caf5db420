"""The only door to a campaign: what one may not know of is not found."""

from sqlalchemy import select
from sqlmodel import col

from app.core import ids
from app.core.db import ReadSession
from app.domain.actors import Actor
from app.domain.campaigns import NoSuchCampaign
from app.models.campaigns import Campaign


async def get_visible(
    session: ReadSession, _actor: Actor, campaign_id: str, *, lock: bool = False
) -> Campaign:
    """Return a campaign; with `lock` no idea comes into it before the end of the transaction.

    Raises: NoSuchCampaign.
    """
    statement = select(Campaign).where(col(Campaign.id) == campaign_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = await session.scalar(statement) if ids.is_valid(campaign_id) else None
    if found is None:
        raise NoSuchCampaign
    return found
