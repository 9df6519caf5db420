"""Campaigns: their life from the first draft to the report, and who runs them."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from app.domain import permissions
from app.domain.actors import Actor
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.permissions import Permission, RoleMissing
from app.domain.phases import PhaseKind, Timed
from app.domain.roles import Role


class CampaignState(StrEnum):
    """How far the life of a campaign has come; its phases go by the clock while it is announced."""

    DRAFTED = "drafted"
    ANNOUNCED = "announced"
    CLOSED = "closed"


class Living(Protocol):
    """A campaign as the rules of its life see it."""

    @property
    def permanent(self) -> bool:
        """Whether it is the permanent box."""

    @property
    def state(self) -> str:
        """How far its life has come."""


class NoSuchCampaign(NotFound):
    """There is no such campaign, or none that you may know of."""

    code = "campaigns.unknown"


class NameTaken(Conflict):
    """Another campaign has this name."""

    code = "campaigns.name-taken"


class PermanentBoxStays(Conflict):
    """The permanent box has no phases and no end: it is not changed."""

    code = "campaigns.permanent"


class AlreadyAnnounced(Conflict):
    """This campaign was announced already."""

    code = "campaigns.already-announced"


class CampaignClosed(Conflict):
    """This campaign was closed: it no longer changes."""

    code = "campaigns.closed"


class NotAnnounced(Conflict):
    """This campaign was not announced yet."""

    code = "campaigns.not-announced"


class StillRunning(Conflict):
    """This campaign still runs: it is closed when all phases before its results are over."""

    code = "campaigns.still-running"


class ReportMissing(Conflict):
    """Before a campaign is closed, its people are told what came of it: write the report first."""

    code = "campaigns.report-missing"


class NothingToCollect(Conflict):
    """The phase of collecting is over already: set the phases anew."""

    code = "campaigns.nothing-to-collect"


class AudienceTooSmall(Invalid):
    """A campaign is for five people at least: an anonymous idea would tell too much of its author."""

    code = "campaigns.audience-too-small"


def check_may_change(campaign: Living) -> None:
    """Let pass a campaign that still changes.

    Raises: PermanentBoxStays, CampaignClosed.
    """
    if campaign.permanent:
        raise PermanentBoxStays
    if campaign.state == CampaignState.CLOSED:
        raise CampaignClosed


def may_close(campaign: Living, phases: Iterable[Timed], now: datetime) -> bool:
    """Tell whether an announced campaign has only its results before it."""
    ends = [phase.ends_at for phase in phases if phase.kind != PhaseKind.RESULTS]
    return campaign.state == CampaignState.ANNOUNCED and bool(ends) and max(ends) <= now


def check_may_close(campaign: Living, phases: Iterable[Timed], now: datetime, *, reported: bool) -> None:
    """Let pass the closing of a campaign whose phases are over, and of which a report tells what came of it.

    Raises: CampaignClosed, NotAnnounced, StillRunning, ReportMissing.
    """
    if campaign.state == CampaignState.CLOSED:
        raise CampaignClosed
    if campaign.state == CampaignState.DRAFTED:
        raise NotAnnounced
    if not may_close(campaign, phases, now):
        raise StillRunning
    if not reported:
        raise ReportMissing


def manages(actor: Actor, campaign_id: str | None) -> bool:
    """Tell whether somebody runs campaigns, or at least this one; None asks for a new one."""
    return any(
        actor.has_for(role, campaign_id=campaign_id)
        for role in (Role.COMMUNITY_MANAGER, Role.INNOVATION_MANAGER)
    )


def check_manages(actor: Actor, campaign_id: str | None) -> None:
    """Let pass whoever runs campaigns, or at least this one.

    Raises: RoleMissing.
    """
    permissions.check(actor, Permission.CAMPAIGNS_WRITE)
    if not manages(actor, campaign_id):
        raise RoleMissing


def may_report(actor: Actor, campaign_id: str, sponsor_id: str | None) -> bool:
    """Tell whether somebody tells what came of a campaign: who runs it, and who owns it."""
    owns = any(grant.role is Role.SPONSOR and grant.campaign_id == campaign_id for grant in actor.grants)
    return owns or actor.id == sponsor_id or manages(actor, campaign_id)


def may_see_draft(actor: Actor, campaign_id: str, sponsor_id: str | None) -> bool:
    """Tell whether a campaign that was not announced is shown to somebody: to whoever makes it ready."""
    prepares = any(
        grant.campaign_id == campaign_id and grant.role in (Role.CORRESPONDENT, Role.SPONSOR)
        for grant in actor.grants
    )
    return prepares or actor.id == sponsor_id or manages(actor, campaign_id)
