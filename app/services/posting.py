"""Posting: deliveries that are due go out, each claimed first, sent outside any transaction, then noted as sent."""

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import delete, select, text, update
from sqlmodel import col

from app.core.db import Database, DatabaseAway, WriteSession
from app.core.security import unsubscribe_tokens
from app.core.security.seals import Seals
from app.domain.deliveries import CLAIM, PAUSES, STALE, State, find_next_attempt
from app.domain.preferences import Channel
from app.integrations.posts import Post, Refused, Unreachable
from app.models.channels import ChatAddress, PushSubscription
from app.models.deliveries import UNDER_WAY, Delivery
from app.queries.letters import Sender, write_outgoing

PARALLEL = 8
"""Messages of one channel on their way at the same time, in one process."""

PATIENCE = 30.0
"""Seconds that one message may take."""

BATCH = 3 * PARALLEL
"""Messages that are claimed at once: if each takes all its time, the last is sent well before its claim is over."""

UNSUBSCRIBE = "/api/v1/unsubscribe/"

_FAILURE_LENGTH = 100
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Office:
    """What sending takes: a post for each channel that is set up, seals, and how the installation calls itself."""

    posts: Mapping[str, Post]
    seals: Seals
    base_url: str
    company_name: str
    luck: Callable[[], float] = random.random

    @property
    def sender(self) -> Sender:
        """Who writes."""
        return Sender(self.base_url, self.company_name, self._get_unsubscribe_url)

    def _get_unsubscribe_url(self, employee_id: str, channel: str, what: str) -> str:
        return self.base_url + UNSUBSCRIBE + unsubscribe_tokens.issue(self.seals, employee_id, channel, what)


@dataclass(frozen=True, slots=True)
class _Outcome:
    state: State
    failure: str | None = None
    gone: bool = False
    retry_after: float | None = None


async def send_due(database: Database, office: Office, channel: str, *, now: datetime) -> int:
    """Send a batch of what is due by one channel; returns how many deliveries were handled.

    Whoever dies between sending and noting it leaves a claim; when that is over, after `CLAIM`, the message goes
    out once more, with the same identifier. One that fails, in whatever way, waits without holding up the others.
    Without a post the channel is not set up, and what is due is dropped.

    Raises: DatabaseAway.
    """
    post = office.posts.get(channel)
    claimed = await _claim(database, channel, can_send=post is not None, now=now)
    gate = asyncio.Semaphore(PARALLEL)

    async def deliver(delivery: Delivery, post: Post) -> None:
        async with gate:
            outcome = await _try(database, office, post, delivery, now=now)
            await _note(database, delivery, outcome, luck=office.luck(), now=now)

    if post is not None:
        under_way = [deliver(each, post) for each in claimed if each.state == State.CLAIMED]
        ended = await asyncio.gather(*under_way, return_exceptions=True)
        for error in ended:
            if isinstance(error, BaseException):
                raise error
    return len(claimed)


async def _claim(database: Database, channel: str, *, can_send: bool, now: datetime) -> Sequence[Delivery]:
    async with database.writer() as session:
        due = await session.scalars(
            select(Delivery)
            .where(
                col(Delivery.channel) == channel,
                text(UNDER_WAY.text),
                col(Delivery.next_attempt_at) <= now,
            )
            .order_by(col(Delivery.next_attempt_at), col(Delivery.id))
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
        claimed = due.all()
        for each in claimed:
            if not can_send:
                each.state, each.failure = State.DROPPED.value, "channels.off"
            elif each.attempts > len(PAUSES):
                each.state = State.GIVEN_UP.value
            elif not each.attempts and each.due_at < now - STALE:
                each.state, each.failure = State.GIVEN_UP.value, "messages.stale"
            else:
                each.state, each.next_attempt_at = State.CLAIMED.value, now + CLAIM
                each.attempts += 1
    return claimed


async def _try(
    database: Database, office: Office, post: Post, delivery: Delivery, *, now: datetime
) -> _Outcome:
    try:
        async with database.reader() as session:
            message = await write_outgoing(session, delivery, office.sender, now=now)
        if message is None:
            return _Outcome(State.DROPPED)
        async with asyncio.timeout(PATIENCE):
            await post.send(message)
    except DatabaseAway:
        raise
    except Refused as refusal:
        return _Outcome(State.GIVEN_UP, refusal.reason, gone=refusal.gone)
    except Unreachable as error:
        return _Outcome(State.WAITING, error.reason, retry_after=error.retry_after)
    except Exception as error:  # noqa: BLE001  whatever is wrong with one message, the others go
        return _Outcome(State.WAITING, type(error).__name__)
    return _Outcome(State.SENT)


async def _note(
    database: Database, delivery: Delivery, outcome: _Outcome, *, luck: float, now: datetime
) -> None:
    """Write down what became of a delivery, unless somebody else has taken it up since."""
    state, again = outcome.state, delivery.next_attempt_at
    if state is State.WAITING:
        next_attempt = find_next_attempt(
            delivery.attempts, luck=luck, retry_after=outcome.retry_after, now=now
        )
        state, again = (State.WAITING, next_attempt) if next_attempt else (State.GIVEN_UP, again)
    if outcome.failure:
        _log.warning("messages.failed", channel=delivery.channel, reason=outcome.failure, state=state.value)
    async with database.writer() as session:
        await session.execute(
            update(Delivery)
            .where(
                col(Delivery.id) == delivery.id,
                col(Delivery.state) == State.CLAIMED,
                col(Delivery.attempts) == delivery.attempts,
            )
            .values(
                state=state.value,
                next_attempt_at=again,
                failure=(outcome.failure or "")[:_FAILURE_LENGTH] or None,
                sent_at=now if state is State.SENT else None,
            )
            .execution_options(synchronize_session=False)
        )
        if outcome.gone:
            await _forget_address(session, delivery)


async def _forget_address(session: WriteSession, delivery: Delivery) -> None:
    """Forget an address that takes nothing any more; that of the directory stays."""
    if delivery.channel == Channel.PUSH:
        await session.execute(delete(PushSubscription).where(col(PushSubscription.id) == delivery.address_id))
    elif delivery.channel != Channel.EMAIL:
        await session.execute(
            delete(ChatAddress).where(
                col(ChatAddress.employee_id) == delivery.employee_id,
                col(ChatAddress.channel) == delivery.channel,
            )
        )
