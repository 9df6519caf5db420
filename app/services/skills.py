"""Saying what one can help with, and how much of it."""

from datetime import datetime

from sqlalchemy import delete
from sqlmodel import col

from app.core.db import WriteSession
from app.domain.actors import Actor
from app.domain.help_events import SkillsSet
from app.models.skills import HelpCapacity, Skill
from app.schemas.skills import SetSkills
from app.services import events, turns


async def put(session: WriteSession, actor: Actor, values: SetSkills, *, now: datetime) -> None:
    """Replace what the actor said; requests for help that they have stay."""
    await turns.take(session, actor.id)
    await session.execute(delete(Skill).where(col(Skill.employee_id) == actor.id))
    session.add_all(
        Skill(employee_id=actor.id, skill=word, position=place) for place, word in enumerate(values.skills)
    )
    await session.merge(HelpCapacity(employee_id=actor.id, helps=values.capacity, updated_at=now))
    events.record(session, SkillsSet(actor.id), actor_id=actor.id, now=now)
    await session.flush()
