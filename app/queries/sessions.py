"""Reading one's own sessions."""

from datetime import datetime

from sqlalchemy import select, tuple_
from sqlmodel import col

from app.core import keysets
from app.core.db import ReadSession
from app.core.keysets import Place
from app.domain.actors import Actor
from app.models.sessions import Session
from app.schemas.sessions import SessionSummary


async def list_sessions(
    session: ReadSession, actor: Actor, *, now: datetime, after: Place | None, limit: int
) -> tuple[list[SessionSummary], Place | None]:
    """Return a page of the actor's standing sessions, the latest first, and where the next page begins."""
    here = tuple_(col(Session.started_at), col(Session.id))
    statement = (
        select(Session)
        .where(
            col(Session.employee_id) == actor.id,
            col(Session.revoked_at).is_(None),
            col(Session.expires_at) > now,
        )
        .order_by(col(Session.started_at).desc(), col(Session.id).desc())
        .limit(limit + 1)
    )
    if after is not None:
        statement = statement.where(here < keysets.read_time(after))
    rows = (await session.scalars(statement)).all()
    items = [
        SessionSummary(
            id=row.id,
            client=row.client,
            started_at=row.started_at,
            last_used_at=row.last_used_at,
            expires_at=row.expires_at,
            current=row.id == actor.session_id,
        )
        for row in rows[:limit]
    ]
    if len(rows) <= limit:
        return items, None
    last = rows[limit - 1]
    return items, keysets.write(last.started_at, last.id)
