"""The people of the matrix: one for each relation to the ideas, dressed in one role after the other."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete
from sqlmodel import col, select

from app.core.db import WriteSession
from app.domain.roles import Role
from app.models.campaigns import Campaign
from app.models.employees import Employee, Management
from app.models.roles import RoleGrant
from app.models.scorecards import ScorecardCriterion
from tests.matrix.policy import CONFLICTED, RELATIONS, ROLES
from tests.support import world
from tests.support.world import START, Cast

EVERY_ROLE = "every role"
"""To wear all at once."""


@dataclass
class Company:
    """Everybody by relation, and what ideas and requests refer to."""

    cast: Cast
    people: dict[str, Employee] = field(default_factory=dict)
    scopes: dict[str, dict[str, Any]] = field(default_factory=dict)
    criteria: list[str] = field(default_factory=list)
    worn: str = ""

    @property
    def barred(self) -> set[str]:
        """The identifiers of all who may never hold one of the ideas."""
        return {self.people[relation].id for relation in CONFLICTED} | {self.people["lost author"].id}


async def gather(session: WriteSession, cast: Cast) -> Company:
    """Bring everybody together.

    The ideas are written by Alice with two co-authors, one of whom has a manager, and one of whom the
    directory does not know the manager: whoever works in that unit is in doubt.
    """
    company = Company(cast)

    async def hire(relation: str, entity: str, manager: Employee | None = None) -> Employee:
        company.people[relation] = await world.make_employee(
            session, relation, entity=entity, manager=manager
        )
        return company.people[relation]

    known = {
        "author": "Alice",
        "line manager": "Bob",
        "manager above": "Carol",
        "direct report": "Rita",
        "peer": "Pete",
        "line manager who holds": "Bob",
    }
    company.people = {relation: cast[name] for relation, name in known.items()}
    boss = cast["Boss"]
    await hire("co-author's manager", "Company/Marketing", boss)
    await hire("co-author", "Company/Marketing", company.people["co-author's manager"])
    lost = await hire("lost author", "Company/Lost")
    held = await session.scalar(select(Management).where(col(Management.employee_id) == lost.id))
    assert held is not None
    held.certain = False
    await hire("in doubt", "Company/Lost", boss)
    for relation in ("stood back", "former co-author", "invited", "holder", "stranger", "newcomer"):
        await hire(relation, f"Company/{relation.title()}", boss)
    assert set(RELATIONS) <= set(company.people)
    campaigns = [Campaign(name=name, starts_at=START) for name in ("Spring", "Autumn")]
    session.add_all(campaigns)
    company.criteria = list(await session.scalars(select(col(ScorecardCriterion.id))))
    await session.flush()
    company.scopes = {
        "all": {},
        "function": {"function_id": cast.functions["Finance"]},
        "other function": {"function_id": cast.functions["IT"]},
        "campaign": {"campaign_id": campaigns[0].id},
        "other campaign": {"campaign_id": campaigns[1].id},
    }
    return company


async def wear(session: WriteSession, company: Company, role: str) -> None:
    """Dress everybody who has a relation to the ideas, the author's line too, in one role and no other."""
    if company.worn == role:
        return
    everybody = sorted({company.people[relation].id for relation in RELATIONS})
    await session.execute(delete(RoleGrant).where(col(RoleGrant.employee_id).in_(everybody)))
    grants = ROLES.values() if role == EVERY_ROLE else [ROLES[role]]
    session.add_all(
        RoleGrant(employee_id=person, role=Role(worn[0]), granted_at=START, **company.scopes[worn[1]])
        for person in everybody
        for worn in grants
        if worn is not None
    )
    company.worn = role
