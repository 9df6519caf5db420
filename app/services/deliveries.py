"""Queueing messages: notifications become deliveries by the channels and at the times that readers chose."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, text
from sqlmodel import col

from app.core.db import WriteSession
from app.domain import deliveries
from app.domain.deliveries import Form, Plan
from app.domain.preferences import Habits, Timing, get_timing
from app.models.deliveries import GATHERING, Delivery, DeliveryItem
from app.models.notifications import Notification
from app.queries.preferences import Ways, read_ways

_LONGEST_DAY = timedelta(hours=25)

Way = tuple[str, str, str]
"""A person, a channel, an address."""


async def queue(session: WriteSession, told: Sequence[Notification], *, now: datetime) -> None:
    """Queue new notifications for every channel by which their readers want them."""
    people = {each.employee_id for each in told}
    if not people:
        return
    ways = await read_ways(session, people)
    open_ones = await _find_gathering(session, people)
    at_once = await _list_at_once(session, people, now=now)
    for each in told:
        reader = ways.get(each.employee_id, Ways())
        for channel, address_id in reader.addresses:
            way = (each.employee_id, channel, address_id)
            plan = _plan(reader, each.kind, channel, at_once[way], zone=session.zone, now=now)
            if plan is None:
                continue
            delivery = open_ones.get((*way, plan.form.value))
            if delivery is None:
                delivery = _open(way, plan, now=now)
                session.add(delivery)
                if plan.form is Form.SINGLE:
                    at_once[way].append(plan.due_at)
                else:
                    open_ones[*way, plan.form.value] = delivery
            if plan.due_at < delivery.due_at:
                delivery.due_at = delivery.next_attempt_at = plan.due_at
            session.add(DeliveryItem(delivery_id=delivery.id, notification_id=each.id))
    await session.flush()


async def reschedule(session: WriteSession, employee_id: str, habits: Habits, *, now: datetime) -> None:
    """Have the digests that wait for somebody go when the person wants them now."""
    for delivery in (await _find_gathering(session, {employee_id})).values():
        plan = deliveries.plan(Timing.DIGEST, habits, zone=session.zone, sent_today=0, now=now)
        if plan is not None and delivery.form == Form.DIGEST:
            delivery.due_at = delivery.next_attempt_at = plan.due_at
    await session.flush()


def _plan(
    reader: Ways, kind: str, channel: str, at_once: Sequence[datetime], *, zone: str, now: datetime
) -> Plan | None:
    midnight = deliveries.find_midnight(now, reader.habits.time_zone or zone)
    return deliveries.plan(
        get_timing(kind, channel, reader.chosen),
        reader.habits,
        zone=zone,
        sent_today=sum(moment >= midnight for moment in at_once),
        now=now,
    )


def _open(way: Way, plan: Plan, *, now: datetime) -> Delivery:
    employee_id, channel, address_id = way
    return Delivery(
        employee_id=employee_id,
        channel=channel,
        address_id=address_id,
        form=plan.form.value,
        due_at=plan.due_at,
        next_attempt_at=plan.due_at,
        created_at=now,
    )


async def _find_gathering(
    session: WriteSession, people: set[str]
) -> dict[tuple[str, str, str, str], Delivery]:
    """Return the deliveries that still gather, held so that nobody sends them while something is added."""
    rows = await session.scalars(
        select(Delivery)
        .where(col(Delivery.employee_id).in_(people), text(GATHERING.text))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {(row.employee_id, row.channel, row.address_id, row.form): row for row in rows}


async def _list_at_once(
    session: WriteSession, people: set[str], *, now: datetime
) -> defaultdict[Way, list[datetime]]:
    rows = await session.execute(
        select(
            col(Delivery.employee_id), col(Delivery.channel), col(Delivery.address_id), col(Delivery.due_at)
        ).where(
            col(Delivery.employee_id).in_(people),
            col(Delivery.form) == Form.SINGLE,
            col(Delivery.due_at) > now - _LONGEST_DAY,
        )
    )
    found: defaultdict[Way, list[datetime]] = defaultdict(list)
    for employee_id, channel, address_id, due_at in rows:
        found[employee_id, channel, address_id].append(due_at)
    return found
