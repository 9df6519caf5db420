"""The list of campaigns, each with the phase that runs now."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select, true, tuple_
from sqlmodel import col

from app.core.db import ReadSession
from app.core.keysets import Place
from app.domain import campaigns
from app.domain.actors import Actor
from app.domain.campaigns import CampaignState
from app.models.campaigns import Campaign, CampaignPhase
from app.queries import votings
from app.schemas.campaigns import CampaignCard
from app.schemas.votings import VotingRule


async def list_campaigns(
    session: ReadSession, actor: Actor, *, after: Place | None, limit: int, now: datetime
) -> tuple[list[CampaignCard], Place | None]:
    """Return a page of the campaigns, the permanent box first, then by their names backwards; three statements."""
    keys = (col(Campaign.permanent), col(Campaign.name))
    statement = (
        select(Campaign).where(_may_see(actor)).order_by(*(key.desc() for key in keys)).limit(limit + 1)
    )
    if after is not None:
        statement = statement.where(tuple_(*keys) < tuple_(*after))
    rows = (await session.scalars(statement)).all()
    shown = rows[:limit]
    running = await _find_running(session, [row.id for row in shown], now=now)
    rules = await votings.list_rules(session, [row.id for row in shown])
    items = [CampaignCard(**describe(row, running.get(row.id), rules)) for row in shown]
    return items, [items[-1].permanent, items[-1].name] if len(rows) > limit else None


def describe(row: Campaign, running: str | None, rules: Mapping[str, VotingRule]) -> dict[str, Any]:
    """Return the fields of a campaign in a list; `running` is the phase in which the moment falls."""
    return {
        "id": row.id,
        "name": row.name,
        "question": row.question,
        "permanent": row.permanent,
        "voting": rules.get(row.id, votings.FREE_RULE),
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "state": row.state,
        "phase": running if row.state == CampaignState.ANNOUNCED else None,
        "collects_until": row.collects_until,
    }


def _may_see(actor: Actor) -> ColumnElement[bool]:
    """Return the condition of `get_visible`."""
    if campaigns.manages(actor, None):
        return true()
    own = [
        grant.campaign_id
        for grant in actor.grants
        if grant.campaign_id and campaigns.may_see_draft(actor, grant.campaign_id, None)
    ]
    return or_(
        col(Campaign.state) != CampaignState.DRAFTED.value,
        col(Campaign.sponsor_id) == actor.id,
        col(Campaign.id).in_(own),
    )


async def _find_running(session: ReadSession, campaign_ids: list[str], *, now: datetime) -> dict[str, str]:
    """Return the phase that runs now of each campaign that is in one."""
    found = await session.execute(
        select(col(CampaignPhase.campaign_id), col(CampaignPhase.kind)).where(
            col(CampaignPhase.campaign_id).in_(campaign_ids),
            col(CampaignPhase.starts_at) <= now,
            col(CampaignPhase.ends_at) > now,
        )
    )
    return dict(found.all())
