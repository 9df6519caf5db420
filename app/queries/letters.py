"""Letters: a delivery as it leaves, with what its reader may know of at that moment."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain.actors import Actor
from app.domain.deliveries import Form
from app.domain.ideas import NoSuchIdea
from app.domain.notifications import ABOUT_HELP, Kind
from app.domain.preferences import AT_ONCE, DIGEST, Channel, Digest, Timing, get_timing
from app.integrations.letters import Fact, Item, writing
from app.integrations.posts import Outgoing, PushKeys
from app.models.channels import ChatAddress, PushSubscription
from app.models.deliveries import Delivery, DeliveryItem
from app.models.employees import Employee
from app.models.notifications import Notification
from app.queries import actors, facts
from app.queries.facts import Facts
from app.queries.ideas import get_visible
from app.queries.preferences import Ways, read_ways

INBOX = "/notifications"
SETTINGS = "/settings/messages"
"""Pages of the web client."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes: the public address and the name of the company.

    `unsubscribe` gives the address at which a person ends what a channel brings.
    """

    base_url: str
    company_name: str
    unsubscribe: Callable[[str, str, str], str]


async def write_outgoing(
    session: ReadSession, delivery: Delivery, sender: Sender, *, now: datetime
) -> Outgoing | None:
    """Return a delivery as a message, None when there is nothing left to say, or nobody to say it to.

    Left out is what the reader may no longer see, what was asked and is done, what was ended meanwhile, and in
    gathered messages what was read already.
    """
    actor = await actors.find_actor(session, delivery.employee_id, session_id=None, now=now)
    where = await _find_address(session, delivery) if actor else None
    if actor is None or where is None:
        return None
    told, titled = await _list_standing(session, actor, delivery)
    known = await facts.look_up(session, told)
    standing = [each for each in told if not known[each.id].gone]
    items = _collapse(standing, known, titled, sender.base_url)
    if not items:
        return None
    address, push_keys = where
    person = await session.get_one(Employee, delivery.employee_id)
    alone = items[0].kind if len(items) == 1 else None
    ended = None
    if delivery.channel == Channel.EMAIL:
        what = DIGEST if delivery.form == Form.DIGEST else alone or AT_ONCE
        ended = sender.unsubscribe(person.id, delivery.channel, what)
    letter = writing.write(
        items,
        locale=person.locale,
        greeting_name=person.name,
        company_name=sender.company_name,
        settings_url=sender.base_url + SETTINGS,
        unsubscribe_url=ended,
    )
    return Outgoing(
        id=delivery.id,
        address=address,
        letter=letter,
        kind=alone or DIGEST,
        path=_get_path(standing[0]) if alone else INBOX,
        now=now,
        name=person.name,
        unsubscribe_url=ended,
        urgent=any(item.asks for item in items),
        push_keys=push_keys,
    )


async def _list_standing(
    session: ReadSession, actor: Actor, delivery: Delivery
) -> tuple[list[Notification], set[str]]:
    """Return what is still to be told, and the ideas whose title may be."""
    ways = (await read_ways(session, [actor.id])).get(actor.id, Ways())
    if delivery.form == Form.DIGEST and ways.habits.digest == Digest.NEVER:
        return [], set()
    rows = await session.scalars(
        select(Notification)
        .join(DeliveryItem, col(DeliveryItem.notification_id) == col(Notification.id))
        .where(col(DeliveryItem.delivery_id) == delivery.id)
        .order_by(col(Notification.position))
    )
    seen: dict[str, bool] = {}
    standing = []
    for row in rows:
        over = row.resolved_at is not None or (delivery.form != Form.SINGLE and row.read_at is not None)
        if over or get_timing(row.kind, delivery.channel, ways.chosen) is Timing.NEVER:
            continue
        if row.idea_id not in seen:
            seen[row.idea_id] = await _may_see(session, actor, row.idea_id)
        if seen[row.idea_id] or row.kind in ABOUT_HELP:
            standing.append(row)
    return standing, {idea_id for idea_id, visible in seen.items() if visible}


async def _may_see(session: ReadSession, actor: Actor, idea_id: str) -> bool:
    try:
        await get_visible(session, actor, idea_id)
    except NoSuchIdea:
        return False
    return True


async def _find_address(session: ReadSession, delivery: Delivery) -> tuple[str, PushKeys | None] | None:
    match delivery.channel:
        case Channel.EMAIL:
            email = await session.scalar(
                select(col(Employee.email)).where(col(Employee.id) == delivery.employee_id)
            )
            return (email, None) if email else None
        case Channel.PUSH:
            browser = await session.get(PushSubscription, delivery.address_id)
            if browser is None or browser.employee_id != delivery.employee_id:
                return None
            return browser.endpoint, PushKeys(browser.p256dh, browser.auth)
        case _:
            chat = await session.get(ChatAddress, (delivery.employee_id, delivery.channel))
            return (chat.url, None) if chat else None


def _collapse(
    told: Sequence[Notification], known: dict[str, Facts], titled: set[str], base_url: str
) -> list[Item]:
    """Return an item for each kind and idea, the latest of them with how many there were."""
    alike: defaultdict[tuple[str, str], list[Notification]] = defaultdict(list)
    for each in told:
        alike[each.idea_id, each.kind].append(each)
    return [
        Item(
            kind=last.kind,
            facts=_list_facts(last, known[last.id], titled=last.idea_id in titled),
            url=base_url + _get_path(last),
            count=len(rows),
            asks=last.asks,
        )
        for rows in alike.values()
        for last in rows[-1:]
    ]


def _get_path(told: Notification) -> str:
    if told.kind in ABOUT_HELP:
        return f"/help-requests/{told.facts['help']}"
    return f"/ideas/{told.idea_id}"


def _list_facts(told: Notification, known: Facts, *, titled: bool) -> dict[str, Fact]:
    due = told.facts.get("due_on")
    named: dict[str, Fact | None] = {
        "title": known.title if titled else None,
        "holder": known.holder.name if known.holder else None,
        "person": known.person.name if known.person else None,
        "function": known.function.name if known.function else None,
        "question" if told.kind == Kind.CLARIFICATION_ASKED else "text": known.text,
        "reason": known.reason,
        "due_on": date.fromisoformat(due) if due else None,
        "days": told.facts.get("days"),
    }
    return {name: fact for name, fact in named.items() if fact is not None}
