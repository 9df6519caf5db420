"""What a night works out for a company that has played for two years: all of it, and what one more day changes."""

import asyncio
import time
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import delete, insert, select
from sqlmodel import SQLModel, col

from app.core import clock
from app.core.db import Database, WriteSession
from app.domain.errors import Refusal
from app.domain.pipeline import Stage
from app.jobs import schedule
from app.jobs.drain import drain
from app.models.activity import ActivityChange
from app.models.employees import Employee
from app.models.ideas import Idea
from app.queries import actors
from app.services import sessions, votes
from bench import dataset
from bench.figures import Figures
from bench.installation import Installation
from bench.report import say
from bench.scene import Scene
from tests.support import postgres

NIGHTLY = ("activity.refresh", "segments.compute", "badges.award", "leaderboards.compute")
"""The rounds of the schedule that work out something about people."""
_TABLES = (
    *("activity_days", "memberships", "badge_awards", "badge_catalogues"),
    *("season_points", "person_standings", "unit_standings", "standing_scopes", "standing_changes"),
)
"""What they write."""
_DATABASE = "eureka"
_VOTES = 200
"""Votes of one busy day; there are some twenty on a usual one."""
_SEED = 2012


async def measure_nights(scene: Scene, figures: Figures) -> None:
    """Build the world of Eurêka beside, forget what was worked out, and time a night for all, then the next one."""
    directory = scene.installation.directory / _DATABASE
    directory.mkdir()
    server, _, _ = scene.installation.url.rpartition("/")
    postgres.create_database(f"{server}/postgres", _DATABASE)
    installation = Installation(f"{server}/{_DATABASE}", directory)
    await asyncio.to_thread(installation.call, "migrate")
    say("nights: building the world of Eurêka")
    await asyncio.to_thread(installation.call, "demo")
    database = Database(dataset.describe_settings(installation.url))
    try:
        now = clock.now()
        async with database.writer() as session:
            await _forget(session)
        figures.note("nights.all", [await _run(database, installation, now)])
        await _live(database, now)
        figures.note("nights.next", [await _run(database, installation, now + timedelta(days=1))])
    finally:
        await database.close()


async def _forget(session: WriteSession) -> None:
    """Forget what was worked out, and have everybody's days counted from the beginning."""
    for name in _TABLES:
        await session.execute(delete(SQLModel.metadata.tables[name]))
    await session.execute(delete(ActivityChange))
    started = select(col(Employee.id), col(Employee.created_at))
    days = [
        {"employee_id": person, "since": clock.day_in(session.zone, at)}
        for person, at in await session.execute(started)
    ]
    await session.execute(insert(ActivityChange), days)


async def _run(database: Database, installation: Installation, now: datetime) -> float:
    """Return how long the rounds of a night take, in seconds."""
    rounds = {each.name: each for each in schedule.list_periodic(database, installation.directory)}
    begin = time.perf_counter()
    for name in NIGHTLY:
        began = time.perf_counter()
        await rounds[name].run(now)
        say(f"nights: {name} {time.perf_counter() - began:.2f} s")
    return time.perf_counter() - begin


async def _live(database: Database, now: datetime) -> None:
    """Have some people sign in and vote, and work off what follows from it."""
    random = Random(_SEED)  # noqa: S311  a seed, not secrecy
    async with database.reader() as session:
        people = list(
            await session.scalars(select(Employee).where(col(Employee.active)).order_by(Employee.id))
        )
        ideas = list(await session.scalars(select(col(Idea.id)).where(col(Idea.stage) == Stage.EVALUATION)))
    for person in random.sample(people, _VOTES):
        async with database.writer() as session:
            actor = await actors.find_actor(session, person.id, session_id=None, now=now)
            if actor is None:
                continue
            await sessions.open(session, await session.get_one(Employee, person.id), client="bench", now=now)
            try:
                await votes.cast(session, actor, random.choice(ideas), now=now)
            except Refusal:
                continue
    while await drain(database, now=now):
        pass
