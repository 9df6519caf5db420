"""Choosing to be found as an innovator, and being found no more."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlmodel import col

from app.core.db import WriteSession
from app.domain import innovators
from app.domain.actors import Actor
from app.domain.innovator_events import InnovatorProfileSet
from app.domain.innovators import NobodyToShow
from app.models.innovators import InnovatorProfile, InnovatorReader
from app.schemas.innovators import SetInnovatorProfile
from app.services import events


async def choose(session: WriteSession, actor: Actor, values: SetInnovatorProfile, *, now: datetime) -> None:
    """Say whether one is found, by whom and with what, from the next request on; doing it again changes nothing.

    Of who is not shown any more nothing is kept.

    Raises: NobodyToShow.
    """
    if values.shown and not values.readers:
        raise NobodyToShow.at("/readers")
    profile = await session.get(InnovatorProfile, actor.id, with_for_update=True)
    readers = (
        {role.value for role in innovators.READERS if role.value in values.readers} if values.shown else set()
    )
    known = set(
        await session.scalars(
            select(col(InnovatorReader.role)).where(col(InnovatorReader.employee_id) == actor.id)
        )
    )
    chosen = {"about": values.about, "offers": sorted(set(values.offers)), "skills": values.skills}
    if readers == known and (profile is None if not values.shown else _says(profile, chosen)):
        return
    await session.execute(
        delete(InnovatorReader).where(col(InnovatorReader.employee_id) == actor.id),
        execution_options={"synchronize_session": False},
    )
    if values.shown:
        profile = profile or InnovatorProfile(employee_id=actor.id, since=now)
        for name, value in chosen.items():
            setattr(profile, name, value)
        session.add(profile)
        session.add_all(InnovatorReader(role=role, employee_id=actor.id) for role in sorted(readers))
    elif profile is not None:
        await session.delete(profile)
    event = InnovatorProfileSet(actor.id, {"shown": values.shown})
    events.record(session, event, actor_id=actor.id, now=now)
    await session.flush()


def _says(profile: InnovatorProfile | None, chosen: dict[str, object]) -> bool:
    return profile is not None and all(getattr(profile, name) == value for name, value in chosen.items())
