"""Going through a large table in parts, so that neither memory nor a statement grows with it."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from app.core import ids
from app.core.db import ReadSession

CHUNK = 500
"""Rows that are looked at together."""


async def count_rows(session: ReadSession, table: Any) -> int:
    """Return how many rows a table has."""
    return int(await session.scalar(select(func.count()).select_from(table)) or 0)


async def chunk_ids(
    session: ReadSession, table: Any, total: int, most: int | None = None
) -> AsyncIterator[Sequence[str]]:
    """Give the identifiers of a table in parts; of more than `most`, so many from a random place on, and around."""
    sampled = most is not None and total > most
    last = ids.new() if sampled else ""
    left = total if most is None else min(total, most)
    while left > 0:
        rows = await session.scalars(
            select(col(table.id)).where(col(table.id) > last).order_by(col(table.id)).limit(min(CHUNK, left))
        )
        found = rows.all()
        if found:
            yield found
        elif not last:
            return
        last = found[-1] if found else ""
        left -= len(found)
