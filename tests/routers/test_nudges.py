"""Nudges over HTTP: fields named, versions asked for, and nothing that says who is in a group."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col

from app.core.db import Database
from app.domain.roles import Role
from app.models.follows import FunctionFollow
from app.models.ideas import Idea
from app.models.roles import RoleGrant
from tests.support import world
from tests.support.client import Client
from tests.support.gatherings import announce
from tests.support.helping import draft, submit
from tests.support.world import START, Cast

Speak = Callable[[str], Client]
WORDS = {"title": "Un mot de vous", "body": "Il peut aider."}
NOBODY = "a" * 24


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"entity": NOBODY}, "/entity"),
        ({"function": NOBODY}, "/function"),
        ({"idea": NOBODY}, "/idea"),
        ({"campaign": "x"}, "/campaign"),
        ({"gathering": NOBODY}, "/gathering"),
        ({"segment": "lazy"}, "/segment"),
        ({"send_at": "2020-01-01T00:00:00Z"}, "/send_at"),
        ({"send_at": "2099-01-01T00:00:00Z"}, "/send_at"),
        ({"title": ""}, "/title"),
        ({"body": " "}, "/body"),
    ],
)
async def test_what_is_wrong_is_named_and_nothing_is_written(
    speak: Speak, more: dict[str, Any], pointer: str
) -> None:
    refused = await speak("Mia").request("POST", "/nudges", json=WORDS | more)
    assert refused.status_code == 422, refused.text
    assert pointer in refused.text
    assert (await speak("Mia").get("/nudges"))["items"] == []


async def test_a_nudge_is_about_one_thing_that_everybody_may_read(
    speak: Speak, database: Database, cast: Cast
) -> None:
    hidden, shown = await draft(speak, cast), await submit(speak, cast)
    mia = speak("Mia")
    assert (await mia.request("POST", "/nudges", json=WORDS | {"idea": hidden})).status_code == 422
    both = WORDS | {"idea": shown, "campaign": cast.permanent_box}
    refused = await mia.request("POST", "/nudges", json=both)
    assert (refused.status_code, refused.json()["code"]) == (422, "nudges.several-about")
    made = await mia.post("/nudges", WORDS | {"idea": shown})
    assert made["idea"] == {"id": shown, "name": "Éteindre"}


async def test_a_change_names_its_version_and_moves_it(speak: Speak, cast: Cast) -> None:
    mia = speak("Mia")
    made = await mia.post("/nudges", WORDS)
    path = f"/nudges/{made['id']}"
    assert (await mia.request("PATCH", path, json={"title": "Autre"})).status_code == 428
    old = await mia.request("PATCH", path, json={"title": "Autre"}, headers={"If-Match": '"9"'})
    assert old.status_code == 412
    changed = await mia.request(
        "PATCH",
        path,
        json={"segment": "passive", "title": "Autre"},
        headers={"If-Match": f'"{made["version"]}"'},
    )
    assert changed.status_code == 200, changed.text
    assert changed.json()["segment"] == "passive"
    assert changed.json()["version"] == made["version"] + 1


async def test_a_role_for_an_entity_writes_to_that_and_nothing_wider(
    speak: Speak, database: Database, cast: Cast
) -> None:
    entity = cast["Alice"].entity_id
    async with database.writer() as session:
        role = Role.COMMUNITY_MANAGER
        session.add(RoleGrant(employee_id=cast["Pete"].id, role=role, entity_id=entity, granted_at=START))
    pete = speak("Pete")
    assert (await pete.request("POST", "/nudges", json=WORDS)).status_code == 403
    made = await pete.post("/nudges", WORDS | {"entity": entity})
    wide = await speak("Mia").post("/nudges", WORDS)
    assert (await pete.request("GET", f"/nudges/{wide['id']}")).status_code == 404
    assert [each["id"] for each in (await pete.get("/nudges"))["items"]] == [made["id"]]
    assert len((await speak("Mia").get("/nudges"))["items"]) == 2


async def test_suggestions_are_words_to_edit_and_send_nothing(
    speak: Speak, database: Database, cast: Cast
) -> None:
    idea = await submit(speak, cast)
    async with database.writer() as session:
        for number in range(12):
            person = await world.make_employee(
                session, f"P{number}", entity="Company/Sales/Lyon", manager=cast["Bob"]
            )
            session.add(
                FunctionFollow(
                    follower_id=person.id, function_id=cast.functions["Finance"], followed_at=START
                )
            )
        await session.execute(
            update(Idea).where(col(Idea.id) == idea).values(submitted_at=START - timedelta(days=400))
        )
    path = await announce(speak, cast, places=5)
    found = (await speak("Mia").get("/nudges/suggestions"))["items"]
    waiting = next(each for each in found if each["reason"] == "unanswered")
    assert waiting["idea"] == {"id": idea, "name": "Éteindre"}
    assert "Éteindre" in waiting["body"]
    assert waiting["people"] % 5 == 0
    assert path
    made = await speak("Mia").post(
        "/nudges",
        {
            "title": waiting["title"],
            "body": waiting["body"],
            "idea": waiting["idea"]["id"],
            "function": waiting["function"]["id"],
        },
    )
    assert made["people"] == waiting["people"]
    assert (await speak("Mia").get("/nudges?state=sent"))["items"] == []
    assert [each["state"] for each in (await speak("Mia").get("/nudges?state=draft"))["items"]] == ["draft"]


async def test_where_few_are_near_the_function_everybody_is_suggested(
    speak: Speak, database: Database, cast: Cast
) -> None:
    idea = await submit(speak, cast)
    async with database.writer() as session:
        await session.execute(
            update(Idea).where(col(Idea.id) == idea).values(submitted_at=START - timedelta(days=400))
        )
    found = (await speak("Mia").get("/nudges/suggestions"))["items"]
    waiting = next(each for each in found if each["reason"] == "unanswered")
    assert waiting["function"] is None
    assert waiting["people"] >= 5


async def test_pages_go_on_where_they_ended(speak: Speak, cast: Cast) -> None:
    mia = speak("Mia")
    made = [(await mia.post("/nudges", WORDS | {"title": f"Mot {number}"}))["id"] for number in range(5)]
    seen, cursor = [], ""
    while True:
        page = await mia.get(f"/nudges?limit=2{cursor}")
        seen += [each["id"] for each in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert sorted(seen) == sorted(made)
