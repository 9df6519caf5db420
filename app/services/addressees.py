"""Addressees of campaigns: the units whose people may submit to them."""

from sqlalchemy import delete, func, or_, select
from sqlmodel import col

from app.core import ids
from app.core.db import WriteSession
from app.domain.campaigns import AudienceTooSmall
from app.domain.ideas import UnknownReference
from app.domain.privacy import FLOOR
from app.models.campaigns import CampaignEntity
from app.models.employees import Employee
from app.models.entities import Entity
from app.schemas.campaigns import SetAudience


async def put(session: WriteSession, campaign_id: str, values: SetAudience | None) -> None:
    """Say whom a campaign is for; None is everybody.

    Raises: UnknownReference.
    """
    await session.execute(delete(CampaignEntity).where(col(CampaignEntity.campaign_id) == campaign_id))
    wanted = list(dict.fromkeys(values.entities)) if values else []
    for place, entity_id in enumerate(wanted):
        if not ids.is_valid(entity_id) or await session.get(Entity, entity_id) is None:
            raise UnknownReference.at(f"/audience/entities/{place}", "There is no such entity.")
        session.add(CampaignEntity(campaign_id=campaign_id, entity_id=entity_id))
    await session.flush()


async def list_paths(session: WriteSession, campaign_id: str) -> list[str]:
    """Return the paths of the units that a campaign is for; none means everybody."""
    paths = await session.scalars(
        select(col(Entity.path))
        .join(CampaignEntity, col(CampaignEntity.entity_id) == col(Entity.id))
        .where(col(CampaignEntity.campaign_id) == campaign_id)
    )
    return list(paths)


async def check_size(session: WriteSession, campaign_id: str) -> None:
    """Let pass an audience in which an anonymous author is one of several.

    Raises: AudienceTooSmall.
    """
    paths = await list_paths(session, campaign_id)
    if not paths:
        return
    inside = or_(
        *(
            or_(col(Entity.path) == path, col(Entity.path).startswith(f"{path}/", autoescape=True))
            for path in paths
        )
    )
    people = await session.scalar(
        select(func.count())
        .select_from(Employee)
        .join(Entity, col(Entity.id) == col(Employee.entity_id))
        .where(col(Employee.kind) == "employee", col(Employee.active).is_(True), inside)
    )
    if (people or 0) < FLOOR:
        raise AudienceTooSmall.at("/audience")
