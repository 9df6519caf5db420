"""Periodic runs in this process: one of a kind at a time, and none that a later one has overtaken."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

import structlog

from app.jobs.work import Periodic

_log = structlog.get_logger()


class Rounds:
    """Makes the runs of a schedule. After an outage DBOS delivers every one that was missed, all at once."""

    def __init__(self, schedule: Sequence[Periodic]) -> None:
        self.schedule = {periodic.name: periodic for periodic in schedule}
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._latest: dict[str, datetime] = {}

    async def make(self, name: str, due_at: datetime) -> None:
        """Make the run of that name that was due at that moment, or leave it out when it is superfluous.

        Raises: what the run raises.
        """
        periodic = self.schedule.get(name)
        if not periodic:
            _log.warning("jobs.unknown", run=name)  # of a newer release, or an older one
            return
        turn = self._turns[name]
        if turn.locked() and not periodic.catch_up:
            # Waiting would use up DBOS's threads, should this run never end.
            _log.warning("jobs.still-running", run=name, due_at=due_at.isoformat())
            return
        async with turn:
            if periodic.catch_up or name not in self._latest or due_at > self._latest[name]:
                await periodic.run(due_at)
                self._latest[name] = max(due_at, self._latest.get(name, due_at))
