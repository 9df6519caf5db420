"""Checking what a request refers to: themes, functions, campaigns, people."""

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


async def check_employee(session: WriteSession, employee_id: str, *, pointer: str) -> None:
    """Let pass an active person.

    Raises: UnknownReference.
    """
    person = await session.get(Employee, employee_id) if ids.is_valid(employee_id) else None
    if person is None or not person.active:
        raise UnknownReference.at(pointer, "There is no such person here.")
