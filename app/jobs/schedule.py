"""THE table of periodic work."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from app.core.db import Database
from app.jobs import anchoring
from app.jobs.work import Periodic
from app.services import (
    activity,
    attendances,
    captures,
    deadlines,
    deliveries,
    holds,
    idempotency,
    sessions,
    throttles,
    webhook_deliveries,
    webhooks,
)


def list_periodic(database: Database, data_dir: Path) -> Sequence[Periodic]:
    """Return everything that happens by the clock (UTC)."""

    async def forget_keys(due: datetime) -> None:
        async with database.writer() as session:
            await idempotency.forget_old(session, now=due)

    async def forget_sign_ins(due: datetime) -> None:
        async with database.writer() as session:
            await sessions.forget_ended(session, now=due)
            await throttles.forget_old(session, now=due)

    async def forget_messages(due: datetime) -> None:
        async with database.writer() as session:
            await deliveries.forget_old(session, now=due)

    async def forget_webhooks(due: datetime) -> None:
        async with database.writer() as session:
            await webhook_deliveries.forget_old(session, now=due)
            await webhooks.forget_former_secrets(session, now=due)

    async def forget_gatherings(due: datetime) -> None:
        async with database.writer() as session:
            await attendances.forget_people(session, now=due)
            await captures.forget_unclaimed(session, now=due)

    async def anchor(due: datetime) -> None:
        await anchoring.anchor(database, data_dir, now=due)

    async def tick(due: datetime) -> None:
        await deadlines.advance(database, now=due)

    async def wake(due: datetime) -> None:
        await holds.wake(database, now=due)

    async def refresh_activity(due: datetime) -> None:
        await activity.refresh(database, now=due)

    return (
        Periodic("clock.tick", "* * * * *", tick),
        Periodic("clock.wake", "11 * * * *", wake),
        Periodic("idempotency.forget", "17 * * * *", forget_keys),
        Periodic("sessions.forget", "27 3 * * *", forget_sign_ins),
        Periodic("messages.forget", "37 3 * * *", forget_messages),
        Periodic("webhooks.forget", "47 * * * *", forget_webhooks),
        Periodic("activity.refresh", "7 * * * *", refresh_activity),
        Periodic("gatherings.forget", "57 3 * * *", forget_gatherings),
        Periodic("itinerary.anchor", "5 2 * * *", anchor, catch_up=True),
    )
