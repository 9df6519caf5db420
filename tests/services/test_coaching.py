"""A coaching is a thread of two; it is thanked once, and thanks pay so often that nobody farms them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from app.core import clock
from app.core.db import Database
from app.domain.roles import Role
from app.models.events import Event
from app.models.help_requests import HelpRequest
from app.models.rewards import PointEntry
from app.models.roles import RoleGrant
from tests.support import world
from tests.support.client import Client
from tests.support.helping import ask, draft, find_asked, list_told, submit, work_off
from tests.support.world import Cast

Speak = Callable[[str], Client]


async def help_out(speak: Speak, idea: str, name: str = "Alice", helper: str = "Fay") -> str:
    """Have somebody help with an idea; returns the path of the request."""
    path = f"/help-requests/{(await ask(speak, idea, name))['id']}"
    await speak(helper).put(f"{path}/answer", {"accept": True})
    return path


async def list_points(database: Database, cast: Cast, name: str = "Fay") -> list[int]:
    await work_off(database)
    async with database.reader() as session:
        rows = await session.scalars(
            select(PointEntry)
            .where(col(PointEntry.employee_id) == cast[name].id, col(PointEntry.rule) == "coaching")
            .order_by(col(PointEntry.at), col(PointEntry.occurrence))
        )
        return [row.points for row in rows]


async def test_the_two_talk_and_hear_of_it(speak: Speak, database: Database, cast: Cast) -> None:
    path = await help_out(speak, await submit(speak, cast))
    first = await speak("Alice").post(f"{path}/messages", {"body": "Le **gain** ? <script>"})
    assert first["by"] == "asker"
    assert first["body_html"].strip() == "<p>Le <strong>gain</strong> ? &lt;script&gt;</p>"
    await speak("Fay").post(f"{path}/messages", {"body": "Par étage"})
    await work_off(database)
    assert await list_told(database, cast, "Alice") == ["help.answered", "help.message"]
    assert await list_told(database, cast, "Fay") == ["help.message"]
    page = await speak("Fay").get(f"{path}/messages?limit=1")
    rest = await speak("Fay").get(f"{path}/messages?cursor={page['next_cursor']}")
    assert [each["body"] for each in page["items"] + rest["items"]] == ["Le **gain** ? <script>", "Par étage"]
    async with database.reader() as session:
        events = (await session.scalars(select(Event).where(col(Event.kind).like("help.%")))).all()
        assert not any("gain" in str(event.payload) for event in events)
    for _ in range(2):
        ended = await speak("Alice").put(f"{path}/end")
        assert (ended["state"], ended["can"]) == ("ended", ["thank"])
    await speak("Fay").refused("POST", f"{path}/messages", 409, json={"body": "Encore"})
    assert len((await speak("Fay").get(f"{path}/messages"))["items"]) == 2


@pytest.mark.parametrize("body", ["", "  ", "x" * 5_001])
async def test_a_bad_message_is_refused(speak: Speak, cast: Cast, body: str) -> None:
    path = await help_out(speak, await submit(speak, cast))
    problem = await speak("Fay").refused("POST", f"{path}/messages", 422, json={"body": body})
    assert problem["errors"][0]["pointer"] == "/body"


async def test_a_retry_with_the_same_key_says_it_once(speak: Speak, cast: Cast) -> None:
    path = await help_out(speak, await submit(speak, cast))
    for _ in range(2):
        await speak("Fay").post(f"{path}/messages", {"body": "Une fois"}, headers={"Idempotency-Key": "k"})
    assert len((await speak("Fay").get(f"{path}/messages"))["items"]) == 1


async def test_thanks_pay_once(speak: Speak, database: Database, cast: Cast) -> None:
    idea = await submit(speak, cast)
    path = await help_out(speak, idea)
    for _ in range(2):
        thanked = await speak("Alice").put(f"{path}/thanks")
        assert thanked["thanked_at"] is not None
    assert await list_points(database, cast) == [5]
    assert (await list_told(database, cast, "Fay"))[-1] == "help.thanked"
    await speak("Alice").put(f"{path}/end")
    async with database.writer() as session:
        await session.execute(update(Event).values(worked_off_at=None))
    assert await list_points(database, cast) == [5]


async def test_help_with_a_draft_pays_when_it_is_submitted_and_is_taken_back_with_it(
    speak: Speak, database: Database, cast: Cast
) -> None:
    idea = await draft(speak, cast)
    path = await help_out(speak, idea)
    await speak("Alice").put(f"{path}/thanks")
    assert await list_points(database, cast) == []
    await speak("Alice").post(f"/ideas/{idea}/submission")
    assert await list_points(database, cast) == [5]
    await speak("Alice").post(f"/ideas/{idea}/withdrawal")
    assert await list_points(database, cast) == [5, -5]


async def test_two_friends_who_thank_each_other_all_day_are_paid_once_a_month(
    speak: Speak, database: Database, cast: Cast
) -> None:
    async with database.writer() as session:
        await world.grant(session, cast["Max"], Role.FACILITATOR)
        await world.grant(session, cast["Dev"], Role.FACILITATOR)
    for name, helper in (("Max", "Fay"), ("Fay", "Max"), ("Max", "Fay"), ("Max", "Fay")):
        idea = await submit(speak, cast, name)
        made = await ask(speak, idea, name)
        while (asked := await find_asked(database, cast, made["id"])) != helper:
            await speak(asked or "").put(f"/help-requests/{made['id']}/answer", {"accept": False})
        await speak(helper).put(f"/help-requests/{made['id']}/answer", {"accept": True})
        await speak(name).put(f"/help-requests/{made['id']}/thanks")
        await speak(name).put(f"/help-requests/{made['id']}/end")
    assert await list_points(database, cast, "Fay") + await list_points(database, cast, "Max") == [5]
    async with database.writer() as session:
        await session.execute(
            update(HelpRequest)
            .values(thanked_at=clock.now() - timedelta(days=31))
            .where(col(HelpRequest.counted))
        )
        others = [cast[name].id for name in ("Dev", "Max")]
        await session.execute(
            update(RoleGrant).values(ended_at=clock.now()).where(col(RoleGrant.employee_id).in_(others))
        )
    path = await help_out(speak, await submit(speak, cast, "Max"), "Max")
    await speak("Max").put(f"{path}/thanks")
    assert sum(await list_points(database, cast, "Fay")) == 10


async def test_a_helper_is_paid_three_times_a_day(speak: Speak, database: Database, cast: Cast) -> None:
    for name in ("Alice", "Pete", "Max", "Dan"):
        path = await help_out(speak, await submit(speak, cast, name), name)
        await speak(name).put(f"{path}/thanks")
        await speak(name).put(f"{path}/end")
    assert await list_points(database, cast) == [5, 5, 5]


async def test_points_tell_nothing_of_who_thanks_on_an_anonymous_idea(
    speak: Speak, database: Database, cast: Cast
) -> None:
    """Paid though the same two had named thanks before; a second anonymous one is not, whoever gives it."""
    for name, anonymous in (("Alice", False), ("Alice", True), ("Pete", True), ("Pete", False)):
        path = await help_out(speak, await submit(speak, cast, name, anonymous=anonymous), name)
        await speak(name).put(f"{path}/thanks")
        await speak(name).put(f"{path}/end")
    async with database.reader() as session:
        rows = await session.scalars(select(HelpRequest).order_by(col(HelpRequest.created_at)))
        assert [row.counted for row in rows] == [True, True, False, True]
    assert await list_points(database, cast) == [5, 5, 5]
