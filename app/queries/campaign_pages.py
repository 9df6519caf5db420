"""The page of a campaign: what it is, who is behind it, where it stands, what the reader may do with it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from app.core import clock
from app.core.db import ReadSession
from app.core.markdown import render
from app.domain import campaigns, entries, phases
from app.domain.actors import Actor
from app.domain.campaigns import CampaignState
from app.domain.roles import Role
from app.models.campaigns import Campaign, CampaignEntity, CampaignPhase, CampaignReport, CampaignReportIdea
from app.models.employees import Employee
from app.models.entities import Entity
from app.models.ideas import Idea
from app.models.roles import RoleGrant
from app.queries import campaign_progress, fields, votings
from app.queries.campaign_lists import describe
from app.queries.campaigns import get_visible, list_phases
from app.schemas.campaigns import Audience, CampaignDetail, CampaignProgress, ShownPhase
from app.schemas.campaigns import CampaignReport as ShownReport
from app.schemas.shapes import Named


async def get_detail(
    session: ReadSession, actor: Actor, campaign_id: str, *, now: datetime
) -> CampaignDetail:
    """Return a campaign as this reader sees it; the report is shown to others when it is closed.

    Raises: NoSuchCampaign.
    """
    row = await get_visible(session, actor, campaign_id)
    set_phases = await list_phases(session, row.id)
    running, coming = phases.find_phase(set_phases, now), phases.find_next(set_phases, now)
    open_now = row.state == CampaignState.ANNOUNCED
    report = await _find_report(session, row)
    audience = await _list_audience(session, row.id)
    told = row.state == CampaignState.CLOSED or _may_report(actor, row)
    return CampaignDetail(
        **describe(row, running.kind if running else None, await votings.list_rules(session, [row.id])),
        **_describe_more(row, coming.kind if coming and open_now else None),
        sponsor=await _find_sponsor(session, row),
        audience=Audience(entities=[Named(id=unit.id, name=unit.name) for unit in audience])
        if audience
        else None,
        correspondents=await _list_correspondents(session, row.id),
        fields=[fields.show(each) for each in await fields.list_current(session, row.id)],
        phases=[ShownPhase(**_show(phase, row.zone)) for phase in set_phases],
        days_left=_count_days(running, row.zone, now) if running and open_now else None,
        progress=await _measure(session, row),
        report=report if told else None,
        can=await _list_abilities(
            session, actor, row, set_phases, audience, reported=report is not None, now=now
        ),
    )


def _describe_more(row: Campaign, coming: str | None) -> dict[str, Any]:
    return {
        "next": coming,
        "context": row.context,
        "context_html": render(row.context),
        "time_zone": row.zone,
        "closed_at": row.closed_at,
        "version": row.version,
    }


def _show(phase: CampaignPhase, zone: str) -> dict[str, Any]:
    return {
        "phase": phase.kind,
        "starts_at": phase.starts_at,
        "ends_at": phase.ends_at,
        "starts": phases.read_local(phase.starts_at, zone),
        "ends": phases.read_local(phase.ends_at, zone),
    }


def _count_days(running: CampaignPhase, zone: str, now: datetime) -> int:
    """Count midnights of the campaign's zone until the phase is over."""
    return (clock.day_in(zone, running.ends_at) - clock.day_in(zone, now)).days


async def _measure(session: ReadSession, row: Campaign) -> CampaignProgress | None:
    """Return how far a campaign has come; the permanent box goes nowhere, and its ideas are counted elsewhere."""
    counted = not row.permanent and row.state != CampaignState.DRAFTED
    return await campaign_progress.measure(session, row.id) if counted else None


async def _find_sponsor(session: ReadSession, row: Campaign) -> Named | None:
    sponsor = await session.get(Employee, row.sponsor_id) if row.sponsor_id else None
    return Named(id=sponsor.id, name=sponsor.name) if sponsor else None


async def _list_audience(session: ReadSession, campaign_id: str) -> Sequence[Entity]:
    units = await session.scalars(
        select(Entity)
        .join(CampaignEntity, col(CampaignEntity.entity_id) == col(Entity.id))
        .where(col(CampaignEntity.campaign_id) == campaign_id)
        .order_by(col(Entity.path))
    )
    return units.all()


async def _list_correspondents(session: ReadSession, campaign_id: str) -> list[Named]:
    people = await session.execute(
        select(col(Employee.id), col(Employee.name))
        .join(RoleGrant, col(RoleGrant.employee_id) == col(Employee.id))
        .where(
            col(RoleGrant.campaign_id) == campaign_id,
            col(RoleGrant.role) == Role.CORRESPONDENT.value,
            col(RoleGrant.ended_at).is_(None),
        )
        .order_by(col(Employee.folded_name), col(Employee.id))
    )
    return [Named(id=key, name=name) for key, name in people]


async def _find_report(session: ReadSession, row: Campaign) -> ShownReport | None:
    report = await session.get(CampaignReport, row.id)
    if report is None:
        return None
    going_on = await session.execute(
        select(col(Idea.id), col(Idea.title))
        .join(CampaignReportIdea, col(CampaignReportIdea.idea_id) == col(Idea.id))
        .where(col(CampaignReportIdea.campaign_id) == row.id)
        .order_by(col(CampaignReportIdea.position))
    )
    return ShownReport(
        learnt=report.learnt,
        learnt_html=render(report.learnt),
        ideas=[Named(id=key, name=title) for key, title in going_on],
        others=report.others,
        others_html=render(report.others),
        written_at=report.written_at,
    )


def _may_report(actor: Actor, row: Campaign) -> bool:
    return campaigns.may_report(actor, row.id, row.sponsor_id)


async def _list_abilities(
    session: ReadSession,
    actor: Actor,
    row: Campaign,
    set_phases: Sequence[CampaignPhase],
    audience: Sequence[Entity],
    *,
    reported: bool,
    now: datetime,
) -> list[str]:
    """Return what a reader may do with a campaign now."""
    able = []
    if entries.may_submit(row, now):
        unit = await session.get(Entity, actor.entity_id) if audience and actor.entity_id else None
        if entries.is_addressed(unit.path if unit else None, [each.path for each in audience]):
            able.append("submit")
    if row.permanent or row.state == CampaignState.CLOSED:
        return able
    if campaigns.manages(actor, row.id):
        able += ["edit", "set_correspondents"]
        if row.state == CampaignState.DRAFTED:
            able.append("announce")
        if reported and campaigns.may_close(row, set_phases, now):
            able.append("close")
    if row.state == CampaignState.ANNOUNCED and _may_report(actor, row):
        able.append("report")
    return able
