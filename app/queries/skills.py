"""Reading what one said one can help with."""

from sqlalchemy import select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain.actors import Actor
from app.domain.skills import MOST_HELPS
from app.models.functions import Function
from app.models.skills import HelpCapacity, Skill
from app.schemas.shapes import Named
from app.schemas.skills import Skills


async def get_own(session: ReadSession, actor: Actor) -> Skills:
    """Return the actor's own skills; nobody else's are shown to anybody but whom they help."""
    words = await session.scalars(
        select(col(Skill.skill)).where(col(Skill.employee_id) == actor.id).order_by(col(Skill.position))
    )
    functions = await session.execute(
        select(col(Function.id), col(Function.name))
        .where(col(Function.id).in_({grant.function_id for grant in actor.grants} - {None}))
        .order_by(col(Function.name))
    )
    limit = await session.get(HelpCapacity, actor.id)
    return Skills(
        skills=list(words),
        functions=[Named(id=function_id, name=name) for function_id, name in functions],
        capacity=limit.helps if limit else MOST_HELPS,
    )
