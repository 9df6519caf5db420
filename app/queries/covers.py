"""Reading how many people could have written an idea; nobody is ever shown who they are."""

from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from app.core.db import ReadSession
from app.models.campaigns import CampaignEntity
from app.models.employees import Employee, Management
from app.models.entities import Entity
from app.models.ideas import Idea
from app.queries.crowds import is_below


async def count_people(session: ReadSession, idea: Idea, *, most: int) -> int:
    """Return how many active people could have written an idea, counted no further than `most`.

    They are those whom its campaign is for. Everybody knows that the holder is not too close to the authors: so
    it is neither the holder, nor anybody below or directly above them.
    """
    people: Any = select(col(Employee.id)).where(
        col(Employee.active).is_(True), col(Employee.kind) == "employee"
    )
    paths = await session.scalars(
        select(col(Entity.path))
        .join(CampaignEntity, col(CampaignEntity.entity_id) == col(Entity.id))
        .where(col(CampaignEntity.campaign_id) == idea.campaign_id)
    )
    if addressed := paths.all():
        people = people.join(Entity, col(Entity.id) == col(Employee.entity_id)).where(
            is_below(list(addressed))
        )
    if idea.holder_id is not None:
        people = people.where(col(Employee.id).not_in(_select_close(idea.holder_id)))
    counted = people.limit(most).subquery()
    return await session.scalar(select(func.count()).select_from(counted)) or 0


def _select_close(holder_id: str) -> Any:
    """Return the statement of a holder, their direct manager, and everybody below them."""
    lower = (
        select(col(Management.employee_id).label("person"))
        .where(col(Management.manager_id) == holder_id, col(Management.ended_at).is_(None))
        .cte("lower", recursive=True)
    )
    # UNION, not UNION ALL: a cycle in the records ends the recursion.
    lower = lower.union(
        select(col(Management.employee_id))
        .join(lower, col(Management.manager_id) == lower.c.person)
        .where(col(Management.ended_at).is_(None))
    )
    above = select(col(Management.manager_id)).where(
        col(Management.employee_id) == holder_id,
        col(Management.ended_at).is_(None),
        col(Management.manager_id).is_not(None),
    )
    oneself = select(col(Employee.id)).where(col(Employee.id) == holder_id)
    return select(lower.c.person).union(above, oneself)
