"""Entering into the register that somebody too close to an idea or to a person tried to act on it."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from app.core import ids, locks
from app.core.db import Database, WriteSession
from app.domain import measures
from app.domain.awards import TooCloseToGive
from app.domain.decisions import Conflicted
from app.domain.errors import Refusal
from app.domain.register import Entry
from app.models.awards import PrizeAward
from app.models.ideas import Idea
from app.models.register import RegisterEntry, RegisterName
from app.services import register

NOTED: tuple[type[Refusal], ...] = (Conflicted, TooCloseToGive)
"""Refusals by the rule on conflicts."""

ACT = "conflicts.refused"


async def note(database: Database, actor_id: str, subject: str, operation: str, *, now: datetime) -> None:
    """Enter that somebody was refused as too close to a subject, once a day for each operation.

    In a transaction of its own: that of the request was rolled back with what it tried. Nothing is entered about an
    anonymous idea, as it would tell its author's line.

    Raises: DatabaseAway.
    """
    async with database.writer() as session:
        if await _is_anonymous(session, subject):
            return
        # Only one of two attempts at the same time looks before the other is there.
        await locks.take_each(session, [f"{ACT} {actor_id} {subject}"])
        entry = Entry(ACT, subject, actor_id, facts={"operation": operation})
        if not await _was_noted(session, entry, now=now):
            register.enter(session, entry, now=now)


async def _is_anonymous(session: WriteSession, subject: str) -> bool:
    if not ids.is_valid(subject):
        return False
    award = await session.get(PrizeAward, subject)
    idea = await session.get(Idea, subject if award is None else award.idea_id or "")
    return idea is not None and idea.anonymous


async def _was_noted(session: WriteSession, entry: Entry, *, now: datetime) -> bool:
    today = measures.start_day(now.date(), "UTC")
    same = (
        select(RegisterEntry)
        .join(RegisterName, col(RegisterName.ref) == col(RegisterEntry.actor_ref))
        .where(
            col(RegisterEntry.subject) == entry.subject,
            col(RegisterEntry.act) == ACT,
            col(RegisterEntry.at) >= today,
            col(RegisterName.employee_id) == entry.actor_id,
        )
    )
    noted = await session.scalars(same)
    return any(each.facts == entry.facts for each in noted)
