"""Reading who could hold an idea: every granted role that holds ideas, with the load of each person."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, bindparam, func, select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain.roles import Role
from app.domain.routing import Candidate, Tier
from app.models.absences import Absence
from app.models.capacities import Capacity
from app.models.employees import Employee
from app.models.ideas import Idea
from app.models.reviews import Review
from app.models.roles import RoleGrant

HOLDERS = (Role.CORRESPONDENT, Role.INNOVATION_MANAGER, Role.SPONSOR, Role.ADMIN)
"""The roles by which somebody may hold ideas."""


async def list_candidates(session: ReadSession, idea: Idea, *, today: date) -> list[Candidate]:
    """Return every active person who could hold the idea, once for each tier they stand in."""
    rows = await session.execute(_CANDIDATES, {"today": today})
    found: list[Candidate] = []
    for role, function_id, campaign_id, person_id, entity_id, held, capacity, away in rows:
        tier = _get_tier(idea, Role(role), function_id, campaign_id)
        if tier is not None:
            found.append(Candidate(person_id, tier, entity_id, held, capacity, away is not None))
    return found


def _write_statement() -> Any:
    load = (
        select(col(Review.reviewer_id), func.count().label("ideas"))
        .where(col(Review.closed_at).is_(None), col(Review.reviewer_id).is_not(None))
        .group_by(col(Review.reviewer_id))
        .subquery()
    )
    return (
        select(
            col(RoleGrant.role),
            col(RoleGrant.function_id),
            col(RoleGrant.campaign_id),
            col(Employee.id),
            col(Employee.entity_id),
            func.coalesce(load.c.ideas, 0),
            col(Capacity.reviews),
            col(Absence.employee_id),
        )
        .join(Employee, col(Employee.id) == col(RoleGrant.employee_id))
        .outerjoin(Capacity, col(Capacity.employee_id) == col(Employee.id))
        .outerjoin(Absence, (col(Absence.employee_id) == col(Employee.id)) & is_away())
        .outerjoin(load, load.c.reviewer_id == col(Employee.id))
        .where(
            col(RoleGrant.ended_at).is_(None),
            col(RoleGrant.role).in_([role.value for role in HOLDERS]),
            col(Employee.active).is_(True),
        )
    )


def is_away() -> ColumnElement[bool]:
    """Return the condition that an absence holds on the day bound as `today`."""
    return bindparam("today", type_=Date()).between(col(Absence.first_day), col(Absence.last_day))


_CANDIDATES = _write_statement()


def _get_tier(idea: Idea, role: Role, function_id: str | None, campaign_id: str | None) -> Tier | None:
    if campaign_id is not None and campaign_id != idea.campaign_id:
        return None
    match role:
        case Role.CORRESPONDENT if campaign_id is not None:
            return Tier.CAMPAIGN
        case Role.CORRESPONDENT:
            return Tier.FUNCTION if function_id == idea.function_id else Tier.OTHER_FUNCTION
        case Role.INNOVATION_MANAGER:
            return Tier.INNOVATION_MANAGER
        case Role.SPONSOR:
            return Tier.SPONSOR
        case _:
            return Tier.ADMIN


Held = tuple[str, str | None, str | None]
"""A role with the function or the campaign it is granted for."""


async def list_grants(session: ReadSession) -> dict[str, list[Held]]:
    """Return the roles by which active people may hold ideas, by person."""
    rows = await session.execute(
        select(
            col(RoleGrant.employee_id),
            col(RoleGrant.role),
            col(RoleGrant.function_id),
            col(RoleGrant.campaign_id),
        )
        .join(Employee, col(Employee.id) == col(RoleGrant.employee_id))
        .where(
            col(RoleGrant.ended_at).is_(None),
            col(RoleGrant.role).in_([role.value for role in HOLDERS]),
            col(Employee.active).is_(True),
        )
    )
    found: dict[str, list[Held]] = {}
    for person_id, role, function_id, campaign_id in rows.all():
        found.setdefault(person_id, []).append((role, function_id, campaign_id))
    return found


def list_tiers(idea: Idea, grants: list[Held]) -> set[Tier]:
    """Return the tiers in which somebody with these roles may hold an idea."""
    tiers = (
        _get_tier(idea, Role(role), function_id, campaign_id) for role, function_id, campaign_id in grants
    )
    return {tier for tier in tiers if tier is not None}
