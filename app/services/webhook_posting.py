"""Posting webhooks: what is due goes out, a few at a time to each receiver, so that a slow one delays no other."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select, text, update
from sqlmodel import col

from app.core.db import Database, ReadSession
from app.domain import webhooks
from app.domain.deliveries import State
from app.domain.webhooks import CLAIM, PAUSES
from app.models.webhooks import UNDER_WAY, WebhookDelivery
from app.services import webhook_attempts, webhook_failures
from app.services.outlets import EACH, PARALLEL, Outlet, find_room
from app.services.webhook_attempts import Outcome
from app.services.webhooks import end

GRACE = 1.0
"""Seconds that a batch is waited for; who answers later than that is not waited for any more."""

_UNDER_WAY = (State.WAITING.value, State.CLAIMED.value)
_log = structlog.get_logger()


async def send_due(database: Database, outlet: Outlet, *, now: datetime) -> int:
    """Send some of what is due; returns how many deliveries were taken up.

    Receivers that answer within a second are waited for, others go on beside. Whoever dies between sending and
    noting it leaves a claim; when that is over, after `CLAIM`, the delivery goes out once more, with the same
    identifier. Receivers get no order.

    Raises: DatabaseAway.
    """
    claimed = await _claim(database, outlet, now=now)
    begun = [
        outlet.begin(each.webhook_id, _deliver(database, outlet, each, now=now))
        for each in claimed
        if each.state == State.CLAIMED
    ]
    if begun:
        done, late = await asyncio.wait(begun, timeout=GRACE)
        for task in late:
            task.add_done_callback(_report)
        await asyncio.gather(*done)
    return len(claimed)


def _report(task: asyncio.Task[None]) -> None:
    """Say why what nobody waits for failed: its claim runs out, and it is sent again."""
    if not task.cancelled() and (error := task.exception()):
        _log.warning("webhooks.not-noted", exc_info=error)


async def _claim(database: Database, outlet: Outlet, *, now: datetime) -> Sequence[WebhookDelivery]:
    """Take up what is due; what was tried as often as may be is given up instead."""
    # Nearly always nothing is due: a look does not hold up those who write.
    async with database.reader() as reading:
        due = await _find_due(reading, outlet, now=now)
    if not due:
        return []
    async with database.writer() as session:
        # Asked again of the row itself: another worker may have claimed it since.
        rows = await session.scalars(
            select(WebhookDelivery)
            .where(
                col(WebhookDelivery.id).in_(due),
                col(WebhookDelivery.state).in_(_UNDER_WAY),
                col(WebhookDelivery.next_attempt_at) <= now,
            )
            .with_for_update(skip_locked=True)
        )
        claimed = rows.all()
        for each in claimed:
            if each.attempts - each.tried_before > len(PAUSES):
                each.state = State.GIVEN_UP.value
                continue
            each.state, each.next_attempt_at = State.CLAIMED.value, now + CLAIM
            each.attempts += 1
            each.attempted_at = now
    return claimed


async def _find_due(session: ReadSession, outlet: Outlet, *, now: datetime) -> list[str]:
    """Return what is due and has room, in turns: the first of each webhook, then the second of each."""
    order = (col(WebhookDelivery.next_attempt_at), col(WebhookDelivery.id))
    turn = func.row_number().over(partition_by=col(WebhookDelivery.webhook_id), order_by=order)
    ranked = (
        select(
            col(WebhookDelivery.id).label("id"),
            col(WebhookDelivery.webhook_id).label("webhook_id"),
            turn.label("turn"),
        )
        .where(
            text(UNDER_WAY.text),
            col(WebhookDelivery.next_attempt_at) <= now,
            col(WebhookDelivery.webhook_id).not_in(outlet.list_busy()),
        )
        .subquery()
    )
    rows = await session.execute(
        select(ranked.c.id, ranked.c.webhook_id)
        .where(ranked.c.turn <= EACH)
        .order_by(ranked.c.turn, ranked.c.id)
        .limit(PARALLEL)
    )
    counts = Counter(outlet.under_way.values())
    found = []
    for delivery_id, webhook_id in rows:
        if counts[webhook_id] < find_room(counts.total()):
            counts[webhook_id] += 1
            found.append(delivery_id)
    return found[: PARALLEL - len(outlet.under_way)]


async def _deliver(database: Database, outlet: Outlet, delivery: WebhookDelivery, *, now: datetime) -> None:
    began = outlet.watch()
    outcome = await webhook_attempts.attempt(database, outlet, delivery, now=now)
    # A pause begins with the answer, which may have taken longer than the pause is. Without one it begins with the
    # attempt: the log shows when the next one is, and how long an address was silent would map the network.
    lasted = outlet.watch() - began if outcome.status is not None else 0
    ended = now + timedelta(seconds=lasted)
    await _note(database, delivery, outcome, luck=outlet.luck(), now=ended)


async def _note(
    database: Database, delivery: WebhookDelivery, outcome: Outcome, *, luck: float, now: datetime
) -> None:
    """Write down what became of an attempt, unless somebody else has taken the delivery up since."""
    state, again = outcome.state, delivery.next_attempt_at
    if state is State.WAITING:
        next_attempt = webhooks.find_next_attempt(
            delivery.attempts - delivery.tried_before, luck=luck, retry_after=outcome.retry_after, now=now
        )
        state, again = (State.WAITING, next_attempt) if next_attempt else (State.GIVEN_UP, again)
    async with database.writer() as session:
        # Before the delivery, in the order in which a webhook that is deleted takes its deliveries along.
        ends = outcome.ends or await webhook_failures.note(session, delivery.webhook_id, outcome, now=now)
        await session.execute(
            update(WebhookDelivery)
            .where(
                col(WebhookDelivery.id) == delivery.id,
                col(WebhookDelivery.state) == State.CLAIMED,
                col(WebhookDelivery.attempts) == delivery.attempts,
            )
            .values(
                state=state.value,
                next_attempt_at=again,
                status=outcome.status,
                failure=outcome.failure.value if outcome.failure else None,
                sent_at=now if state is State.SENT else None,
            )
            .execution_options(synchronize_session=False)
        )
        if ends is not None:
            await end(session, delivery.webhook_id, ends, now=now)
