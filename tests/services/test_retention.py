"""What was kept long enough goes, class by class; what counts stays."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlmodel import col

from app.core import clock
from app.core.db import Database
from app.domain.retention import DataClass
from app.jobs.drain import drain
from app.models.events import Event
from app.models.help_requests import HelpRequest
from app.models.ideas import Idea
from app.models.register import RegisterEntry
from app.models.sessions import SignIn
from app.services import retention
from tests.support.client import Client
from tests.support.world import START, Cast

Speak = Callable[[str], Client]
DAY = timedelta(days=1)


async def count(database: Database, table: Any) -> int:
    async with database.reader() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def look(database: Database, data_class: DataClass, *, days: float, dry_run: bool = False) -> int:
    done = await retention.forget(database, {}, dry_run=dry_run, now=START + days * DAY)
    return next(each.rows for each in done if each.data_class is data_class)


async def test_of_sign_ins_the_first_of_each_day_stays(database: Database, cast: Cast) -> None:
    # Nine in the morning in UTC; in Paris the day ends at eleven in the evening.
    hours = {0: "kept", 3: "gone", 13.5: "gone", 14.5: "kept", 24: "gone"}
    async with database.writer() as session:
        for name in ("Max", "Pete"):
            session.add_all(SignIn(employee_id=cast[name].id, at=START + timedelta(hours=at)) for at in hours)
    assert await look(database, DataClass.SIGN_INS, days=400, dry_run=True) == 0
    assert await look(database, DataClass.SIGN_INS, days=402, dry_run=True) == 6
    assert await count(database, SignIn) == 10
    assert await look(database, DataClass.SIGN_INS, days=402) == 6
    async with database.reader() as session:
        left = await session.scalars(
            select(col(SignIn.at)).where(col(SignIn.employee_id) == cast["Max"].id).order_by(col(SignIn.at))
        )
        kept = [START + timedelta(hours=at) for at, fate in hours.items() if fate == "kept"]
        assert list(left.all()) == kept


async def test_drafts_go_that_nobody_touches_or_helps_with(
    speak: Speak, cast: Cast, database: Database
) -> None:
    body = {"title": "Brouillon", "problem": "p", "solution": "s", "theme": cast.themes["brand"]}
    drafts = [(await speak("Alice").post("/ideas", body | {"draft": True}))["id"] for _ in range(3)]
    submitted = (await speak("Alice").post("/ideas", body))["id"]
    await speak("Alice").post(
        f"/ideas/{drafts[0]}/help-requests", {"wants": "facilitator", "text": "Comment dire ?"}
    )
    async with database.writer() as session:
        await session.execute(update(Idea).where(col(Idea.id) != drafts[1]).values(updated_at=START))
        assert await session.scalar(select(func.count()).select_from(HelpRequest)) == 1
    later = START + 731 * DAY
    done = await retention.forget(database, {}, now=later)
    assert {each.data_class: each.rows for each in done}[DataClass.DRAFTS] == 1
    await speak("Alice").refused("GET", f"/ideas/{drafts[2]}", 404)
    for kept in (drafts[0], drafts[1], submitted):
        await speak("Alice").get(f"/ideas/{kept}")


async def test_events_go_once_they_are_worked_off_but_not_the_newest(
    speak: Speak, cast: Cast, database: Database
) -> None:
    await speak("Max").put("/me/absence", {"from": "2099-08-01", "until": "2099-08-31"})
    while await drain(database, now=clock.now()):
        pass
    await speak("Max").request("DELETE", "/me/absence")
    async with database.writer() as session:
        await session.execute(update(Event).values(at=START))
    assert await look(database, DataClass.EVENTS, days=731) == 1
    assert await count(database, Event) == 1


async def test_a_run_that_forgets_is_in_the_register_and_a_trial_is_not(
    database: Database, cast: Cast
) -> None:
    async with database.writer() as session:
        session.add_all(SignIn(employee_id=cast["Max"].id, at=START) for _ in range(2))
    assert await look(database, DataClass.SIGN_INS, days=500, dry_run=True) == 1
    assert await count(database, RegisterEntry) == 0
    await look(database, DataClass.SIGN_INS, days=500)
    async with database.reader() as session:
        (entry,) = (await session.scalars(select(RegisterEntry))).all()
    assert (entry.act, entry.facts) == ("retention.ran", {"sign_ins": 1})
    # Again, there is nothing, and nothing to enter.
    assert await look(database, DataClass.SIGN_INS, days=500) == 0
    assert await count(database, RegisterEntry) == 1
