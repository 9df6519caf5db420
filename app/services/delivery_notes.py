"""Noting what became of deliveries: those that wait to be noted share a transaction, the next ones gather meanwhile."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import bindparam, delete, update
from sqlmodel import SQLModel, col

from app.core.db import Database, WriteSession
from app.domain.deliveries import State, find_next_attempt
from app.domain.preferences import Channel
from app.models.channels import ChatAddress, PushSubscription
from app.models.deliveries import Delivery

_FAILURE_LENGTH = 100
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attempt; `gone` says that the address takes nothing any more."""

    state: State
    failure: str | None = None
    gone: bool = False
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A delivery as it was claimed, and what came of it; `luck` (0 to 1) spreads the next attempt."""

    delivery: Delivery
    outcome: Outcome
    luck: float


class DeliveryNotes:
    """Takes notes one by one and writes them down together."""

    def __init__(self, database: Database, *, now: datetime) -> None:
        self._database = database
        self._now = now
        self._turn = asyncio.Lock()
        self._waiting: list[Note] = []

    async def note(self, note: Note) -> None:
        """Write down what became of a delivery, unless somebody else has taken it up since.

        Raises: DatabaseAway.
        """
        self._waiting.append(note)
        async with self._turn:
            # Whoever had the turn before has written this one down as well; or failed, and left it here.
            if taken := tuple(self._waiting):
                async with self._database.writer() as session:
                    await _write_down(session, taken, now=self._now)
                del self._waiting[: len(taken)]


async def _write_down(session: WriteSession, notes: Sequence[Note], *, now: datetime) -> None:
    connection = await session.connection()
    await connection.execute(_UPDATE, [_shape(note, now=now) for note in notes])
    for note in notes:
        if note.outcome.gone:
            await _forget_address(session, note.delivery)


def _shape(note: Note, *, now: datetime) -> dict[str, Any]:
    delivery, outcome = note.delivery, note.outcome
    state, again = outcome.state, delivery.next_attempt_at
    if state is State.WAITING:
        next_attempt = find_next_attempt(
            delivery.attempts, luck=note.luck, retry_after=outcome.retry_after, now=now
        )
        state, again = (State.WAITING, next_attempt) if next_attempt else (State.GIVEN_UP, again)
    if outcome.failure:
        _log.warning("messages.failed", channel=delivery.channel, reason=outcome.failure, state=state.value)
    return {
        "of_delivery": delivery.id,
        "of_attempt": delivery.attempts,
        "state": state.value,
        "next_attempt_at": again,
        "failure": (outcome.failure or "")[:_FAILURE_LENGTH] or None,
        "sent_at": now if state is State.SENT else None,
    }


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


_deliveries = SQLModel.metadata.tables["deliveries"]
_UPDATE = update(_deliveries).where(
    _deliveries.c.id == bindparam("of_delivery"),
    _deliveries.c.attempts == bindparam("of_attempt"),
    _deliveries.c.state == State.CLAIMED.value,
)
