"""Setting the lanes: who reads them, how people reach whoever is competent elsewhere, who hears of an escalation."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlmodel import col

from app.core import ids, locks
from app.core.db import WriteSession
from app.domain import permissions, restrictions
from app.domain import register as rules
from app.domain.actors import Actor
from app.domain.permissions import Permission
from app.domain.register import Entry
from app.domain.restriction_events import LaneSet
from app.domain.restrictions import NoSuchReader
from app.domain.roles import OwnGrant
from app.models.employees import Employee
from app.models.restrictions import RestrictionLane, RestrictionReader
from app.schemas.restrictions import SetLane
from app.services import events, register, restriction_turns


async def put(session: WriteSession, actor: Actor, kind_name: str, values: SetLane, *, now: datetime) -> None:
    """Set a lane as a whole; nobody makes a reader of themselves, and turns go to whoever may have them now.

    Raises: NoSuchLane, RoleMissing, NoSuchReader, OwnGrant.
    """
    kind = restrictions.get_kind(kind_name).value
    permissions.check(actor, Permission.RESTRICTIONS_WRITE)
    await locks.take(session, locks.ORGANISATION)
    wanted = set(values.readers)
    await _check_people(session, wanted, "/readers")
    await _check_people(session, {values.escalation} - {None}, "/escalation")
    lane = await session.get(RestrictionLane, kind)
    former = set(
        await session.scalars(
            select(col(RestrictionReader.employee_id)).where(col(RestrictionReader.kind) == kind)
        )
    )
    heard = lane.escalation_id if lane else None
    if actor.id in wanted - former or (values.escalation == actor.id and heard != actor.id):
        raise OwnGrant
    if lane is None:
        lane = RestrictionLane(kind=kind, updated_at=now)
        session.add(lane)
    texts = ["contact"] if lane.contact != values.contact else []
    lane.contact, lane.escalation_id, lane.updated_at = values.contact, values.escalation, now
    await session.execute(
        delete(RestrictionReader).where(
            col(RestrictionReader.kind) == kind, col(RestrictionReader.employee_id).in_(former - wanted)
        )
    )
    session.add_all(
        RestrictionReader(kind=kind, employee_id=person, since=now) for person in sorted(wanted - former)
    )
    changes = [
        *_compare("reader", former, wanted),
        *_compare("escalation", {heard} - {None}, {values.escalation} - {None}),
    ]
    for act, person in changes:
        register.enter(session, Entry(act, kind, actor.id, person, facts={"kind": kind}), now=now)
    counts = rules.compare({"readers": len(former)}, {"readers": len(wanted)})
    facts = {"kind": kind, **counts, "texts": texts}
    register.enter(session, Entry("restriction-lanes.set", kind, actor.id, facts=facts), now=now)
    events.record(session, LaneSet(kind, {"readers": len(wanted)}), actor_id=actor.id, now=now)
    await session.flush()
    await restriction_turns.settle_all(session, now=now)


async def _check_people(session: WriteSession, people: Collection[str | None], pointer: str) -> None:
    asked = {person for person in people if person and ids.is_valid(person)}
    active = set(
        await session.scalars(
            select(col(Employee.id)).where(
                col(Employee.id).in_(asked),
                col(Employee.active).is_(True),
                col(Employee.kind) != "placeholder",
            )
        )
    )
    if active != set(people):
        raise NoSuchReader.at(pointer)


def _compare(what: str, before: Collection[Any], after: Collection[Any]) -> list[tuple[str, str]]:
    """Return who came into a lane and who went, each with the name of the act."""
    return [
        *((f"restriction-lanes.{what}-named", person) for person in sorted({*after} - {*before})),
        *((f"restriction-lanes.{what}-ended", person) for person in sorted({*before} - {*after})),
    ]
