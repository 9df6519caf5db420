"""Terms of campaigns in the register: what holds for those who take part, as it was and as it is."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from app.core.db import WriteSession
from app.domain import register as rules
from app.domain.actors import Actor
from app.domain.campaign_events import CampaignAnnounced, CampaignChanged
from app.domain.campaigns import CampaignState
from app.domain.register import Entry
from app.models.campaigns import Campaign, CampaignEntity
from app.models.fields import CampaignField
from app.queries.campaigns import list_phases
from app.queries.fields import list_current
from app.schemas.campaigns import EditCampaign
from app.services import register

_TEXTS = ("name", "question", "context")


async def read(session: WriteSession, campaign: Campaign) -> dict[str, Any]:
    """Return the terms of a campaign as facts; its sponsor and correspondents stand in the register as roles."""
    audience = await session.scalars(
        select(col(CampaignEntity.entity_id)).where(col(CampaignEntity.campaign_id) == campaign.id)
    )
    phases = await list_phases(session, campaign.id)
    return {
        "time_zone": campaign.zone,
        "phases": {each.kind: [each.starts_at, each.ends_at] for each in phases},
        "audience": sorted(audience),
        "fields": {each.key: _describe(each) for each in await list_current(session, campaign.id)},
    }


def list_new_texts(campaign: Campaign, values: EditCampaign) -> list[str]:
    """Return which texts of a campaign a change would change."""
    given = values.model_fields_set
    return [name for name in _TEXTS if name in given and getattr(values, name) != getattr(campaign, name)]


async def enter_announcement(
    session: WriteSession, campaign: Campaign, *, actor_id: str | None, now: datetime
) -> None:
    """Enter that a campaign was announced, with all of its terms: before, it concerned nobody."""
    facts = rules.compare({}, await read(session, campaign))
    register.enter(session, Entry(CampaignAnnounced.kind, campaign.id, actor_id, facts=facts), now=now)


async def enter_change(
    session: WriteSession,
    actor: Actor,
    campaign: Campaign,
    before: Mapping[str, Any],
    texts: Sequence[str],
    *,
    now: datetime,
) -> None:
    """Enter a change of an announced campaign; of one that is made ready nobody else is told."""
    if campaign.state == CampaignState.DRAFTED:
        return
    changed = rules.compare(before, await read(session, campaign))
    facts = {"change": "edited", **changed, "texts": list(texts)}
    register.enter(session, Entry(CampaignChanged.kind, campaign.id, actor.id, facts=facts), now=now)


def _describe(field: CampaignField) -> dict[str, Any]:
    """Return what a field asks for; its labels are texts."""
    return {
        "kind": field.kind,
        "required": field.required,
        "unit": field.unit,
        "choices": [each["key"] for each in field.choices],
    }
