"""Signing up under concurrency: the last place goes to one person, and nobody on the waiting list is lost."""

import asyncio
import random
from collections.abc import Awaitable
from typing import Any

from sqlalchemy import select, update
from sqlmodel import col

from app.core import clock
from app.core.db import Database
from app.models.events import Event
from app.models.gatherings import Gathering, SignUp
from app.queries import actors, gathering_audit
from app.queries.findings import Finding
from app.services import departures, sign_ups
from tests.services.test_rewards import drain_all
from tests.support import world
from tests.support.gatherings import Speak, announce
from tests.support.world import Cast


async def hire(database: Database, number: int) -> list[str]:
    async with database.writer() as session:
        return [(await world.make_employee(session)).id for _ in range(number)]


async def act(database: Database, what: Any, person: str, gathering_id: str) -> Any:
    """Have somebody sign up or leave, in a transaction of their own."""
    async with database.writer() as session:
        actor = await actors.find_actor(session, person, session_id=None, now=clock.now())
        assert actor is not None
        return await what(session, actor, gathering_id, now=clock.now())


async def audit(database: Database) -> list[Finding]:
    """Return what the audit says of gatherings."""
    async with database.reader() as session:
        return await gathering_audit.check(session)


async def read_rows(database: Database, gathering_id: str) -> list[SignUp]:
    async with database.reader() as session:
        rows = await session.scalars(
            select(SignUp).where(col(SignUp.gathering_id) == gathering_id).order_by(col(SignUp.number))
        )
        return list(rows)


async def test_a_hundred_people_for_the_last_place(database: Database, cast: Cast, speak: Speak) -> None:
    path = await announce(speak, cast, places=3)
    await speak("Max").put(f"{path}/sign-up")
    await speak("Pete").put(f"{path}/sign-up")
    gathering_id = path.rsplit("/", 1)[1]
    people = await hire(database, 100)
    told = await asyncio.gather(*(act(database, sign_ups.sign_up, person, gathering_id) for person in people))
    assert sorted(each.waiting_position or 0 for each in told) == list(range(100))
    assert [each.state for each in told].count("seated") == 1
    rows = await read_rows(database, gathering_id)
    assert [row.number for row in rows] == list(range(1, 103))
    assert [row.state for row in rows] == ["seated"] * 3 + ["waiting"] * 99


async def test_one_person_with_many_requests_has_one_place(
    database: Database, cast: Cast, speak: Speak
) -> None:
    path = await announce(speak, cast, places=1)
    answers = await asyncio.gather(*(speak("Max").request("PUT", f"{path}/sign-up") for _ in range(50)))
    assert {(each.status_code, each.text) for each in answers} == {
        (200, '{"state":"seated","waiting_position":null}')
    }
    assert len(await read_rows(database, path.rsplit("/", 1)[1])) == 1
    async with database.reader() as session:
        made = await session.scalars(select(Event).where(col(Event.kind) == "sign-ups.made"))
        (event,) = made.all()
    assert (event.actor_id, event.payload) == (None, {"gathering": path.rsplit("/", 1)[1]})


async def test_in_a_storm_of_coming_and_going_no_place_stays_empty(
    database: Database, cast: Cast, speak: Speak
) -> None:
    path = await announce(speak, cast, places=5)
    gathering_id = path.rsplit("/", 1)[1]
    people = await hire(database, 30)
    dice = random.Random(5)
    last: dict[str, bool] = {}

    async def come_and_go(person: str) -> None:
        for _ in range(4):
            last[person] = dice.random() < 0.6
            what = sign_ups.sign_up if last[person] else sign_ups.leave
            await act(database, what, person, gathering_id)

    storm: list[Awaitable[Any]] = [come_and_go(person) for person in people]
    await asyncio.gather(*storm)
    rows = await read_rows(database, gathering_id)
    assert {row.employee_id for row in rows} == {person for person, wish in last.items() if wish}
    # Whoever came first sits: nobody who waits came before somebody who has a place.
    assert [row.state for row in rows] == ["seated"] * 5 + ["waiting"] * (len(rows) - 5)
    assert all((row.seated_at is None) == (row.state == "waiting") for row in rows)
    assert await audit(database) == []


async def test_the_audit_sees_a_place_that_stays_empty(database: Database, cast: Cast, speak: Speak) -> None:
    path = await announce(speak, cast, places=2)
    for name in ("Max", "Pete", "Olga"):
        await speak(name).put(f"{path}/sign-up")
    assert await audit(database) == []
    for state in ("waiting", "seated"):
        async with database.writer() as session:
            await session.execute(update(SignUp).values(state=state))
        (found,) = await audit(database)
        assert (found.level, path.rsplit("/", 1)[1] in found.what) == ("error", True)


async def test_more_places_and_new_people_at_once(database: Database, cast: Cast, speak: Speak) -> None:
    path = await announce(speak, cast, places=1)
    gathering_id = path.rsplit("/", 1)[1]
    people = await hire(database, 20)
    raising = speak("Mia").request("PATCH", path, json={"places": 12}, headers={"If-Match": "*"})
    joining = [act(database, sign_ups.sign_up, person, gathering_id) for person in people]
    await asyncio.gather(*joining[:10], raising, *joining[10:])
    rows = await read_rows(database, gathering_id)
    assert [row.state for row in rows] == ["seated"] * 12 + ["waiting"] * 8


async def test_who_leaves_the_company_frees_the_place(database: Database, cast: Cast, speak: Speak) -> None:
    path = await announce(speak, cast, places=1)
    for name in ("Max", "Pete", "Olga"):
        await speak(name).put(f"{path}/sign-up")
    await speak("Max").put("/me/calendar-feed")
    async with database.writer() as session:
        people = [cast["Max"].id, cast["Pete"].id]
        await departures.leave(session, people, actor_id=None, now=clock.now())
    for _ in range(2):
        await drain_all(database)
    (row,) = await read_rows(database, path.rsplit("/", 1)[1])
    assert (row.employee_id, row.state) == (cast["Olga"].id, "seated")
    async with database.reader() as session:
        gathering = await session.get_one(Gathering, row.gathering_id)
        assert (gathering.version, gathering.sequence) == (1, 0)
        advanced = await session.scalars(select(Event).where(col(Event.kind) == "sign-ups.advanced"))
        assert [event.subject for event in advanced] == [row.id]
