"""Crowds: who belongs to a topic that everybody concerned is told of."""

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import Select, or_, select, union
from sqlmodel import col

from app.core.db import ReadSession
from app.domain.subjects import SubjectKind, Topic
from app.models.campaigns import CampaignEntity
from app.models.employees import Employee
from app.models.entities import Entity
from app.models.gatherings import GatheringHost, SignUp

Crowd = Callable[[ReadSession, str], Awaitable[Select[Any]]]
"""Returns the statement of the identifiers of people, given the identifier of a subject."""


async def list_slice(session: ReadSession, topic: Topic, *, after: str, limit: int) -> list[str]:
    """Return the next people of a crowd in the order of their identifiers, those who have left excepted."""
    crowd = (await CROWDS[topic.kind](session, topic.id)).subquery()
    found = await session.scalars(
        select(col(Employee.id))
        .where(
            col(Employee.id).in_(select(crowd.c[0])),
            col(Employee.id) > after,
            col(Employee.active).is_(True),
            col(Employee.kind) == "employee",
        )
        .order_by(col(Employee.id))
        .limit(limit)
    )
    return list(found)


def is_below(paths: list[str]) -> Any:
    """Return the condition that an entity is one of some, given by their paths, or stands below one."""
    return or_(
        *(
            or_(col(Entity.path) == path, col(Entity.path).startswith(f"{path}/", autoescape=True))
            for path in paths
        )
    )


async def _select_people_of_gathering(_session: ReadSession, gathering_id: str) -> Select[Any]:
    signed_up = select(col(SignUp.employee_id)).where(col(SignUp.gathering_id) == gathering_id)
    hosts = select(col(GatheringHost.employee_id)).where(col(GatheringHost.gathering_id) == gathering_id)
    return select(union(signed_up, hosts).subquery())


async def _select_audience(session: ReadSession, campaign_id: str) -> Select[Any]:
    paths = await session.scalars(
        select(col(Entity.path))
        .join(CampaignEntity, col(CampaignEntity.entity_id) == col(Entity.id))
        .where(col(CampaignEntity.campaign_id) == campaign_id)
    )
    wanted = paths.all()
    if not wanted:
        return select(col(Employee.id))
    return (
        select(col(Employee.id))
        .join(Entity, col(Entity.id) == col(Employee.entity_id))
        .where(is_below(list(wanted)))
    )


CROWDS: dict[SubjectKind, Crowd] = {
    SubjectKind.GATHERING: _select_people_of_gathering,
    SubjectKind.CAMPAIGN: _select_audience,
}
"""THE table of crowds: a subject that many people are told of has a row here."""
