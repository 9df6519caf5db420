"""Making campaigns ready, announcing and closing them."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import available_timezones

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, delete

from app.core.db import WriteSession
from app.domain import campaigns, phases, register
from app.domain.actors import Actor
from app.domain.calendars import UnknownZone
from app.domain.campaign_events import CampaignAnnounced, CampaignChanged, CampaignClosed
from app.domain.campaigns import (
    AlreadyAnnounced,
    CampaignState,
    NameTaken,
    NothingToCollect,
)
from app.domain.ideas import NothingToChange
from app.domain.phases import LocalPhase, Phase, PhaseKind, PhaseNotRight
from app.domain.register import Detail
from app.models.campaigns import Campaign, CampaignPhase, CampaignReport
from app.queries.campaigns import get_managed, list_phases
from app.schemas.campaigns import EditCampaign, PlanCampaign, SetPhase
from app.services import addressees, campaign_staff, campaign_terms, events, fields, preconditions


async def announce(
    session: WriteSession,
    *,
    name: str,
    question: str,
    sponsor_id: str | None,
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
    later: Sequence[Phase] = (),
) -> Campaign:
    """Announce a campaign that takes ideas between two moments, without anybody who makes it ready."""
    campaign = Campaign(
        name=name, question=question, sponsor_id=sponsor_id, starts_at=starts_at, zone=session.zone
    )
    await _add(session, campaign, [Phase(PhaseKind.COLLECT, starts_at, ends_at), *later])
    events.record(session, CampaignAnnounced(campaign.id), actor_id=sponsor_id, now=now)
    await campaign_terms.enter_announcement(session, campaign, actor_id=sponsor_id, now=now)
    return campaign


async def plan(session: WriteSession, actor: Actor, values: PlanCampaign, *, now: datetime) -> Campaign:
    """Begin a campaign; nobody else sees it before it is announced.

    Raises: RoleMissing, UnknownZone, PhaseNotRight, UnknownReference, FieldNotRight, OwnGrant, NameTaken.
    """
    campaigns.check_manages(actor, None)
    zone = values.time_zone or session.zone
    _check_zone(zone)
    wanted = phases.place(_read(values.phases), zone)
    campaign = Campaign(
        name=values.name,
        question=values.question,
        context=values.context,
        state=CampaignState.DRAFTED,
        zone=zone,
        starts_at=wanted[0].starts_at,
    )
    await _add(session, campaign, wanted)
    if values.audience is not None:
        await addressees.put(session, campaign.id, values.audience)
    await fields.define(session, campaign.id, values.fields, now=now)
    if values.sponsor is not None:
        await campaign_staff.set_sponsor(session, actor, campaign, values.sponsor, now=now)
    _record(session, actor, campaign, "drafted", now)
    return campaign


async def edit(
    session: WriteSession,
    actor: Actor,
    campaign_id: str,
    values: EditCampaign,
    *,
    version: int | None,
    now: datetime,
) -> Campaign:
    """Change a campaign; of one that was announced only what has not happened yet.

    Raises: NoSuchCampaign, RoleMissing, PermanentBoxStays, CampaignClosed, PreconditionRequired, PreconditionFailed,
    NothingToChange, UnknownZone, PhaseNotRight, PhaseBegun, FieldNotRight, UnknownReference, OwnGrant,
    AudienceTooSmall, NameTaken.
    """
    campaign = await get_managed(session, actor, campaign_id)
    preconditions.check(version, campaign.version)
    given = values.model_fields_set
    if not given:
        raise NothingToChange
    before = await campaign_terms.read(session, campaign)
    texts = campaign_terms.list_new_texts(campaign, values)
    for name in given & {"name", "question", "context"}:
        setattr(campaign, name, getattr(values, name))
    if given & {"phases", "time_zone"}:
        await _move(session, campaign, values, now=now)
    if "fields" in given:
        await fields.define(session, campaign.id, values.fields, now=now)
    if "audience" in given:
        await addressees.put(session, campaign.id, values.audience)
        if campaign.state == CampaignState.ANNOUNCED:
            await addressees.check_size(session, campaign.id)
    if "sponsor" in given:
        await campaign_staff.set_sponsor(session, actor, campaign, values.sponsor, now=now)
    campaign.version += 1
    _record(session, actor, campaign, "edited", now)
    await _flush(session)
    await campaign_terms.enter_change(session, actor, campaign, before, texts, now=now)
    return campaign


async def publish(session: WriteSession, actor: Actor, campaign_id: str, *, now: datetime) -> Campaign:
    """Announce a campaign that was made ready: everybody sees it, and its phases go by the clock.

    Raises: NoSuchCampaign, RoleMissing, PermanentBoxStays, CampaignClosed, AlreadyAnnounced, NothingToCollect,
    AudienceTooSmall.
    """
    campaign = await get_managed(session, actor, campaign_id)
    if campaign.state != CampaignState.DRAFTED:
        raise AlreadyAnnounced
    if campaign.collects_until is not None and campaign.collects_until <= now:
        raise NothingToCollect
    await addressees.check_size(session, campaign.id)
    campaign.state = CampaignState.ANNOUNCED
    campaign.version += 1
    events.record(session, CampaignAnnounced(campaign.id), actor_id=actor.id, now=now)
    await session.flush()
    await campaign_terms.enter_announcement(session, campaign, actor_id=actor.id, now=now)
    return campaign


async def close(session: WriteSession, actor: Actor, campaign_id: str, *, now: datetime) -> Campaign:
    """Close a campaign of which it was told what came of it.

    Raises: NoSuchCampaign, RoleMissing, PermanentBoxStays, CampaignClosed, NotAnnounced, StillRunning, ReportMissing.
    """
    campaign = await get_managed(session, actor, campaign_id)
    set_phases = await list_phases(session, campaign.id)
    reported = await session.get(CampaignReport, campaign.id) is not None
    campaigns.check_may_close(campaign, set_phases, now, reported=reported)
    former = campaign.state
    campaign.state, campaign.closed_at = CampaignState.CLOSED, now
    campaign.version += 1
    detail = Detail(register.compare({"state": former}, {"state": campaign.state}))
    events.record(session, CampaignClosed(campaign.id), actor_id=actor.id, now=now, detail=detail)
    await session.flush()
    return campaign


async def _move(session: WriteSession, campaign: Campaign, values: EditCampaign, *, now: datetime) -> None:
    """Set the phases anew; what is the same to the second keeps its moment."""
    if "phases" not in values.model_fields_set:
        raise PhaseNotRight.at("/phases", "With another time zone, set the phases in its times.")
    zone = values.time_zone if "time_zone" in values.model_fields_set else campaign.zone
    _check_zone(zone)
    present = await list_phases(session, campaign.id, lock=True)
    wanted = phases.keep_moments(present, phases.place(_read(values.phases), zone))
    if campaign.state != CampaignState.DRAFTED:
        phases.check_change(present, wanted, now)
    campaign.zone = zone
    by_kind = {phase.kind: phase for phase in present}
    for phase in wanted:
        row = by_kind.pop(phase.kind, None)
        if row is None:
            session.add(_make(campaign, phase))
        else:
            if row.ends_at != phase.ends_at:
                row.warned_at = None
            row.starts_at, row.ends_at = phase.starts_at, phase.ends_at
    await session.execute(
        delete(CampaignPhase).where(
            col(CampaignPhase.campaign_id) == campaign.id, col(CampaignPhase.kind).in_(list(by_kind))
        )
    )
    _set_span(campaign, wanted)


async def _add(session: WriteSession, campaign: Campaign, set_phases: Sequence[Phase]) -> None:
    _set_span(campaign, set_phases)
    session.add(campaign)
    await _flush(session)
    session.add_all(_make(campaign, phase) for phase in set_phases)
    await session.flush()


async def _flush(session: WriteSession) -> None:
    """Write; the unique key decides whether the name is free.

    Raises: NameTaken.
    """
    try:
        await session.flush()
    except IntegrityError as error:
        raise NameTaken.at("/name") from error


def _make(campaign: Campaign, phase: Phase) -> CampaignPhase:
    return CampaignPhase(
        campaign_id=campaign.id, kind=phase.kind, starts_at=phase.starts_at, ends_at=phase.ends_at
    )


def _set_span(campaign: Campaign, set_phases: Sequence[Phase]) -> None:
    span = phases.measure(set_phases)
    campaign.starts_at, campaign.ends_at = span.starts_at, span.ends_at
    campaign.collects_until, campaign.edits_until = span.collects_until, span.edits_until
    campaign.votes_until = span.votes_until


def _read(set_phases: Sequence[SetPhase]) -> list[LocalPhase]:
    return [LocalPhase(each.phase, each.starts, each.ends) for each in set_phases]


def _check_zone(zone: str) -> None:
    if zone not in available_timezones():
        raise UnknownZone.at("/time_zone")


def _record(session: WriteSession, actor: Actor, campaign: Campaign, change: str, now: datetime) -> None:
    events.record(session, CampaignChanged(campaign.id, {"change": change}), actor_id=actor.id, now=now)
