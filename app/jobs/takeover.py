"""Taking over what a dead worker left: whoever can have its lock knows that it is gone (PostgreSQL)."""

import asyncpg
import structlog
from dbos import DBOS

from app.jobs.bridge import aside

_log = structlog.get_logger()

_KEY = "hashtextextended('ideabox.jobs.worker:' || $1, 0)"


async def hold(connection: asyncpg.Connection, executor: str) -> None:
    """Hold the sign of life of this worker for as long as the connection lives.

    Raises: TimeoutError when another session keeps the lock for ten seconds.
    """
    await connection.execute(f"SELECT pg_advisory_lock({_KEY})", executor, timeout=10)


async def take_over(connection: asyncpg.Connection, executor: str) -> list[str]:
    """Queue the pending runs of workers that are gone, for any live one; return the names of the gone."""
    gone = []
    for other in sorted(await aside(_list_others, executor)):
        if not await connection.fetchval(f"SELECT pg_try_advisory_lock({_KEY})", other):
            continue
        try:
            # Private and pinned: in the free edition nothing else recovers the runs of another process.
            handles = await aside(DBOS._recover_pending_workflows, [other])  # noqa: SLF001  see above
            _log.warning("jobs.taken-over", worker=other, runs=len(handles))
            gone.append(other)
        finally:
            await connection.execute(f"SELECT pg_advisory_unlock({_KEY})", other)
    return gone


def _list_others(executor: str) -> set[str]:
    pending = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
    return {run.executor_id for run in pending if run.executor_id} - {executor}
