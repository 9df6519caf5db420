"""Requests for help follow the organisation: leavers, lost roles, new managers, new and former authors."""

from collections.abc import Callable

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from app.core import clock
from app.core.db import Database
from app.models.employees import Management
from app.models.roles import RoleGrant
from app.services import departures, rerouting
from tests.support.client import Client
from tests.support.helping import ask, draft, find_asked, list_told, submit, work_off
from tests.support.world import START, Cast

Speak = Callable[[str], Client]


async def read(speak: Speak, request: dict[str, str], name: str = "Alice") -> tuple[str, str | None]:
    found = await speak(name).get(f"/help-requests/{request['id']}")
    return found["state"], found["helper"]["name"] if found["helper"] else None


async def begin(speak: Speak, database: Database, cast: Cast, *, accept: bool) -> tuple[dict[str, str], str]:
    made = await ask(speak, await draft(speak, cast), wants="anyone")
    helper = await find_asked(database, cast, made["id"]) or ""
    if accept:
        await speak(helper).put(f"/help-requests/{made['id']}/answer", {"accept": True})
    return made, helper


def other(name: str) -> str:
    return "Dev" if name == "Fay" else "Fay"


@pytest.mark.parametrize("accept", [False, True])
async def test_a_helper_who_leaves_is_let_go(
    speak: Speak, database: Database, cast: Cast, *, accept: bool
) -> None:
    made, helper = await begin(speak, database, cast, accept=accept)
    await speak("Adam").post(f"/employees/{cast[helper].id}/deactivation")
    if accept:
        assert await read(speak, made) == ("ended", helper)
    else:
        assert await find_asked(database, cast, made["id"]) == other(helper)
        assert await read(speak, made) == ("asked", None)


@pytest.mark.parametrize(("anonymous", "state"), [(False, "ended"), (True, "helping")])
async def test_that_the_asker_left_is_not_told_by_an_anonymous_coaching(
    speak: Speak, cast: Cast, *, anonymous: bool, state: str
) -> None:
    made = await ask(speak, await submit(speak, cast, anonymous=anonymous))
    waiting = await ask(speak, await submit(speak, cast, anonymous=anonymous))
    await speak("Fay").put(f"/help-requests/{made['id']}/answer", {"accept": True})
    await speak("Adam").post(f"/employees/{cast['Alice'].id}/deactivation")
    assert (await read(speak, made, "Fay"))[0] == state
    if anonymous:
        assert (await read(speak, waiting, "Fay"))[0] == "asked"
    else:
        await speak("Fay").refused("GET", f"/help-requests/{waiting['id']}", 404)


@pytest.mark.parametrize("accept", [False, True])
async def test_a_lost_role_ends_what_was_asked_of_the_role(
    speak: Speak, database: Database, cast: Cast, *, accept: bool
) -> None:
    made = await ask(speak, await draft(speak, cast))
    if accept:
        await speak("Fay").put(f"/help-requests/{made['id']}/answer", {"accept": True})
    async with database.reader() as session:
        held = await session.scalar(
            select(col(RoleGrant.id)).where(col(RoleGrant.employee_id) == cast["Fay"].id)
        )
    answer = await speak("Adam").request("DELETE", f"/employees/{cast['Fay'].id}/roles/{held}")
    assert answer.status_code == 204
    assert await read(speak, made) == (("ended", "Fay") if accept else ("unmatched", None))


@pytest.mark.parametrize("accept", [False, True])
async def test_a_helper_who_becomes_the_manager_is_taken_off(
    speak: Speak, database: Database, cast: Cast, *, accept: bool
) -> None:
    made, helper = await begin(speak, database, cast, accept=accept)
    async with database.writer() as session:
        await session.execute(
            update(Management)
            .where(col(Management.employee_id) == cast["Bob"].id)
            .values(manager_id=cast[helper].id)
        )
        await rerouting.settle_all(session, now=START)
    if accept:
        assert await read(speak, made) == ("ended", helper)
    else:
        assert await find_asked(database, cast, made["id"]) == other(helper)
        await work_off(database)
        assert await list_told(database, cast, helper) == []
        assert await list_told(database, cast, other(helper)) == ["help.asked"]


async def test_a_helper_who_becomes_an_author_is_none_any_more(
    speak: Speak, database: Database, cast: Cast
) -> None:
    made, helper = await begin(speak, database, cast, accept=True)
    idea = (await speak("Alice").get(f"/help-requests/{made['id']}"))["idea"]["id"]
    await speak("Alice").post(f"/ideas/{idea}/authors", {"employee": cast[helper].id})
    await speak(helper).put(f"/ideas/{idea}/authors/me", {"answer": "accept"})
    assert await read(speak, made) == ("ended", helper)


async def test_an_asker_who_leaves_the_idea_takes_the_request_along(
    speak: Speak, database: Database, cast: Cast
) -> None:
    idea = await draft(speak, cast)
    await speak("Alice").post(f"/ideas/{idea}/authors", {"employee": cast["Max"].id})
    await speak("Max").put(f"/ideas/{idea}/authors/me", {"answer": "accept"})
    made = await ask(speak, idea, "Max")
    await speak("Fay").put(f"/help-requests/{made['id']}/answer", {"accept": True})
    answer = await speak("Max").request("DELETE", f"/ideas/{idea}/authors/me")
    assert answer.status_code == 204
    assert (await read(speak, made, "Fay"))[0] == "ended"
    await speak("Fay").refused("GET", f"/ideas/{idea}", 404, "ideas.unknown")


async def test_nobody_is_asked_about_an_idea_that_is_over(
    speak: Speak, database: Database, cast: Cast
) -> None:
    idea = await submit(speak, cast)
    made = await ask(speak, idea)
    await speak("Alice").post(f"/ideas/{idea}/withdrawal")
    await work_off(database)
    assert await read(speak, made) == ("withdrawn", None)
    await speak("Fay").refused("GET", f"/help-requests/{made['id']}", 404)


async def test_whoever_is_let_go_in_bulk_helps_no_more(speak: Speak, database: Database, cast: Cast) -> None:
    made, helper = await begin(speak, database, cast, accept=False)
    async with database.writer() as session:
        await departures.leave(session, [cast[helper].id, cast["Max"].id], actor_id=None, now=clock.now())
    assert await find_asked(database, cast, made["id"]) == other(helper)


async def test_who_stands_back_from_an_idea_helps_no_more(
    speak: Speak, database: Database, cast: Cast
) -> None:
    idea = await submit(speak, cast)
    made = await ask(speak, idea)
    await speak("Fay").put(f"/help-requests/{made['id']}/answer", {"accept": True})
    await speak("Fay").put(f"/ideas/{idea}/conflict")
    assert await read(speak, made) == ("ended", "Fay")


async def test_a_deleted_draft_takes_everything_along(speak: Speak, database: Database, cast: Cast) -> None:
    made, helper = await begin(speak, database, cast, accept=True)
    idea = (await speak("Alice").get(f"/help-requests/{made['id']}"))["idea"]["id"]
    await speak(helper).post(f"/help-requests/{made['id']}/messages", {"body": "Bon"})
    await work_off(database)
    answer = await speak("Alice").request("DELETE", f"/ideas/{idea}", headers={"If-Match": "*"})
    assert answer.status_code == 204
    await work_off(database)
    for name in ("Alice", helper):
        await speak(name).refused("GET", f"/help-requests/{made['id']}", 404)
        assert (await speak(name).get("/me/notifications"))["items"] == []
