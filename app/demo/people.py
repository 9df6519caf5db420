"""The people of the demonstration as the application knows them, and what their acts refer to."""

from dataclasses import dataclass, field
from typing import Self

from sqlalchemy import select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain.actors import Actor
from app.domain.roles import Role
from app.models.employees import Employee
from app.models.functions import Function
from app.models.roles import RoleGrant
from app.models.scorecards import ScorecardCriterion
from app.models.themes import Theme
from app.queries import actors


@dataclass
class Troupe:
    """Identifiers by the plan's keys; `criteria` are those of the scorecard, in order, `managers` the committee."""

    ids: dict[str, str]
    themes: dict[str, str]
    functions: dict[str, str]
    criteria: list[str]
    managers: list[str]
    campaigns: dict[str, str] = field(default_factory=dict)
    ideas: dict[str, str] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    requests: dict[str, str] = field(default_factory=dict)
    gatherings: dict[str, str] = field(default_factory=dict)
    known: dict[str, Actor] = field(default_factory=dict)
    employees: dict[str, Employee] = field(default_factory=dict)

    @classmethod
    async def gather(cls, session: ReadSession) -> Self:
        """Read who and what there is."""
        people = list(await session.scalars(select(Employee).where(col(Employee.external_id).is_not(None))))
        themes = await session.execute(select(col(Theme.name), col(Theme.id)))
        functions = await session.execute(select(col(Function.name), col(Function.id)))
        criteria = await session.scalars(
            select(col(ScorecardCriterion.id)).order_by(col(ScorecardCriterion.position))
        )
        managers = await session.scalars(
            select(col(RoleGrant.employee_id))
            .where(col(RoleGrant.role) == Role.INNOVATION_MANAGER, col(RoleGrant.ended_at).is_(None))
            .order_by(col(RoleGrant.employee_id))
        )
        return cls(
            ids={person.external_id or "": person.id for person in people},
            themes=dict(themes.all()),
            functions=dict(functions.all()),
            criteria=list(criteria),
            managers=list(managers),
            employees={person.id: person for person in people},
        )

    async def person(self, session: ReadSession, external_id: str) -> Actor:
        """Return a person of the plan as an actor."""
        return await self.actor(session, self.ids[external_id])

    async def actor(self, session: ReadSession, employee_id: str) -> Actor:
        """Return a person as an actor; the demonstration changes no roles, so it is read once."""
        if employee_id not in self.known:
            employee = self.employees[employee_id]
            found = await actors.find_actor(session, employee_id, session_id=None, now=employee.created_at)
            if found is None:
                raise LookupError(employee_id)
            self.known[employee_id] = found
        return self.known[employee_id]
