"""Recording what happened, in the transaction of the change."""

from datetime import datetime

from sqlalchemy import insert, update
from sqlmodel import col

from app.core.db import WriteSession
from app.domain.happenings import Happening
from app.domain.register import Detail, find_entry
from app.models.events import Event
from app.services import register

_RECORD = insert(Event)


def record(
    session: WriteSession,
    happening: Happening,
    *,
    actor_id: str | None,
    now: datetime,
    detail: Detail | None = None,
) -> None:
    """Note an event; all of a transaction are written in one statement, last and in order.

    They are the audit trail and the outbox. `actor_id` must be None where naming the actor would tell a secret.
    What the works council may want to know of enters its register beside them, with `detail`.
    """
    entry = find_entry(happening, actor_id, detail)
    if entry is not None:
        register.enter(session, entry, now=now)
    if not session.outbox:
        session.before_commit.append(_write_down)
    session.outbox.append(
        {
            "kind": happening.kind,
            "subject": happening.subject,
            "actor_id": actor_id,
            "payload": happening.payload,
            "at": now,
            "attempts": 0,
        }
    )


async def forget_actor(session: WriteSession, subject: str) -> None:
    """Take the names out of the events of something that has become anonymous."""
    for row in session.outbox:
        if row["subject"] == subject:
            row["actor_id"] = None
    await session.execute(
        update(Event)
        .where(col(Event.subject) == subject)
        .values(actor_id=None)
        .execution_options(synchronize_session=False)
    )


async def _write_down(session: WriteSession) -> None:
    await session.flush()
    await (await session.connection()).execute(_RECORD, session.outbox)
