"""THE table of periodic work."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from app.core.db import Database
from app.jobs import anchoring
from app.jobs.work import Periodic
from app.services import idempotency


def list_periodic(database: Database, data_dir: Path) -> Sequence[Periodic]:
    """Return everything that happens by the clock (UTC)."""

    async def forget_keys(due: datetime) -> None:
        async with database.writer() as session:
            await idempotency.forget_old(session, now=due)

    async def anchor(due: datetime) -> None:
        await anchoring.anchor(database, data_dir, now=due)

    return (
        Periodic("idempotency.forget", "17 * * * *", forget_keys),
        Periodic("itinerary.anchor", "5 2 * * *", anchor, catch_up=True),
    )
