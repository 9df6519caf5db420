"""Finding public holidays beforehand, so that nobody who submits an idea waits for them."""

from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from app.core.db import Database, WriteSession
from app.integrations import holidays
from app.integrations.holidays import Years
from app.models.holidays import HolidayYear
from app.queries.holidays import list_regions, list_years, read_years


async def look_ahead(database: Database, *, now: datetime) -> int:
    """Find the days off of the company and of every calendar for years ahead; returns how many regions have changed.

    Done each night, also for what is there: laws change, and releases of the package with them.

    Raises: DatabaseAway.
    """
    async with database.reader() as session:
        regions = await list_regions(session)
    found = await holidays.look_up([database.region, *regions], list_years(now))
    changed = 0
    for region, years in sorted(found.items()):
        async with database.reader() as session:
            there = await read_years(session, region)
        if any(there.get(year) != days for year, days in years.items()):
            async with database.writer() as writing:
                await keep(writing, region, years)
            changed += 1
    return changed


async def keep(session: WriteSession, region: str, years: Years) -> None:
    """Keep the days off of a region in some years, in the place of what was there."""
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    adding = dialect.insert(HolidayYear)
    rows = [
        {"region": region, "year": year, "days": sorted(day.isoformat() for day in days)}
        for year, days in sorted(years.items())
    ]
    if rows:
        key, kept = ["region", "year"], {"days": adding.excluded.days}
        await session.execute(adding.on_conflict_do_update(index_elements=key, set_=kept), rows)
