"""Reading who could be asked for help: roles, skills, load, absence; three statements however many people."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain.actors import Grant
from app.domain.help_requests import OPEN
from app.domain.offers import HELPING_ROLES, Offer, Wanted, Wish
from app.domain.roles import Role
from app.domain.skills import MOST_HELPS
from app.models.absences import Absence
from app.models.employees import Employee
from app.models.help_requests import HelpRequest
from app.models.roles import RoleGrant
from app.models.skills import HelpCapacity, Skill
from app.queries.candidates import is_away


async def list_offers(session: ReadSession, wish: Wish, *, today: date) -> list[Offer]:
    """Return everybody who may be of the kind that is looked for."""
    wearers = select(col(RoleGrant.employee_id)).where(
        col(RoleGrant.ended_at).is_(None), col(RoleGrant.role).in_([role.value for role in HELPING_ROLES])
    )
    meant: ColumnElement[bool] = col(Employee.id).in_(wearers)
    if wish.wanted == Wanted.ANYONE and wish.words:
        knowing = select(col(Skill.employee_id)).where(col(Skill.skill).in_(sorted(wish.words)))
        meant = or_(meant, col(Employee.id).in_(knowing))
    return await _list_offers(session, select(col(Employee.id)).where(meant), today=today)


async def find_offers(session: ReadSession, people: Collection[str], *, today: date) -> dict[str, Offer]:
    """Return what some people have to offer; who left is not among them."""
    if not people:
        return {}
    meant = select(col(Employee.id)).where(col(Employee.id).in_(people))
    return {offer.person_id: offer for offer in await _list_offers(session, meant, today=today)}


async def _list_offers(session: ReadSession, meant: Select[Any], *, today: date) -> list[Offer]:
    meant = meant.where(col(Employee.active).is_(True), col(Employee.kind) == "employee")
    grants: defaultdict[str, list[Grant]] = defaultdict(list)
    for person_id, role, *scope in await session.execute(
        select(
            col(RoleGrant.employee_id),
            col(RoleGrant.role),
            col(RoleGrant.function_id),
            col(RoleGrant.entity_id),
            col(RoleGrant.campaign_id),
        ).where(col(RoleGrant.ended_at).is_(None), col(RoleGrant.employee_id).in_(meant))
    ):
        grants[person_id].append(Grant(Role(role), *scope))
    skills: defaultdict[str, set[str]] = defaultdict(set)
    for person_id, skill in await session.execute(
        select(col(Skill.employee_id), col(Skill.skill)).where(col(Skill.employee_id).in_(meant))
    ):
        skills[person_id].add(skill)
    rows = await session.execute(_select_people().where(col(Employee.id).in_(meant)), {"today": today})
    return [
        Offer(
            person_id,
            entity_id,
            tuple(grants[person_id]),
            frozenset(skills[person_id]),
            load,
            MOST_HELPS if helps is None else helps,
            away is not None,
        )
        for person_id, entity_id, load, helps, away in rows
    ]


def _select_people() -> Any:
    load = (
        select(col(HelpRequest.helper_id), func.count().label("requests"))
        .where(col(HelpRequest.state).in_([state.value for state in OPEN]))
        .group_by(col(HelpRequest.helper_id))
        .subquery()
    )
    return (
        select(
            col(Employee.id),
            col(Employee.entity_id),
            func.coalesce(load.c.requests, 0),
            col(HelpCapacity.helps),
            col(Absence.employee_id),
        )
        .outerjoin(HelpCapacity, col(HelpCapacity.employee_id) == col(Employee.id))
        .outerjoin(Absence, (col(Absence.employee_id) == col(Employee.id)) & is_away())
        .outerjoin(load, load.c.helper_id == col(Employee.id))
    )
