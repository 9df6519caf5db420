"""Setting how many open reviews somebody takes."""

from datetime import datetime

from sqlalchemy import delete
from sqlmodel import col

from app.core.db import WriteSession
from app.domain import permissions, register
from app.domain.actors import Actor
from app.domain.clock_events import CapacitySet
from app.domain.permissions import Permission
from app.domain.register import Detail
from app.models.capacities import Capacity
from app.queries.employees import get_visible
from app.schemas.capacities import SetCapacity
from app.services import events


async def put(
    session: WriteSession, actor: Actor, employee_id: str, values: SetCapacity, *, now: datetime
) -> None:
    """Set a person's capacity; ideas that they hold already stay.

    Raises: NoSuchEmployee, RoleMissing.
    """
    person = await get_visible(session, actor, employee_id)
    permissions.check(actor, Permission.CLOCK_WRITE)
    before = await session.get(Capacity, person.id)
    former = {"reviews": before.reviews if before else None}
    if values.reviews is None:
        await session.execute(delete(Capacity).where(col(Capacity.employee_id) == person.id))
    else:
        await session.merge(Capacity(employee_id=person.id, reviews=values.reviews, updated_at=now))
    facts = {"reviews": values.reviews}
    detail = Detail(register.compare(former, facts))
    events.record(session, CapacitySet(person.id, facts), actor_id=actor.id, now=now, detail=detail)
    await session.flush()
