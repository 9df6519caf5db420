"""Groups that nudges go to: who may be addressed, and never a list of them for anybody."""

from typing import Any, Protocol

from sqlalchemy import Select, exists, func, select, union
from sqlmodel import col

from app.core.db import ReadSession
from app.domain.segments import Segment
from app.models.employees import Employee
from app.models.follows import FunctionFollow
from app.models.roles import RoleGrant
from app.models.segments import Membership, Unaddressed
from app.queries import news_audiences


class Wanted(Protocol):
    """What narrows a group."""

    segment: str | None
    entity_id: str | None
    function_id: str | None
    author_id: str


async def select_group(session: ReadSession, wanted: Wanted) -> Select[Any]:
    """Return the statement of the active people of a group, without the author and those who opted out."""
    statement: Select[Any] = select(col(Employee.id)).where(
        col(Employee.active).is_(True),
        col(Employee.kind) == "employee",
        col(Employee.id) != wanted.author_id,
        ~exists().where(col(Unaddressed.employee_id) == col(Employee.id)),
    )
    if wanted.segment is not None:
        statement = statement.where(
            exists().where(
                col(Membership.employee_id) == col(Employee.id),
                col(Membership.segment) == Segment(wanted.segment),
            )
        )
    if wanted.entity_id is not None:
        below = await news_audiences.list_below(session, [wanted.entity_id])
        statement = statement.where(col(Employee.entity_id).in_(below))
    if wanted.function_id is not None:
        near = union(
            select(col(RoleGrant.employee_id)).where(
                col(RoleGrant.function_id) == wanted.function_id, col(RoleGrant.ended_at).is_(None)
            ),
            select(col(FunctionFollow.follower_id)).where(
                col(FunctionFollow.function_id) == wanted.function_id
            ),
        )
        statement = statement.where(col(Employee.id).in_(select(near.subquery().c[0])))
    return statement


async def count_group(session: ReadSession, wanted: Wanted) -> int:
    """Return how many people there are in a group."""
    group = (await select_group(session, wanted)).subquery()
    return await session.scalar(select(func.count()).select_from(group)) or 0
