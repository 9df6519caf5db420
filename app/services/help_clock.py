"""What the clock does with requests for help: asks the next one, and ends coachings in which nobody speaks."""

from datetime import datetime

import structlog
from sqlalchemy import select
from sqlmodel import col

from app.core import locks
from app.core.db import Database, DatabaseAway, WriteSession
from app.domain.help_requests import HelpState, Turn
from app.models.help_requests import HelpRequest
from app.models.ideas import Idea
from app.services import help_matching

BATCH = 200
"""Requests that are looked for at once; each has a transaction of its own."""

_log = structlog.get_logger()


async def advance(database: Database, *, now: datetime) -> int:
    """Do what is due; returns with how many requests.

    Each is taken by whoever locks its row first, and looked at again under the lock: done once however many are at
    it, and one that fails keeps nobody else waiting.

    Raises: DatabaseAway.
    """
    made, last = 0, ""
    while True:
        async with database.reader() as session:
            page = (
                await session.scalars(
                    select(col(HelpRequest.id))
                    .where(col(HelpRequest.due_at) <= now, col(HelpRequest.id) > last)
                    .order_by(col(HelpRequest.id))
                    .limit(BATCH)
                )
            ).all()
        if not page:
            return made
        for request_id in page:
            try:
                async with database.writer() as session:
                    made += await _advance_one(session, request_id, now=now)
            except DatabaseAway:
                raise
            except Exception as error:  # noqa: BLE001  one request must not stop the clock of all others
                _log.error("help.step-failed", request=request_id, exc_info=error)
        last = page[-1]


async def _advance_one(session: WriteSession, request_id: str, *, now: datetime) -> bool:
    await locks.share(session, locks.ORGANISATION)
    request = await session.scalar(
        select(HelpRequest)
        .where(col(HelpRequest.id) == request_id, col(HelpRequest.due_at) <= now)
        .with_for_update(key_share=True, skip_locked=True)
    )
    if request is None:
        return False
    if request.state == HelpState.ASKED:
        idea = await session.get_one(Idea, request.idea_id)
        await help_matching.put_to_next(session, request, idea, outcome=Turn.EXPIRED, now=now)
    else:
        await help_matching.close(session, request, now=now)
    return True
