"""Checking what a request refers to: themes, functions, campaigns, people."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from app.core import ids
from app.core.db import WriteSession
from app.domain.ideas import UnknownReference
from app.models.campaigns import Campaign
from app.models.employees import Employee
from app.models.entities import Entity
from app.models.functions import Function
from app.models.themes import Theme


async def check_theme(session: WriteSession, theme_id: str, *, pointer: str = "/theme") -> None:
    """Let pass a theme that exists.

    Raises: UnknownReference.
    """
    if not ids.is_valid(theme_id) or await session.get(Theme, theme_id) is None:
        raise UnknownReference.at(pointer, "There is no such theme.")


async def check_function(session: WriteSession, function_id: str, *, pointer: str = "/function") -> None:
    """Let pass a function that exists.

    Raises: UnknownReference.
    """
    if not ids.is_valid(function_id) or await session.get(Function, function_id) is None:
        raise UnknownReference.at(pointer, "There is no such function.")


async def check_entity(session: WriteSession, entity_id: str, *, pointer: str = "/entity") -> None:
    """Let pass an entity that exists.

    Raises: UnknownReference.
    """
    if not ids.is_valid(entity_id) or await session.get(Entity, entity_id) is None:
        raise UnknownReference.at(pointer, "There is no such entity.")


async def check_campaign(session: WriteSession, campaign_id: str, *, pointer: str = "/campaign") -> None:
    """Let pass a campaign that exists, whether or not it runs.

    Raises: UnknownReference.
    """
    if not ids.is_valid(campaign_id) or await session.get(Campaign, campaign_id) is None:
        raise UnknownReference.at(pointer, "There is no such campaign.")


async def get_campaign_id(session: WriteSession, campaign_id: str | None, *, now: datetime) -> str:
    """Return the campaign of a new idea: the one that was named, while it runs, else the permanent box.

    Raises: UnknownReference.
    """
    if campaign_id is None:
        permanent = await session.scalar(select(col(Campaign.id)).where(col(Campaign.permanent).is_(True)))
        if permanent is None:
            message = "the permanent box is missing: run `ideabox migrate`"
            raise RuntimeError(message)
        return permanent
    campaign = await session.get(Campaign, campaign_id) if ids.is_valid(campaign_id) else None
    if (
        campaign is None
        or campaign.starts_at > now
        or (campaign.ends_at is not None and campaign.ends_at <= now)
    ):
        raise UnknownReference.at("/campaign", "There is no such campaign that takes ideas now.")
    return campaign.id


async def get_open_campaign_id(session: WriteSession, campaign_id: str, *, now: datetime) -> str:
    """Return the campaign of a draft that is submitted: its own while that runs, else the permanent box."""
    campaign = await session.get_one(Campaign, campaign_id)
    if campaign.permanent or campaign.ends_at is None or campaign.ends_at > now:
        return campaign_id
    return await get_campaign_id(session, None, now=now)


async def check_employee(session: WriteSession, employee_id: str, *, pointer: str) -> None:
    """Let pass an active person.

    Raises: UnknownReference.
    """
    person = await session.get(Employee, employee_id) if ids.is_valid(employee_id) else None
    if person is None or not person.active:
        raise UnknownReference.at(pointer, "There is no such person here.")
