"""Reading public holidays: those that this process knows, else from the table, else from the package."""

from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import col

from app.core import clock
from app.core.db import ReadSession
from app.integrations import holidays
from app.integrations.holidays import Days, PublicHolidays
from app.models.calendars import Calendar
from app.models.holidays import HolidayYear

BEHIND, AHEAD = 1, 5
"""Years before and after the present one whose days off are found beforehand."""


def list_years(now: datetime) -> range:
    """Return the years whose days off are found beforehand."""
    return range(now.year - BEHIND, now.year + AHEAD + 1)


async def get_holidays(session: ReadSession, region: str) -> PublicHolidays:
    """Return the public holidays of a region; what the table lacks is looked up, which takes half a second once."""
    years = list_years(clock.now())
    if not holidays.is_noted(region, years):
        holidays.note(region, await read_years(session, region))
    if not holidays.is_noted(region, years):
        await holidays.look_up([region], years)
    return PublicHolidays(region)


async def read_years(session: ReadSession, region: str) -> dict[int, Days]:
    """Return the days off of a region that are in the table, by year."""
    rows = await session.execute(
        select(col(HolidayYear.year), col(HolidayYear.days)).where(col(HolidayYear.region) == region)
    )
    return {year: frozenset(map(date.fromisoformat, days)) for year, days in rows}


async def list_regions(session: ReadSession) -> list[str]:
    """Return the regions of all calendars."""
    regions = select(col(Calendar.region)).where(col(Calendar.region) != "").distinct()
    return list(await session.scalars(regions))
