"""Settling everything anew from the facts, for a ledger that was kept by other rules or was mended by hand."""

from collections.abc import Collection
from datetime import datetime

from app.core import locks
from app.core.db import Database, WriteSession
from app.models.employees import Employee
from app.models.ideas import Idea
from app.queries.causes import OF_PEOPLE
from app.queries.chunks import chunk_ids, count_rows
from app.services.milestones import settle_milestones
from app.services.rewards import settle_people


async def settle_all(database: Database, *, now: datetime) -> int:
    """Write the entries by which everybody's ledger says what the facts say; returns how many.

    Each part is a transaction of its own, alone with the events; again, it writes nothing.
    """
    written = 0
    for table, settle_some in ((Employee, _settle_people), (Idea, settle_milestones)):
        async with database.reader() as reading:
            total = await count_rows(reading, table)
            async for chunk in chunk_ids(reading, table, total):
                async with database.writer() as session:
                    await locks.take(session, locks.EVENTS)
                    written += await settle_some(session, chunk, now=now)
    return written


async def _settle_people(session: WriteSession, people: Collection[str], *, now: datetime) -> int:
    return sum([await settle_people(session, rule, people, now=now) for rule in OF_PEOPLE])
