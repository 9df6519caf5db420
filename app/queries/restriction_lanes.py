"""Reading the lanes: what is said about each kind, and to whoever sets them who reads them."""

from sqlalchemy import select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain import permissions, restrictions
from app.domain.actors import Actor
from app.domain.permissions import Permission
from app.domain.restrictions import RestrictionKind
from app.models.employees import Employee
from app.models.restrictions import RestrictionLane, RestrictionReader
from app.queries.restrictions import write_texts
from app.schemas.restrictions import Lane
from app.schemas.shapes import Named


async def list_lanes(session: ReadSession, actor: Actor) -> list[Lane]:
    """Return every lane; who reads it is for those who set it."""
    sets = permissions.may(actor, Permission.RESTRICTIONS_WRITE)
    lanes = {
        lane.kind: (lane.contact, Named(id=lane.escalation_id, name=name) if lane.escalation_id else None)
        for lane, name in await session.execute(
            select(RestrictionLane, col(Employee.name)).outerjoin(
                Employee, col(Employee.id) == col(RestrictionLane.escalation_id)
            )
        )
    }
    readers: dict[str, list[Named]] = {kind.value: [] for kind in RestrictionKind}
    rows = await session.execute(
        select(col(RestrictionReader.kind), col(Employee.id), col(Employee.name))
        .join(Employee, col(Employee.id) == col(RestrictionReader.employee_id))
        .order_by(col(Employee.name), col(Employee.id))
    )
    for kind, person, name in rows:
        readers[kind].append(Named(id=person, name=name))
    found = []
    for kind in RestrictionKind:
        contact, escalation = lanes.get(kind.value, ("", None))
        found.append(
            Lane(
                kind=kind.value,
                texts=write_texts(kind, contact or None),
                readers=readers[kind.value] if sets else None,
                escalation=escalation if sets else None,
                can=["edit"] if sets else [],
            )
        )
    return found


async def get_lane(session: ReadSession, actor: Actor, kind_name: str) -> Lane:
    """Return one lane.

    Raises: NoSuchLane.
    """
    kind = restrictions.get_kind(kind_name)
    return next(lane for lane in await list_lanes(session, actor) if lane.kind == kind)
