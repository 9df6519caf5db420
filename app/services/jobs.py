"""Adding what the jobs of a process did to the sums that all processes share."""

from typing import Any

from sqlalchemy import func
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from app.core.db import Database, WriteSession
from app.core.meters import Meter, Meters
from app.models.jobs import JobRecord

_SUMS = ("runs", "failures", "handled", "seconds")
_LATEST = ("succeeded_at", "failed_at", "failure")


class Sums:
    """Knows what of some meters is in the database already."""

    def __init__(self, meters: Meters) -> None:
        self._meters = meters
        self._written = {name: _sum_up(meter) for name, meter in meters.of.items()}

    async def write_down(self, database: Database) -> int:
        """Add what came since the last time; returns the number of jobs that ran.

        What could not be written is written the next time; what a killed process had not written is lost.

        Raises: DatabaseAway.
        """
        # Read before the transaction: jobs go on while it lasts.
        now = {name: _sum_up(meter) for name, meter in self._meters.of.items()}
        rows = [
            _describe(name, self._meters.of[name], sums, self._written.get(name))
            for name, sums in sorted(now.items())
            if sums != self._written.get(name, dict.fromkeys(_SUMS, 0))
        ]
        if rows:
            async with database.writer() as session:
                await _add(session, rows)
        self._written = now
        return len(rows)


def _sum_up(meter: Meter) -> dict[str, Any]:
    return {name: getattr(meter, name) for name in _SUMS}


def _describe(
    name: str, meter: Meter, sums: dict[str, Any], written: dict[str, Any] | None
) -> dict[str, Any]:
    since = {each: value - (written[each] if written else 0) for each, value in sums.items()}
    return {"job": name, **since, **{each: getattr(meter, each) for each in _LATEST}}


async def _add(session: WriteSession, rows: list[dict[str, Any]]) -> None:
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    adding = dialect.insert(JobRecord)
    sums = {name: col(getattr(JobRecord, name)) + adding.excluded[name] for name in _SUMS}
    # A process in which a job never failed knows nothing of what failed elsewhere.
    latest = {name: func.coalesce(adding.excluded[name], col(getattr(JobRecord, name))) for name in _LATEST}
    # In the order of the names, so that two processes never wait for each other's rows.
    await session.execute(adding.on_conflict_do_update(index_elements=["job"], set_={**sums, **latest}), rows)
