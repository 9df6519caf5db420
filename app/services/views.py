"""Counting how often ideas are looked at, apart from the reading itself."""

from collections import Counter

from sqlalchemy import update
from sqlmodel import col

from app.core.db import Database
from app.models.ideas import Tally


class ViewCounter:
    """Gathers views in memory and writes them down in one transaction every few seconds.

    A GET stays a read; what a killed process had not written yet is lost, and only dulls `needs_eyes`.
    """

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def count(self, idea_id: str) -> None:
        """Note that an idea was looked at."""
        self._seen[idea_id] += 1

    async def write_down(self, database: Database) -> int:
        """Add what was gathered to the tallies; returns the number of ideas."""
        seen, self._seen = self._seen, Counter()
        if not seen:
            return 0
        async with database.writer() as session:
            for idea_id, views in sorted(seen.items()):
                await session.execute(
                    update(Tally)
                    .where(col(Tally.idea_id) == idea_id)
                    .values(views=col(Tally.views) + views, attention=col(Tally.attention) + views)
                    .execution_options(synchronize_session=False)
                )
        return len(seen)
