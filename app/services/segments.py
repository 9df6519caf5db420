"""Segments: finding everybody's, setting the rules, and choosing not to be addressed."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlmodel import col

from app.core import clock
from app.core.db import Database, WriteSession
from app.domain import permissions, register, segments
from app.domain.actors import Actor
from app.domain.permissions import Permission
from app.domain.register import Detail
from app.domain.segment_events import SegmentChoiceSet, SegmentThresholdSet
from app.domain.segments import Placement
from app.models.employees import Employee
from app.models.segments import Membership, SegmentThreshold, Unaddressed
from app.queries import segments as queries
from app.schemas.segments import SetThreshold
from app.services import activity, events

PEOPLE = 2_000
"""People who are placed in one transaction."""


async def compute(database: Database, *, now: datetime) -> int:
    """Place every active employee by what they did until now; returns how many changed.

    Days of activity are brought up to date first. Only what changed is written, so a second run writes nothing.
    Who is not active any more has no segment.
    """
    await activity.refresh(database, now=now)
    changed, last = 0, ""
    while True:
        async with database.writer() as session:
            people = list(
                await session.scalars(
                    select(col(Employee.id))
                    .where(col(Employee.id) > last)
                    .order_by(col(Employee.id))
                    .limit(PEOPLE)
                )
            )
            if not people:
                return changed
            changed += await _place(session, last, people[-1], now=now)
            last = people[-1]


async def set_threshold(
    session: WriteSession, actor: Actor, name: str, values: SetThreshold, *, now: datetime
) -> None:
    """Set a number in the rules; it counts from the next computation on, and at once in what people see of themselves.

    Raises: NoSuchThreshold, RoleMissing, ThresholdNotRight.
    """
    permissions.check(actor, Permission.SEGMENTS_WRITE)
    segments.check_thresholds({name: values.at_least})
    before = (await queries.read_thresholds(session))[name]
    await session.merge(SegmentThreshold(name=name, at_least=values.at_least, updated_at=now))
    event = SegmentThresholdSet(name, {"at_least": values.at_least})
    detail = Detail(register.compare({"at_least": before}, event.payload))
    events.record(session, event, actor_id=actor.id, now=now, detail=detail)
    await session.flush()


async def choose(session: WriteSession, actor: Actor, *, addressed: bool, now: datetime) -> None:
    """Say whether one wants messages to one's segment; doing it again changes nothing."""
    closed = await session.get(Unaddressed, actor.id)
    if (closed is None) is addressed:
        return
    if addressed:
        await session.execute(delete(Unaddressed).where(col(Unaddressed.employee_id) == actor.id))
    else:
        session.add(Unaddressed(employee_id=actor.id, since=now))
    events.record(session, SegmentChoiceSet(actor.id), actor_id=actor.id, now=now)
    await session.flush()


async def _place(session: WriteSession, after: str, until: str, *, now: datetime) -> int:
    today = clock.day_in(session.zone, now)
    window = queries.open_window(today, session.zone)
    thresholds = await queries.read_thresholds(session)
    within = (col(Employee.id) > after) & (col(Employee.id) <= until)
    facts = await queries.read_facts(session, window, within)
    members = {
        member.employee_id: member
        for member in await session.scalars(
            select(Membership).where(
                col(Membership.employee_id) > after, col(Membership.employee_id) <= until
            )
        )
    }
    changed = 0
    for person, known in facts.items():
        placed = segments.place(known, thresholds)
        member, numbers = members.pop(person, None), _write_facts(placed)
        if member is None:
            session.add(Membership(employee_id=person, segment=placed.segment, since=today, facts=numbers))
        elif member.segment != placed.segment:
            member.segment, member.since, member.facts = placed.segment.value, today, numbers
        elif member.facts != numbers:
            member.facts = numbers
        else:
            continue
        changed += 1
    for member in members.values():
        await session.delete(member)
    return changed + len(members)


def _write_facts(placed: Placement) -> dict[str, int]:
    return {measure.fact.value: measure.have for measure in placed.why}
