"""Measuring the jobs: each drain and each periodic run behind its meter, and what they did written down."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import structlog

from app.core.db import Database
from app.core.meters import METERS
from app.jobs.work import Drain, Periodic
from app.services.jobs import Sums

EVERY = 60.0
"""Seconds between two notes in the database of what the jobs of this process did."""

_log = structlog.get_logger()


def measure_drain(name: str, drain: Drain) -> Drain:
    """Return a drain that is measured; a look that finds nothing is no run, only a sign of life."""
    METERS.add(name)

    async def measured() -> int:
        with METERS.measure(name) as run:
            run.handled = await drain()
            run.idle = not run.handled
        return run.handled

    return measured


def measure_drains(drains: Mapping[str, Drain]) -> dict[str, Drain]:
    """Return drains, in their order, each of which is measured."""
    return {name: measure_drain(name, drain) for name, drain in drains.items()}


def measure_periodic(periodic: Periodic) -> Periodic:
    """Return a periodic run that is measured; each of its attempts counts."""
    METERS.add(periodic.name)

    async def measured(due_at: datetime) -> int | None:
        with METERS.measure(periodic.name) as run:
            handled = await periodic.run(due_at)
            run.handled = handled or 0
        return handled

    return replace(periodic, run=measured)


class Notes:
    """Writes down what the jobs of this process did, for `ideabox jobs`, which is another process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sums = Sums(METERS)
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Write every minute from now on."""
        self._task = asyncio.create_task(self._keep())

    async def close(self) -> None:
        """Write for the last time."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._write()

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            await self._write()

    async def _write(self) -> None:
        try:
            await self._sums.write_down(self._database)
        except Exception as error:  # noqa: BLE001  numbers are not worth a job
            _log.warning("jobs.not-noted", exc_info=error)
