"""Public holidays are found beforehand, and by a process of their own: none of ours has the package."""

import json
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, update
from sqlmodel import col, select

from app.core import clock
from app.core.config import Settings
from app.core.db import Database
from app.domain.calendars import WorkingCalendar, add_working_days
from app.integrations.holidays import PublicHolidays
from app.models.calendars import Calendar
from app.models.holidays import HolidayYear
from app.queries.holidays import list_years, read_years
from app.services import holidays
from tests.support.world import START, Cast

ROOT = Path(__file__).parents[2]
NOW = clock.now()

_SUBMIT = """
import asyncio, json, sys
from pathlib import Path
from pydantic import SecretStr
from sqlmodel import select
from app.core.db import Database
from app.main import create_app
from app.models.employees import Employee
from app.models.reviews import Review
from tests.conftest import make_settings
from tests.support.client import Client

async def submit(url, person, body):
    app = create_app(make_settings(url, Path(sys.argv[4])))
    async with app.router.lifespan_context(app):
        async with app.state.wiring.database.reader() as session:
            author = await session.get_one(Employee, person)
        client = Client(app, author)
        idea = await client.post("/ideas", body)
        await client.http.aclose()
        async with app.state.wiring.database.reader() as session:
            review = (await session.scalars(select(Review).where(Review.idea_id == idea["id"]))).one()
    return [review.opened_at.isoformat(), review.due_at.isoformat()]

times = asyncio.run(submit(sys.argv[1], sys.argv[2], json.loads(sys.argv[3])))
print(json.dumps([*times, "holidays" in sys.modules]))
"""


@pytest.mark.parametrize("found_before", [True, False])
async def test_a_process_that_took_a_submission_has_not_imported_the_package(
    database: Database, settings: Settings, cast: Cast, tmp_path: Path, found_before: bool
) -> None:
    async with database.writer() as session:
        if not found_before:
            await session.execute(delete(HolidayYear))
        else:
            # Told from the table, since nothing else says so: nobody works for a month.
            off = [date.fromordinal(NOW.date().toordinal() + number).isoformat() for number in range(30)]
            years = {day[:4] for day in off}
            for year in years:
                days = [day for day in off if day.startswith(year)]
                row = update(HolidayYear).where(col(HolidayYear.year) == int(year))
                await session.execute(row.values(days=days))
    body = {"title": "A lamp", "problem": "dark", "solution": "a lamp", "theme": cast.themes["brand"]}
    command = [sys.executable, "-W", "ignore", "-c", _SUBMIT, settings.database_url, cast["Alice"].id]
    said = subprocess.run(  # noqa: ASYNC221  nothing else goes on
        [*command, json.dumps(body), str(tmp_path)], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert said.returncode == 0, said.stderr
    opened, due, imported = json.loads(said.stdout)
    assert imported is False
    if found_before:
        assert (datetime.fromisoformat(due) - NOW).days >= 30
    else:
        calendar = WorkingCalendar("Europe/Paris", days_off=PublicHolidays("FR"))
        assert due == add_working_days(datetime.fromisoformat(opened), 5, calendar).isoformat()


async def test_each_night_the_years_ahead_are_found_for_everybody(database: Database) -> None:
    async with database.writer() as session:
        await session.execute(delete(HolidayYear))
        for name, region in (("Lorraine", "FR-57"), ("Alsace", "FR-57"), ("None", "")):
            session.add(Calendar(name=name, region=region, zone="Europe/Paris", created_at=START))
    assert await holidays.look_ahead(database, now=NOW) == 2
    async with database.reader() as session:
        rows = (await session.scalars(select(HolidayYear))).all()
        lorraine = await read_years(session, "FR-57")
    assert {(row.region, row.year) for row in rows} == {
        (region, year) for region in ("FR", "FR-57") for year in list_years(NOW)
    }
    assert date(NOW.year, 12, 26) in lorraine[NOW.year]
    assert await holidays.look_ahead(database, now=NOW) == 0


async def test_what_changed_since_is_found_again(database: Database) -> None:
    wrong = {"days": [f"{NOW.year}-02-03"]}
    async with database.writer() as session:
        await session.execute(update(HolidayYear).where(col(HolidayYear.year) == NOW.year).values(**wrong))
    assert await holidays.look_ahead(database, now=NOW) == 1
    async with database.reader() as session:
        years = await read_years(session, "FR")
    assert date(NOW.year, 2, 3) not in years[NOW.year]
    assert date(NOW.year, 7, 14) in years[NOW.year]
