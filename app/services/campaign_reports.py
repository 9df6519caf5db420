"""Reporting what came of a campaign."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlmodel import col

from app.core import ids
from app.core.db import WriteSession
from app.domain import campaigns
from app.domain.actors import Actor
from app.domain.campaign_events import CampaignReported
from app.domain.campaigns import CampaignState, NotAnnounced
from app.domain.ideas import UnknownReference
from app.domain.permissions import RoleMissing
from app.domain.pipeline import Stage
from app.models.campaigns import Campaign, CampaignReport, CampaignReportIdea
from app.models.ideas import Idea
from app.queries.campaigns import get_visible
from app.schemas.campaigns import WriteReport
from app.services import events


async def put(
    session: WriteSession, actor: Actor, campaign_id: str, values: WriteReport, *, now: datetime
) -> Campaign:
    """Write what came of a campaign; it may be written again until the campaign is closed.

    Raises: NoSuchCampaign, RoleMissing, PermanentBoxStays, CampaignClosed, NotAnnounced, UnknownReference.
    """
    campaign = await get_visible(session, actor, campaign_id, lock=True)
    if not campaigns.may_report(actor, campaign.id, campaign.sponsor_id):
        raise RoleMissing
    campaigns.check_may_change(campaign)
    if campaign.state == CampaignState.DRAFTED:
        raise NotAnnounced
    wanted = list(dict.fromkeys(values.ideas))
    await _check_ideas(session, campaign, wanted)
    report = await session.get(CampaignReport, campaign.id)
    again = report is not None
    if report is None:
        report = CampaignReport(
            campaign_id=campaign.id, learnt="", others="", written_by=actor.id, written_at=now
        )
        session.add(report)
    report.learnt, report.others = values.learnt, values.others
    report.written_by, report.written_at = actor.id, now
    await session.flush()
    await session.execute(
        delete(CampaignReportIdea).where(col(CampaignReportIdea.campaign_id) == campaign.id)
    )
    session.add_all(
        CampaignReportIdea(campaign_id=campaign.id, idea_id=idea_id, position=place)
        for place, idea_id in enumerate(wanted)
    )
    campaign.version += 1
    events.record(session, CampaignReported(campaign.id, {"again": again}), actor_id=actor.id, now=now)
    await session.flush()
    return campaign


async def _check_ideas(session: WriteSession, campaign: Campaign, wanted: list[str]) -> None:
    """Let pass ideas that were submitted to the campaign; of drafts there is no word."""
    known = set(
        await session.scalars(
            select(col(Idea.id)).where(
                col(Idea.id).in_([each for each in wanted if ids.is_valid(each)]),
                col(Idea.campaign_id) == campaign.id,
                col(Idea.stage) != Stage.DRAFT,
            )
        )
    )
    for place, idea_id in enumerate(wanted):
        if idea_id not in known:
            raise UnknownReference.at(f"/ideas/{place}", "There is no such idea in this campaign.")
