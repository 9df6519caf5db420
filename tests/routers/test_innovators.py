"""Innovators are found by those they chose alone, by facts with their name on them, and not a moment longer."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, update
from sqlmodel import col

from app.core.db import Database
from app.domain.roles import Role
from app.models.comments import Comment
from app.models.employees import Employee
from app.models.ideas import Idea
from tests.support import world
from tests.support.client import Client
from tests.support.helping import submit
from tests.support.world import START, Cast

Speak = Callable[[str], Client]
PATH = "/me/innovator-profile"
SHOWN = {
    "shown": True,
    "readers": ["innovation_manager"],
    "offers": ["projects", "help"],
    "about": "J’aime les chiffres.",
    "skills": True,
}


async def list_found(speak: Speak, reader: str, query: str = "") -> list[str]:
    return [each["person"]["name"] for each in (await speak(reader).get(f"/innovators{query}"))["items"]]


async def test_nobody_is_found_who_did_not_choose_to_be(speak: Speak, cast: Cast) -> None:
    await submit(speak, cast)
    assert await list_found(speak, "Ian") == []
    assert (await speak("Alice").get(PATH))["card"] is None


async def test_people_are_found_by_the_roles_they_chose_and_no_other(speak: Speak, cast: Cast) -> None:
    await speak("Alice").put(PATH, SHOWN)
    assert await list_found(speak, "Ian") == [cast["Alice"].name]
    assert await list_found(speak, "Mia") == []
    for name in ("Hana", "Bob", "Max"):
        refused = await speak(name).request("GET", "/innovators")
        assert (refused.status_code, refused.json()["code"]) == (403, "permissions.role-missing"), name


async def test_each_sees_exactly_what_is_shown(speak: Speak, cast: Cast) -> None:
    await speak("Alice").put("/me/skills", {"skills": ["Excel", "Chiffrage"]})
    await submit(speak, cast)
    await speak("Alice").put(PATH, SHOWN)
    own = await speak("Alice").request("GET", PATH)
    others = await speak("Ian").request("GET", "/innovators")
    card = own.content.partition(b'"card":')[2][:-1]
    assert card in others.content, "byte for byte"
    assert own.json()["card"]["skills"] == ["excel", "chiffrage"]
    assert own.json()["card"]["offers"] == ["help", "projects"]


async def test_who_withdraws_is_gone_with_the_next_request_and_nothing_is_kept(
    speak: Speak, cast: Cast
) -> None:
    await speak("Alice").put(PATH, SHOWN)
    await speak("Alice").put(PATH, {"shown": False})
    assert await list_found(speak, "Ian") == []
    assert (await speak("Alice").get(PATH)) == {
        "shown": False,
        "readers": [],
        "offers": [],
        "about": "",
        "skills": False,
        "card": None,
    }


async def test_who_leaves_is_gone_at_once(speak: Speak, database: Database, cast: Cast) -> None:
    await speak("Alice").put(PATH, SHOWN)
    async with database.writer() as session:
        await session.execute(
            update(Employee).where(col(Employee.id) == cast["Alice"].id).values(active=False)
        )
    assert await list_found(speak, "Ian") == []


async def test_nothing_anonymous_is_a_fact(speak: Speak, database: Database, cast: Cast) -> None:
    await speak("Alice").put(PATH, SHOWN)
    before = (await speak("Ian").request("GET", "/innovators")).content
    idea = await submit(speak, cast, anonymous=True)
    async with database.writer() as session:
        await session.execute(update(Idea).where(col(Idea.id) == idea).values(stage="deployed"))
    assert (await speak("Ian").request("GET", "/innovators")).content == before
    found = await list_found(speak, "Ian", f"?function={cast.functions['Finance']}")
    assert found == [], "neither by what it was for"


async def test_facts_are_those_with_a_name_on_them(speak: Speak, database: Database, cast: Cast) -> None:
    await speak("Alice").put(PATH, SHOWN)
    first = await submit(speak, cast)
    second = await submit(speak, cast, title="Ailleurs", function=cast.functions["IT"])
    other = await submit(speak, cast, "Max", title="De Max")
    said = await speak("Alice").post(f"/ideas/{other}/comments", {"body": "Et si ?"})
    async with database.writer() as session:
        await session.execute(update(Idea).where(col(Idea.id) == first).values(stage="deployed"))
        await session.execute(update(Idea).where(col(Idea.id) == second).values(stage="pilot"))
        await session.execute(update(Comment).where(col(Comment.id) == said["id"]).values(credited_at=START))
    [card] = (await speak("Ian").get("/innovators"))["items"]
    assert card["facts"] == {
        "ideas": 2,
        "pilots": 1,
        "deployed": 1,
        "functions": 2,
        "helps_thanked": 0,
        "comments_credited": 1,
    }
    assert await list_found(speak, "Ian", f"?function={cast.functions['IT']}") == [cast["Alice"].name]


async def test_skills_are_found_only_where_they_are_shown(speak: Speak, cast: Cast) -> None:
    for name, skills in (("Alice", True), ("Max", False)):
        await speak(name).put("/me/skills", {"skills": ["Excel"]})
        await speak(name).put(PATH, SHOWN | {"skills": skills})
    assert await list_found(speak, "Ian", "?skill=EXCEL") == [cast["Alice"].name]
    [hidden] = [
        each
        for each in (await speak("Ian").get("/innovators"))["items"]
        if each["person"]["id"] == cast["Max"].id
    ]
    assert hidden["skills"] == []


async def test_they_stand_by_name_page_after_page(speak: Speak, cast: Cast) -> None:
    names = ["Rita", "Alice", "Pete", "Max", "Dan"]
    for name in names:
        await speak(name).put(PATH, SHOWN)
    seen: list[str] = []
    cursor = ""
    while True:
        page = await speak("Ian").get(f"/innovators?limit=2{cursor}")
        seen += [each["person"]["name"] for each in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == sorted(cast[name].name for name in names)
    assert await list_found(speak, "Ian", f"?q={cast['Pete'].name[:3].upper()}") == [cast["Pete"].name]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"shown": True}, "/readers"),
        ({"shown": True, "readers": ["hr"]}, "/readers/0"),
        ({"shown": "yes", "readers": ["sponsor"]}, "/shown"),
        (SHOWN | {"offers": ["money"]}, "/offers/0"),
        (SHOWN | {"about": "x" * 1001}, "/about"),
    ],
)
async def test_what_is_wrong_is_named(speak: Speak, body: dict[str, Any], pointer: str) -> None:
    refused = await speak("Alice").request("PUT", PATH, json=body)
    assert refused.status_code == 422
    assert pointer in refused.text
    assert (await speak("Alice").get(PATH))["shown"] is False


async def test_more_people_cost_no_more_statements(speak: Speak, database: Database, cast: Cast) -> None:
    engine, counted = database.read_engine.sync_engine, [0]

    def note(*_: Any) -> None:
        counted[0] += 1

    costs = []
    for names in (["Alice"], ["Rita", "Pete", "Max", "Dan", "Eve"]):
        for name in names:
            await speak(name).put("/me/skills", {"skills": ["Excel"]})
            await speak(name).put(PATH, SHOWN)
        await list_found(speak, "Ian")
        event.listen(engine, "before_cursor_execute", note)
        counted[0] = 0
        await list_found(speak, "Ian")
        event.remove(engine, "before_cursor_execute", note)
        costs.append(counted[0])
    assert costs[0] == costs[1]


async def test_a_second_role_of_the_reader_counts_as_well(
    speak: Speak, database: Database, cast: Cast
) -> None:
    await speak("Alice").put(PATH, SHOWN | {"readers": ["sponsor"]})
    assert await list_found(speak, "Ian") == []
    async with database.writer() as session:
        await world.grant(session, cast["Ian"], Role.SPONSOR)
    assert await list_found(speak, "Ian") == [cast["Alice"].name]
