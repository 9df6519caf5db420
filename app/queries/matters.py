"""Matters: what deliveries have to say, to whom and where, read together as things are at that moment."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import col

from app.core.db import ReadSession
from app.core.lanes import SessionLane
from app.domain.deliveries import Form
from app.domain.notifications import ABOUT_HELP
from app.domain.preferences import Channel, Digest, Timing, get_timing
from app.domain.subjects import Topic
from app.integrations.posts import PushKeys
from app.models.channels import ChatAddress, PushSubscription
from app.models.deliveries import Delivery, DeliveryItem
from app.models.employees import Employee
from app.models.notifications import Notification
from app.queries import actors, facts, subjects
from app.queries.facts import Facts
from app.queries.preferences import Ways, read_ways

_Told = dict[str, list[Notification]]


@dataclass(frozen=True, slots=True)
class Matter:
    """What one delivery has to say, with what is `known` of each notification, to whom and where.

    `titled` are the topics whose name the person may read.
    """

    delivery: Delivery
    person: Employee
    address: str
    push_keys: PushKeys | None
    told: Sequence[Notification]
    known: Mapping[str, Facts]
    titled: Collection[Topic]


async def list_matters(session: ReadSession, deliveries: Sequence[Delivery]) -> dict[str, Matter]:
    """Return what deliveries of one channel have to say, by identifier; however many, some fifteen statements.

    Left out is what the reader may no longer see, what was asked and is done, what was ended meanwhile, and in
    gathered messages what was read already. Where nothing is left, or nobody to say it to, there is no matter.
    """
    if not deliveries:
        return {}
    active = await actors.list_active(SessionLane(session), {each.employee_id for each in deliveries})
    people = await _read_people(session, active)
    addresses = await _list_addresses(session, deliveries[0].channel, people)
    reached = [each for each in deliveries if (each.employee_id, each.address_id) in addresses]
    told = await _list_wanted(session, reached)
    pairs = {(each.employee_id, each.topic) for some in told.values() for each in some}
    visible = await subjects.list_visible(session, active, pairs)
    told = {
        delivery_id: [
            each
            for each in some
            # A helper is told what becomes of a request also when the draft is none of theirs any more.
            if each.kind in ABOUT_HELP or (each.employee_id, each.topic) in visible
        ]
        for delivery_id, some in told.items()
    }
    known = await facts.look_up(session, [each for some in told.values() for each in some])
    return {
        each.id: Matter(
            each,
            people[each.employee_id],
            *addresses[each.employee_id, each.address_id],
            left,
            known,
            {one.topic for one in left if (one.employee_id, one.topic) in visible},
        )
        for each in reached
        if (left := [one for one in told[each.id] if not known[one.id].gone])
    }


async def _read_people(session: ReadSession, employee_ids: Collection[str]) -> dict[str, Employee]:
    rows = await session.scalars(select(Employee).where(col(Employee.id).in_(employee_ids)))
    return {row.id: row for row in rows}


async def _list_addresses(
    session: ReadSession, channel: str, people: Mapping[str, Employee]
) -> dict[tuple[str, str], tuple[str, PushKeys | None]]:
    """Return where people are reached by a channel, by person and address identifier."""
    match channel:
        case Channel.EMAIL:
            return {(each.id, ""): (each.email, None) for each in people.values() if each.email}
        case Channel.PUSH:
            browsers = await session.scalars(
                select(PushSubscription).where(col(PushSubscription.employee_id).in_(people))
            )
            return {
                (each.employee_id, each.id): (each.endpoint, PushKeys(each.p256dh, each.auth))
                for each in browsers
            }
        case _:
            chats = await session.scalars(
                select(ChatAddress).where(
                    col(ChatAddress.employee_id).in_(people), col(ChatAddress.channel) == channel
                )
            )
            return {(each.employee_id, ""): (each.url, None) for each in chats}


async def _list_wanted(session: ReadSession, deliveries: Sequence[Delivery]) -> _Told:
    """Return what deliveries carry and their readers still want to be told, in order, by delivery."""
    carried: defaultdict[str, list[Notification]] = defaultdict(list)
    rows = await session.execute(
        select(col(DeliveryItem.delivery_id), Notification)
        .join(DeliveryItem, col(DeliveryItem.notification_id) == col(Notification.id))
        .where(col(DeliveryItem.delivery_id).in_([each.id for each in deliveries]))
        .order_by(col(Notification.position))
    )
    for delivery_id, told in rows:
        carried[delivery_id].append(told)
    ways = await read_ways(session, {each.employee_id for each in deliveries})
    return {
        each.id: [
            one for one in carried[each.id] if _is_wanted(one, each, ways.get(each.employee_id, Ways()))
        ]
        for each in deliveries
    }


def _is_wanted(told: Notification, delivery: Delivery, ways: Ways) -> bool:
    if delivery.form == Form.DIGEST and ways.habits.digest == Digest.NEVER:
        return False
    over = told.resolved_at is not None or (delivery.form != Form.SINGLE and told.read_at is not None)
    return not over and get_timing(told.kind, delivery.channel, ways.chosen) is not Timing.NEVER
