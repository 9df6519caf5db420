"""Following over HTTP: on and off, what one follows is one's own business, numbers in whole fives."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from app.core.db import Database
from app.domain import follows
from app.domain.follows import Followed
from app.jobs.drain import drain
from app.models.events import Event
from app.models.follows import EmployeeFollow, IdeaFollow
from app.services import departures
from tests.support.campaigns import announce, plan
from tests.support.client import Client
from tests.support.statements import counted
from tests.support.world import START, Cast

Speak = Callable[[str], Client]


async def submit(client: Client, cast: Cast, **changes: Any) -> str:
    body = {"title": "Cups", "problem": "p", "solution": "s", "theme": cast.themes["brand"], **changes}
    return str((await client.post("/ideas", body))["id"])


async def list_paths(speak: Speak, cast: Cast) -> dict[str, str]:
    return {
        "idea": f"/ideas/{await submit(speak('Alice'), cast)}",
        "employee": f"/employees/{cast['Alice'].id}",
        "function": f"/functions/{cast.functions['IT']}",
        "campaign": f"/campaigns/{await announce(speak('Mia'))}",
    }


async def test_each_is_followed_and_left_however_often_it_is_said(
    speak: Speak, cast: Cast, database: Database
) -> None:
    paths = await list_paths(speak, cast)
    for what, path in paths.items():
        assert await speak("Max").get(f"{path}/follow") == {
            "following": False,
            "followers": None,
            "can": ["follow"],
        }
        for _ in range(2):
            on = await speak("Max").put(f"{path}/follow")
            assert on == {"following": True, "followers": None, "can": ["unfollow"]}, what
    listed = (await speak("Max").get("/me/follows"))["items"]
    assert {each["what"]: each["subject"]["name"] for each in listed} == {
        "idea": "Cups",
        "employee": "Alice",
        "function": "IT",
        "campaign": "Water",
    }
    assert [each["stage"] for each in listed if each["what"] == "idea"] == ["submitted"]
    assert [each["what"] for each in (await speak("Max").get("/me/follows?what=function"))["items"]] == [
        "function"
    ]
    for path in paths.values():
        for _ in range(2):
            assert (await speak("Max").request("DELETE", f"{path}/follow")).status_code == 204
    assert (await speak("Max").get("/me/follows"))["items"] == []
    async with database.reader() as session:
        noted = await session.scalars(select(Event).where(col(Event.kind).startswith("follows.")))
        told = [(event.kind, event.subject, event.payload) for event in noted]
    assert sorted(told, key=str) == sorted(
        (
            (f"follows.{kind}", cast["Max"].id, {"what": what})
            for what in paths
            for kind in ("begun", "ended")
        ),
        key=str,
    ), "each once, and never what"


async def test_many_wishes_at_once_are_one_follow(speak: Speak, cast: Cast, database: Database) -> None:
    path = f"/functions/{cast.functions['IT']}/follow"
    await asyncio.gather(*(speak("Max").put(path) for _ in range(8)))
    async with database.reader() as session:
        begun = await session.scalar(select(func.count()).where(col(Event.kind) == "follows.begun"))
    assert begun == 1


@pytest.mark.parametrize("plural", ["ideas", "employees", "functions", "campaigns"])
@pytest.mark.parametrize("key", ["a" * 24, "A" * 24, "nothing"])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_what_is_not_there_is_not_found(speak: Speak, plural: str, key: str, method: str) -> None:
    await speak("Max").refused(method, f"/{plural}/{key}/follow", 404)


async def test_what_is_not_ready_or_oneself_is_not_followed(speak: Speak, cast: Cast) -> None:
    draft = await submit(speak("Alice"), cast, draft=True)
    await speak("Max").refused("PUT", f"/ideas/{draft}/follow", 404)
    await speak("Alice").refused("PUT", f"/ideas/{draft}/follow", 409, "follows.draft")
    assert (await speak("Alice").get(f"/ideas/{draft}/follow"))["can"] == []
    planned = (await speak("Mia").post("/campaigns", plan()))["id"]
    await speak("Max").refused("PUT", f"/campaigns/{planned}/follow", 404)
    await speak("Mia").refused("PUT", f"/campaigns/{planned}/follow", 409, "follows.draft")
    await speak("Max").refused("PUT", f"/employees/{cast['Max'].id}/follow", 409, "follows.oneself")
    assert (await speak("Max").get(f"/employees/{cast['Max'].id}/follow"))["can"] == []


async def test_there_is_an_end_to_following(
    speak: Speak, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(follows.MOST, Followed.EMPLOYEE, 2)
    for name in ("Alice", "Bob", "Bob"):
        await speak("Max").put(f"/employees/{cast[name].id}/follow")
    await speak("Max").refused("PUT", f"/employees/{cast['Carol'].id}/follow", 409, "follows.too-many")
    assert len((await speak("Max").get("/me/follows"))["items"]) == 2


async def test_numbers_are_told_in_fives_of_others_and_of_people_never(speak: Speak, cast: Cast) -> None:
    idea = f"/ideas/{await submit(speak('Alice'), cast)}/follow"
    person = f"/employees/{cast['Alice'].id}/follow"
    followers = ["Bob", "Carol", "Pete", "Olga", "Rita", "Dan"]
    for number, name in enumerate(followers, start=1):
        for path in (idea, person):
            await speak(name).put(path)
        # Whoever follows is not counted for themselves: going and coming back tells nobody how many others there are.
        own = (await speak(name).get(idea))["followers"]
        assert own == (5 if number > 5 else None)
        assert (await speak("Max").get(idea))["followers"] == (5 if number >= 5 else None)
    for name in (*followers, "Alice", "Max", "Hana"):
        assert (await speak(name).get(person))["followers"] is None


async def test_what_somebody_follows_is_on_no_page_of_others(speak: Speak, cast: Cast) -> None:
    await speak("Max").put(f"/employees/{cast['Alice'].id}/follow")
    idea = await submit(speak("Alice"), cast)
    await speak("Max").put(f"/ideas/{idea}/follow")
    for name in ("Alice", "Adam", "Hana", "Mia"):
        for path in (
            f"/ideas/{idea}",
            f"/employees/{cast['Alice'].id}",
            f"/employees/{cast['Alice'].id}/follow",
        ):
            answer = await speak(name).request("GET", path)
            assert "Max" not in answer.text
            assert cast["Max"].id not in answer.text
        assert (await speak(name).get("/me/follows"))["items"] == []


async def test_the_list_goes_on_by_cursor_in_one_statement(
    speak: Speak, cast: Cast, database: Database
) -> None:
    for name in ("Alice", "Bob", "Carol", "Dan", "Eve"):
        await speak("Max").put(f"/employees/{cast[name].id}/follow")
    await speak("Max").put(f"/functions/{cast.functions['IT']}/follow")
    whole = (await speak("Max").get("/me/follows"))["items"]
    found, cursor = [], ""
    while cursor is not None:
        with counted(database) as seen:
            page = await speak("Max").get(f"/me/follows?limit=2{cursor}")
        assert len(seen) <= 3, seen
        found += page["items"]
        cursor = page["next_cursor"] and f"&cursor={page['next_cursor']}"
    assert found == whole
    assert [each["subject"]["name"] for each in whole] == ["IT", "Eve", "Dan", "Carol", "Bob", "Alice"]


async def test_who_left_is_not_shown_and_can_be_left(speak: Speak, cast: Cast, database: Database) -> None:
    path = f"/employees/{cast['Alice'].id}/follow"
    await speak("Max").put(path)
    await speak("Alice").put(f"/employees/{cast['Max'].id}/follow")
    idea = await submit(speak("Bob"), cast)
    await speak("Alice").put(f"/ideas/{idea}/follow")
    async with database.writer() as session:
        await departures.leave(session, [cast["Alice"].id], actor_id=None, now=START)
    while await drain(database, now=START):
        pass
    assert (await speak("Max").get("/me/follows"))["items"] == []
    async with database.reader() as session:
        assert not (await session.scalars(select(IdeaFollow))).all(), "what a leaver followed is forgotten"
        assert {row.follower_id for row in await session.scalars(select(EmployeeFollow))} == {cast["Max"].id}
    assert (await speak("Max").request("DELETE", path)).status_code == 204
    await speak("Max").refused("DELETE", path, 404)
