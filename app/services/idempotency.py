"""Retries: a request with a key that was answered before gets the first answer again."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlmodel import col

from app.core import locks
from app.core.db import WriteSession
from app.domain.errors import Conflict, Invalid
from app.models.idempotency import IdempotencyKey

KEPT = timedelta(hours=24)
"""How long an answer is remembered."""

MAX_KEY = 255
"""Longest idempotency key, in characters."""


class KeyReused(Invalid):
    """This idempotency key was used for another request."""

    code = "idempotency.key-reused"


class KeyNotRight(Invalid):
    """An idempotency key has 1 to 255 visible ASCII characters."""

    code = "idempotency.key-not-right"


class StillRunning(Conflict):
    """The first request with this idempotency key is still running: ask again in a moment."""

    code = "idempotency.still-running"
    retry_after = 1


class Replay(Exception):
    """The first answer, to be given again."""

    def __init__(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.status = status
        self.body = body
        self.headers = headers
        super().__init__("replay")


@dataclass(frozen=True, slots=True)
class Claim:
    """A key that was claimed in a transaction and waits for its answer."""

    session: WriteSession
    employee_id: str
    digest: str


async def claim(session: WriteSession, employee_id: str, key: str, *, request: str, now: datetime) -> Claim:
    """Claim a key for the request whose digest is given, in the transaction of the request itself.

    Raises: Replay with the first answer, KeyReused, KeyNotRight, StillRunning.
    """
    if not 1 <= len(key) <= MAX_KEY or not key.isascii() or not key.isprintable():
        raise KeyNotRight
    digest = hashlib.sha256(f"{employee_id}\n{key}".encode()).hexdigest()
    if not await locks.try_take(session, int(digest[:15], 16)):
        raise StillRunning
    first = await session.get(IdempotencyKey, (employee_id, digest))
    if first is not None and first.at > now - KEPT:
        if first.request != request:
            raise KeyReused
        headers = {"content-type": "application/json"} | ({"etag": first.etag} if first.etag else {})
        raise Replay(first.status, first.body, headers)
    if first is not None:
        await session.delete(first)
        await session.flush()
    session.add(
        IdempotencyKey(employee_id=employee_id, digest=digest, request=request, status=0, body=b"", at=now)
    )
    await session.flush()
    return Claim(session, employee_id, digest)


async def remember(claimed: Claim, status: int, body: bytes, headers: Mapping[str, str]) -> None:
    """Keep the answer of a claimed request."""
    await claimed.session.execute(
        update(IdempotencyKey)
        .where(
            col(IdempotencyKey.employee_id) == claimed.employee_id,
            col(IdempotencyKey.digest) == claimed.digest,
        )
        .values(status=status, body=body, etag=headers.get("etag"))
        .execution_options(synchronize_session=False)
    )


async def forget_old(session: WriteSession, *, now: datetime) -> None:
    """Forget answers older than a day."""
    await session.execute(delete(IdempotencyKey).where(col(IdempotencyKey.at) < now - KEPT))
