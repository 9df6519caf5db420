"""Forgetting finished runs, of which DBOS keeps every one."""

from datetime import datetime, timedelta

from dbos import DBOS

from app.jobs.bridge import aside

BATCH = 500
KEPT = {
    "SUCCESS": timedelta(days=1),
    "ERROR": timedelta(days=14),
    "CANCELLED": timedelta(days=14),
    "MAX_RECOVERY_ATTEMPTS_EXCEEDED": timedelta(days=14),
}
"""How long a finished run is kept, by how it ended."""


async def forget(now: datetime) -> None:
    """Delete the runs that finished long enough ago."""
    for status, age in KEPT.items():
        await aside(_forget, status, now - age)


def _forget(status: str, before: datetime) -> None:
    while ids := [
        run.workflow_id
        for run in DBOS.list_workflows(
            status=status,
            completed_before=before.isoformat(),
            limit=BATCH,
            load_input=False,
            load_output=False,
        )
    ]:
        DBOS.delete_workflows(ids)
