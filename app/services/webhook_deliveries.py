"""Deliveries of webhooks: events become deliveries, each once; testing and playing again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, text
from sqlmodel import col

from app.core import ids
from app.core.db import WriteSession
from app.domain import webhooks
from app.domain.actors import Actor
from app.domain.deliveries import State
from app.domain.webhook_events import WebhookChanged
from app.domain.webhooks import (
    CATALOGUE,
    GATHERED,
    KINDS,
    TESTED,
    VOTES,
    About,
    Listening,
    NoSuchDelivery,
    NotListening,
    StillUnderWay,
)
from app.models.comments import Comment
from app.models.events import Event
from app.models.ideas import Idea
from app.models.votes import Vote
from app.models.webhooks import GATHERING, Webhook, WebhookDelivery
from app.queries.webhooks import get_visible
from app.services import events as record_of

_UNDER_WAY = (State.WAITING.value, State.CLAIMED.value)

Facts = dict[str, Any]


async def queue(session: WriteSession, events: Sequence[Event], *, now: datetime) -> None:
    """Make a delivery of each event for each webhook that hears of it; doing it again changes nothing.

    Runs in the drain, one at a time. Votes for an idea are gathered into one delivery, which waits for a minute.
    """
    listening = select(Webhook).where(col(Webhook.state) == Listening.ACTIVE).order_by(col(Webhook.id))
    active = (await session.scalars(listening)).all()
    heard = {kind for webhook in active for kind in webhook.kinds}
    told = [event for event in events if KINDS[event.kind] in heard]
    if not told:
        return
    facts = await _find_facts(session, told)
    known = await session.execute(
        select(col(WebhookDelivery.webhook_id), col(WebhookDelivery.event_sequence)).where(
            col(WebhookDelivery.event_sequence).in_([event.sequence for event in told])
        )
    )
    made = {tuple(row) for row in known}
    gathering = await _list_gathering(session, [found["idea"] for found in facts.values() if "idea" in found])
    for event in told:
        kind, found = KINDS[event.kind], facts.get(event.sequence)
        if found is None:
            continue
        for webhook in active:
            gathers = found["idea"] if kind == VOTES else None
            if kind not in webhook.kinds or (webhook.id, event.sequence) in made:
                continue
            if gathers and (webhook.id, gathers) in gathering:
                continue
            gathering.add((webhook.id, gathers))
            due_at = now + GATHERED if gathers else now
            session.add(
                WebhookDelivery(
                    webhook_id=webhook.id,
                    kind=kind,
                    event_sequence=event.sequence,
                    facts=found,
                    gathers=gathers,
                    happened_at=due_at.replace(second=0, microsecond=0) if gathers else event.at,
                    next_attempt_at=due_at,
                    created_at=now,
                )
            )
    await session.flush()


async def test(session: WriteSession, actor: Actor, webhook_id: str, *, now: datetime) -> WebhookDelivery:
    """Have a webhook told that somebody tests it.

    Raises: NoSuchWebhook, RoleMissing, NotListening, StillUnderWay while another test is.
    """
    webhook = await _get_listening(session, actor, webhook_id)
    running = await session.scalar(
        select(col(WebhookDelivery.id)).where(
            col(WebhookDelivery.webhook_id) == webhook.id,
            col(WebhookDelivery.kind) == TESTED,
            col(WebhookDelivery.state).in_(_UNDER_WAY),
        )
    )
    if running is not None:
        raise StillUnderWay
    delivery = WebhookDelivery(
        webhook_id=webhook.id, kind=TESTED, happened_at=now, next_attempt_at=now, created_at=now
    )
    session.add(delivery)
    changed = WebhookChanged(webhook.id, {"change": "tested"})
    record_of.record(session, changed, actor_id=actor.id, now=now)
    await session.flush()
    return delivery


async def replay(
    session: WriteSession, actor: Actor, webhook_id: str, delivery_id: str, *, now: datetime
) -> WebhookDelivery:
    """Send a delivery once more, with the same identifier, and with what its owner may read now.

    One that waits for its next attempt is sent at once.

    Raises: NoSuchWebhook, RoleMissing, NoSuchDelivery, NotListening, StillUnderWay.
    """
    webhook = await get_visible(session, actor, webhook_id, lock=True)
    delivery = await session.scalar(
        select(WebhookDelivery)
        .where(col(WebhookDelivery.id) == delivery_id, col(WebhookDelivery.webhook_id) == webhook.id)
        .with_for_update()
    )
    if delivery is None or not ids.is_valid(delivery_id):
        raise NoSuchDelivery
    if webhook.state != Listening.ACTIVE:
        raise NotListening
    if delivery.state == State.CLAIMED and delivery.next_attempt_at > now:
        raise StillUnderWay
    delivery.state, delivery.next_attempt_at = State.WAITING.value, now
    delivery.tried_before = delivery.attempts
    # It gathers nothing any more: votes that come from now on are told by themselves.
    delivery.gathers = None
    changed = WebhookChanged(webhook.id, {"change": "replayed"})
    record_of.record(session, changed, actor_id=actor.id, now=now)
    await session.flush()
    return delivery


async def _get_listening(session: WriteSession, actor: Actor, webhook_id: str) -> Webhook:
    webhook = await get_visible(session, actor, webhook_id, lock=True)
    if webhook.state != Listening.ACTIVE:
        raise NotListening
    return webhook


async def _find_facts(session: WriteSession, events: Sequence[Event]) -> dict[int | None, Facts]:
    """Return the facts of events by their sequence; left out is what nobody is told of, such as drafts."""
    ideas_of = await _find_ideas(session, events)
    rows = await session.scalars(select(Idea).where(col(Idea.id).in_(set(ideas_of.values()))))
    ideas = {idea.id: idea for idea in rows}
    found: dict[int | None, Facts] = {}
    for event in events:
        about = CATALOGUE[KINDS[event.kind]].about
        if about is About.CAMPAIGN:
            found[event.sequence] = {"campaign": event.subject}
            continue
        idea = ideas.get(ideas_of.get(event.subject, ""))
        if idea is None or not webhooks.may_be_told(idea, event.at):
            continue
        found[event.sequence] = {"idea": idea.id} | _name(about, event)
    return found


def _name(about: About, event: Event) -> Facts:
    match about:
        case About.MOVE:
            return {name: event.payload[name] for name in ("act", "from", "to")}
        case About.COMMENT:
            return {"comment": event.subject}
        case About.REVIEW:
            return {"review": event.subject}
        case _:
            return {}


async def _find_ideas(session: WriteSession, events: Sequence[Event]) -> dict[str, str]:
    """Return the ideas of events by their subjects."""
    found = {event.subject: str(event.payload.get("idea", event.subject)) for event in events}
    for prefix, table in (("comments.", Comment), ("votes.", Vote)):
        subjects = [event.subject for event in events if event.kind.startswith(prefix)]
        if subjects:
            rows = await session.execute(
                select(col(table.id), col(table.idea_id)).where(col(table.id).in_(subjects))
            )
            found |= dict(rows.all())
    return found


async def _list_gathering(session: WriteSession, idea_ids: Sequence[str]) -> set[tuple[str, str | None]]:
    """Return which webhooks gather votes of which ideas, held so that nobody sends them meanwhile."""
    rows = await session.execute(
        select(col(WebhookDelivery.webhook_id), col(WebhookDelivery.gathers))
        .where(
            col(WebhookDelivery.gathers).in_(set(idea_ids)),
            text(GATHERING.text),
        )
        .with_for_update()
    )
    return {(webhook_id, idea_id) for webhook_id, idea_id in rows}
