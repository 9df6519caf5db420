"""Staffing a campaign: its sponsor and its own correspondents, by grants for this campaign alone."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from app.core import ids, locks
from app.core.db import WriteSession
from app.domain.actors import Actor
from app.domain.campaign_events import CampaignChanged
from app.domain.campaigns import CampaignState
from app.domain.ideas import UnknownReference
from app.domain.register import Entry
from app.domain.roles import OwnGrant, Role
from app.models.campaigns import Campaign
from app.models.employees import Employee
from app.models.roles import RoleGrant
from app.queries.campaigns import get_managed
from app.schemas.campaigns import SetCorrespondents
from app.schemas.employees import GrantRole
from app.services import events, register, rerouting, roles


async def set_correspondents(
    session: WriteSession, actor: Actor, campaign_id: str, values: SetCorrespondents, *, now: datetime
) -> None:
    """Say who answers for the ideas of a campaign; ideas that somebody held by it find other holders.

    Who is conflicted for an idea is passed over for it, as everywhere.

    Raises: NoSuchCampaign, RoleMissing, PermanentBoxStays, CampaignClosed, UnknownReference, OwnGrant.
    """
    campaign = await get_managed(session, actor, campaign_id)
    await locks.take(session, locks.ORGANISATION)
    wanted = list(dict.fromkeys(values.employees))
    held = {grant.employee_id: grant for grant in await _list_grants(session, campaign, Role.CORRESPONDENT)}
    for place, person_id in enumerate(wanted):
        if person_id not in held:
            await _check_person(session, actor, person_id, f"/employees/{place}")
            await _grant(session, actor, campaign, person_id, Role.CORRESPONDENT, now=now)
    gone = [grant for person_id, grant in held.items() if person_id not in wanted]
    for grant in gone:
        await roles.end_held(session, grant, actor_id=actor.id, now=now)
    if gone or wanted != list(held):
        change = CampaignChanged(campaign.id, {"change": "staffed"})
        events.record(session, change, actor_id=actor.id, now=now)
        if campaign.state != CampaignState.DRAFTED:
            facts = {"change": "staffed", "before": {"people": len(held)}, "after": {"people": len(wanted)}}
            register.enter(session, Entry(change.kind, campaign.id, actor.id, facts=facts), now=now)
        await rerouting.settle_all(session, now=now)


async def set_sponsor(
    session: WriteSession, actor: Actor, campaign: Campaign, sponsor_id: str | None, *, now: datetime
) -> None:
    """Say who owns a campaign, and so has a seat in the committee for its ideas; None is nobody.

    Raises: UnknownReference, OwnGrant.
    """
    if sponsor_id == campaign.sponsor_id:
        return
    await locks.take(session, locks.ORGANISATION)
    if sponsor_id is not None:
        await _check_person(session, actor, sponsor_id, "/sponsor")
    former = await _list_grants(session, campaign, Role.SPONSOR)
    for grant in former:
        if grant.employee_id != sponsor_id:
            await roles.end_held(session, grant, actor_id=actor.id, now=now)
    if sponsor_id is not None and sponsor_id not in {grant.employee_id for grant in former}:
        await _grant(session, actor, campaign, sponsor_id, Role.SPONSOR, now=now)
    campaign.sponsor_id = sponsor_id


async def _list_grants(session: WriteSession, campaign: Campaign, role: Role) -> Sequence[RoleGrant]:
    found = await session.scalars(
        select(RoleGrant)
        .where(
            col(RoleGrant.campaign_id) == campaign.id,
            col(RoleGrant.role) == role.value,
            col(RoleGrant.ended_at).is_(None),
        )
        .order_by(col(RoleGrant.granted_at), col(RoleGrant.id))
    )
    return found.all()


async def _check_person(session: WriteSession, actor: Actor, person_id: str, pointer: str) -> None:
    """Let pass somebody else who works here: nobody gives a role to themselves."""
    if person_id == actor.id:
        raise OwnGrant.at(pointer)
    person = await session.get(Employee, person_id) if ids.is_valid(person_id) else None
    if person is None or not person.active or person.kind == "placeholder":
        raise UnknownReference.at(pointer, "There is no such person here.")


async def _grant(
    session: WriteSession, actor: Actor, campaign: Campaign, person_id: str, role: Role, *, now: datetime
) -> None:
    values = GrantRole(role=role.value, campaign=campaign.id)
    await roles.add(session, person_id, values, actor_id=actor.id, now=now)
