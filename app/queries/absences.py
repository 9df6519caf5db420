"""Reading one's own absence."""

from app.core.db import ReadSession
from app.domain.actors import Actor
from app.models.absences import Absence as AbsenceRow
from app.schemas.absences import Absence


async def get_own(session: ReadSession, actor: Actor) -> Absence:
    """Return when the actor is away, also when that is over by now; without days where nothing was said."""
    row = await session.get(AbsenceRow, actor.id)
    return Absence(first_day=row.first_day if row else None, last_day=row.last_day if row else None)
