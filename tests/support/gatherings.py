"""Gatherings for tests: announced by Mia and hosted by Fay, beginning in so many minutes from now."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import update
from sqlmodel import col

from app.core import clock
from app.core.db import Database
from app.models.gatherings import Gathering
from tests.support.client import Client
from tests.support.world import Cast

Speak = Callable[[str], Client]


def describe(cast: Cast, *, minutes: float = 60, **changes: Any) -> dict[str, Any]:
    """Return what is announced: two hours in Lyon."""
    starts_at = clock.now() + timedelta(minutes=minutes)
    return {
        "kind": "workshop",
        "title": "Atelier des écrans",
        "description": "Venez **nombreux**.",
        "place": "Lyon, salle 3",
        "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at + timedelta(hours=2)).isoformat(),
        "hosts": [cast["Fay"].id],
    } | changes


async def announce(speak: Speak, cast: Cast, *, minutes: float = 60, **changes: Any) -> str:
    """Announce a gathering, and return its address."""
    made = await speak("Mia").post("/gatherings", describe(cast, minutes=minutes, **changes))
    return f"/gatherings/{made['id']}"


async def shift(database: Database, path: str, **by: float) -> None:
    """Move a gathering in time, past the rules."""
    step = timedelta(**by)
    async with database.writer() as session:
        row = await session.get_one(Gathering, path.rsplit("/", 1)[1])
        await session.execute(
            update(Gathering)
            .where(col(Gathering.id) == row.id)
            .values(starts_at=row.starts_at + step, ends_at=row.ends_at + step)
        )


async def come(speak: Speak, cast: Cast, path: str, *names: str) -> None:
    """Have the host note that people are there."""
    for name in names:
        await speak("Fay").put(f"{path}/attendances/{cast[name].id}")
