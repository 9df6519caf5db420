"""Prizes, and points to have them, for tests."""

from typing import Any

from app.core import ids
from app.core.db import Database
from app.models.rewards import PointEntry
from app.queries import audits
from app.schemas.prizes import AddPrize
from app.services import prizes
from tests.support.world import START, Cast


async def give_points(database: Database, employee_id: str, points: int) -> None:
    """Give somebody points, for nothing that an audit knows of."""
    async with database.writer() as session:
        entry = PointEntry(
            employee_id=employee_id,
            rule="gift",
            subject=ids.new(),
            points=points,
            day=START.date(),
            at=START,
        )
        session.add(entry)


async def offer(database: Database, cast: Cast, **changes: Any) -> str:
    """Put a prize into the catalogue, one piece for ten points unless told otherwise; returns its identifier."""
    values: dict[str, Any] = {"name": "A book", "way": "points", "cost": 10, "stock": 1} | changes
    if values["way"] == "jury":
        values["cost"] = None
    async with database.writer() as session:
        mia = await cast.actor(session, "Mia")
        return (await prizes.add(session, mia, AddPrize(**values), now=START)).id


async def list_errors(database: Database) -> list[str]:
    """Return what an audit finds that contradicts itself."""
    return [each.what for each in await audits.audit(database) if each.level == "error"]
