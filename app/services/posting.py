"""Posting: deliveries that are due go out, each claimed first, sent outside any transaction, then noted as sent."""

import asyncio
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, text
from sqlmodel import col

from app.core.db import Database, DatabaseAway
from app.core.security import unsubscribe_tokens
from app.core.security.seals import Seals
from app.domain.deliveries import CLAIM, PAUSES, STALE, State
from app.integrations.posts import Outgoing, Post, Refused, Unreachable
from app.models.deliveries import UNDER_WAY, Delivery
from app.queries import letters, matters
from app.queries.letters import Sender
from app.queries.matters import Matter
from app.services.delivery_notes import DeliveryNotes, Note, Outcome

PARALLEL = 8
"""Messages of one channel on their way at the same time, in one process."""

PATIENCE = 30.0
"""Seconds that one message may take."""

BATCH = 3 * PARALLEL
"""Messages that are claimed at once: if each takes all its time, the last is sent well before its claim is over."""

UNSUBSCRIBE = "/api/v1/unsubscribe/"

FRESH = 2.0
"""Seconds after which a letter that was written and not sent yet is written anew: what it says may have changed."""

_Letter = Outgoing | Exception | None
"""What is to be sent, nothing when nothing is left to say, or why it could not be written."""


@dataclass(frozen=True, slots=True)
class Office:
    """What sending takes: a post for each channel that is set up, seals, and how the installation calls itself.

    `watch` measures, in seconds, how long ago a letter was written.
    """

    posts: Mapping[str, Post]
    seals: Seals
    base_url: str
    company_name: str
    luck: Callable[[], float] = random.random
    watch: Callable[[], float] = time.monotonic

    @property
    def sender(self) -> Sender:
        """Who writes."""
        return Sender(self.base_url, self.company_name, self._get_unsubscribe_url)

    def _get_unsubscribe_url(self, employee_id: str, channel: str, what: str) -> str:
        return self.base_url + UNSUBSCRIBE + unsubscribe_tokens.issue(self.seals, employee_id, channel, what)


async def send_due(database: Database, office: Office, channel: str, *, now: datetime) -> int:
    """Send a batch of what is due by one channel; returns how many deliveries were handled.

    Whoever dies between sending and noting it leaves a claim; when that is over, after `CLAIM`, the message goes
    out once more, with the same identifier. One that fails, in whatever way, waits without holding up the others.
    Without a post the channel is not set up, and what is due is dropped.

    Raises: DatabaseAway.
    """
    post = office.posts.get(channel)
    claimed = await _claim(database, channel, can_send=post is not None, now=now)
    begun = [each for each in claimed if each.state == State.CLAIMED]
    if post is None or not begun:
        return len(claimed)
    gate, notes = asyncio.Semaphore(PARALLEL), DeliveryNotes(database, now=now)
    until = office.watch() + FRESH
    written = await _write(database, office, begun, now=now)

    async def deliver(delivery: Delivery) -> None:
        async with gate:
            letter = written[delivery.id]
            if office.watch() > until:
                letter = (await _write(database, office, [delivery], now=now))[delivery.id]
            outcome = _judge(letter) if isinstance(letter, Exception) else await _try(post, letter)
            # Nobody else begins meanwhile: what was sent and not noted when a process dies is sent again.
            await notes.note(Note(delivery, outcome, office.luck()))

    ended = await asyncio.gather(*map(deliver, begun), return_exceptions=True)
    for error in ended:
        if isinstance(error, BaseException):
            raise error
    return len(claimed)


async def _claim(database: Database, channel: str, *, can_send: bool, now: datetime) -> Sequence[Delivery]:
    due = (
        select(Delivery)
        .where(col(Delivery.channel) == channel, text(UNDER_WAY.text), col(Delivery.next_attempt_at) <= now)
        .order_by(col(Delivery.next_attempt_at), col(Delivery.id))
        .limit(BATCH)
    )
    # Nearly always nothing is due: a look does not hold up those who write.
    async with database.reader() as reading:
        if (await reading.execute(due.with_only_columns(col(Delivery.id)).limit(1))).first() is None:
            return []
    async with database.writer() as session:
        claimed = (await session.scalars(due.with_for_update(skip_locked=True))).all()
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


async def _write(
    database: Database, office: Office, deliveries: Sequence[Delivery], *, now: datetime
) -> dict[str, _Letter]:
    """Write letters with what their readers may know of at this moment.

    Raises: DatabaseAway.
    """
    try:
        async with database.reader() as session:
            found = await matters.list_matters(session, deliveries)
    except DatabaseAway:
        raise
    except Exception as error:  # noqa: BLE001  whatever is wrong with one of them, the others go
        if len(deliveries) == 1:
            return {deliveries[0].id: error}
        alone = [await _write(database, office, [each], now=now) for each in deliveries]
        return {delivery_id: letter for each in alone for delivery_id, letter in each.items()}
    return {each.id: _write_one(found.get(each.id), office, now=now) for each in deliveries}


def _write_one(matter: Matter | None, office: Office, *, now: datetime) -> _Letter:
    try:
        return None if matter is None else letters.write(matter, office.sender, now=now)
    except Exception as error:  # noqa: BLE001  the same
        return error


async def _try(post: Post, letter: Outgoing | None) -> Outcome:
    if letter is None:
        return Outcome(State.DROPPED)
    try:
        async with asyncio.timeout(PATIENCE):
            await post.send(letter)
    except Exception as error:  # noqa: BLE001  whatever is wrong with one message, the others go
        return _judge(error)
    return Outcome(State.SENT)


def _judge(error: Exception) -> Outcome:
    match error:
        case Refused():
            return Outcome(State.GIVEN_UP, error.reason, gone=error.gone)
        case Unreachable():
            return Outcome(State.WAITING, error.reason, retry_after=error.retry_after)
        case _:
            return Outcome(State.WAITING, type(error).__name__)
