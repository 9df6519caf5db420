"""Recording what happened, in the transaction of the change."""

from datetime import datetime

from app.core.db import WriteSession
from app.domain.events import Happening
from app.models.events import Event


def record(session: WriteSession, happening: Happening, *, actor_id: str | None, now: datetime) -> None:
    """Write an event row; it is the audit trail and the outbox.

    `actor_id` must be None where naming the actor would tell a secret.
    """
    session.add(
        Event(
            kind=happening.kind,
            subject=happening.subject,
            actor_id=actor_id,
            payload=happening.payload,
            at=now,
        )
    )
    session.recorded_events += 1
