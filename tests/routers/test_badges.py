"""Badges over HTTP: the catalogue, the pictures, one's own, and what others see."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col

from app.core import clock
from app.core.db import Database
from app.domain.badge_catalogue import CATALOGUE
from app.models.employees import Employee
from app.services import badges
from tests.support.client import Client
from tests.support.helping import submit, work_off
from tests.support.statements import counted
from tests.support.world import Cast

Speak = Callable[[str], Client]


async def look(database: Database) -> None:
    await work_off(database)
    await badges.award(database, now=clock.now())


async def test_the_catalogue_is_told_in_ones_own_language(
    speak: Speak, database: Database, cast: Cast
) -> None:
    async with database.writer() as session:
        await session.execute(
            update(Employee).where(col(Employee.id) == cast["Pete"].id).values(locale="en-GB")
        )
    french, english = [(await speak(name).get("/badges"))["items"] for name in ("Max", "Pete")]
    assert [each["key"] for each in french] == [badge.key for badge in CATALOGUE]
    assert (french[0]["name"], english[0]["name"]) == ("Première idée", "First idea")
    assert english[0]["tiers"] == [
        {"tier": None, "rule": "Submit 1 idea", "need": 1, "icon": "/api/v1/badges/first_idea/icon"}
    ]
    assert [each["tier"] for each in english[1]["tiers"]] == ["bronze", "silver", "gold"]
    assert [each["key"] for each in english if each["private"]] == ["voice"]


async def test_every_picture_of_the_catalogue_is_there_for_everybody_and_kept(speak: Speak) -> None:
    for badge in (await speak("Max").get("/badges"))["items"]:
        for tier in badge["tiers"]:
            path = tier["icon"].removeprefix("/api/v1")
            answer = await speak("").http.get(path)
            assert answer.status_code == 200
            assert answer.headers["content-type"].startswith("image/svg+xml")
            assert answer.headers["cache-control"] == "public, max-age=86400"
            assert "vary" not in answer.headers
            assert answer.text.startswith("<svg ")
            again = await speak("").http.get(path, headers={"If-None-Match": answer.headers["etag"]})
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["cache-control"] == "public, max-age=86400"


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/badges/no_such/icon", 404, "badges.no-such-badge"),
        ("/badges/first_idea/icon?tier=gold", 404, "badges.no-such-badge"),
        ("/badges/bridge/icon?tier=tin", 422, "requests.invalid"),
        ("/badges/bridge/icon?size=9", 422, "requests.invalid"),
    ],
)
async def test_other_pictures_are_unknown(speak: Speak, path: str, status: int, code: str) -> None:
    answer = await speak("").http.get(path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_one_sees_what_one_has_and_what_is_next(speak: Speak, database: Database, cast: Cast) -> None:
    before = await speak("Max").get("/me/badges")
    assert (before["items"], before["display"]) == ([], {"badges": False, "level": False})
    assert {"key": "first_idea", "have": 0, "need": 1}.items() <= before["next"][0].items()
    idea = await submit(speak, cast, "Alice", anonymous=True)
    await submit(speak, cast, "Max", anonymous=True)
    await speak("Max").post(f"/ideas/{idea}/comments", {"body": "Et la nuit ?"})
    await look(database)
    own = await speak("Max").get("/me/badges")
    found: dict[str, Any] = {each["key"]: each for each in own["items"]}
    assert set(found) == {"first_idea", "first_word"}
    today = clock.day_in(database.zone, clock.now()).isoformat()
    assert (found["first_idea"]["awarded_on"], found["first_idea"]["shown_on"]) == (today, None)
    assert (found["first_word"]["shown_on"], found["first_word"]["facts"]) == (today, {"commented": 1})
    assert found["first_word"]["rule"] == "Commenter 1 idée d’autres personnes"
    company = next(each for each in own["next"] if each["key"] == "good_company")
    assert (company["tier"], company["have"], company["need"]) == ("bronze", 1, 10)
    assert "first_idea" not in {each["key"] for each in own["next"]}


async def test_others_see_what_one_shows_and_nothing_else(
    speak: Speak, database: Database, cast: Cast
) -> None:
    idea = await submit(speak, cast, "Alice")
    await submit(speak, cast, "Max", anonymous=True)
    await speak("Max").post(f"/ideas/{idea}/comments", {"body": "Et la nuit ?"})
    await look(database)
    page = f"/employees/{cast['Max'].id}/badges"
    for name in ("Alice", "Hana", "Adam", "Max"):
        answer = await speak(name).request("GET", page)
        assert (answer.status_code, answer.json()["code"]) == (404, "badges.not-shown")
    for _ in range(2):
        await speak("Max").put("/me/badges/display", {"badges": True, "level": False})
    seen = [await speak(name).get(page) for name in ("Alice", "Adam", "Max")]
    assert seen[0] == seen[1] == seen[2]
    assert seen[0]["employee"] == {"id": cast["Max"].id, "name": "Max"}
    assert ([each["key"] for each in seen[0]["items"]], seen[0]["level"]) == (["first_word"], None)
    await speak("Max").put("/me/badges/display", {"badges": False, "level": True})
    seen = [await speak("Alice").get(page)]
    # An anonymous idea is worth 10 points: others see the level of somebody who did not write it.
    assert (seen[0]["items"], seen[0]["level"]["number"]) == ([], 1)
    assert (await speak("Max").get("/me/points"))["level"]["number"] == 2
    await speak("Max").put("/me/badges/display", {"badges": False, "level": False})
    assert (await speak("Alice").request("GET", page)).status_code == 404
    assert (await speak("Max").get("/me/badges"))["display"] == {"badges": False, "level": False}


@pytest.mark.parametrize(
    "body", [{}, {"badges": True}, {"badges": 1, "level": True}, {"badges": True, "level": True, "more": 1}]
)
async def test_a_choice_says_both(speak: Speak, body: dict[str, Any]) -> None:
    answer = await speak("Max").request("PUT", "/me/badges/display", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "requests.invalid")


async def test_who_left_shows_nothing(speak: Speak, database: Database, cast: Cast) -> None:
    await speak("Max").put("/me/badges/display", {"badges": True, "level": True})
    page = f"/employees/{cast['Max'].id}/badges"
    assert (await speak("Adam").request("GET", page)).status_code == 200
    await speak("Adam").post(f"/employees/{cast['Max'].id}/deactivation", {})
    assert (await speak("Adam").request("GET", page)).status_code == 404
    assert (await speak("Alice").request("GET", page)).status_code == 404


async def test_a_level_has_a_name_a_beginning_and_a_next_one(
    speak: Speak, database: Database, cast: Cast
) -> None:
    level = (await speak("Max").get("/me/points"))["level"]
    assert level == {"number": 1, "name": "Étincelle", "from": 0, "next_at": 10}
    await submit(speak, cast, "Max")
    await work_off(database)
    points = await speak("Max").get("/me/points")
    assert (points["balance"], points["level"]["name"], points["level"]["from"]) == (10, "Lueur", 10)


async def test_statements_do_not_grow_with_what_there_is(
    speak: Speak, database: Database, cast: Cast
) -> None:
    numbers = set()
    for _ in range(2):
        for _ in range(3):
            idea = await submit(speak, cast, "Alice")
            await speak("Max").post(f"/ideas/{idea}/comments", {"body": "Et la nuit ?"})
            await submit(speak, cast, "Max")
        await look(database)
        with counted(database) as statements:
            await speak("Max").get("/me/badges")
        numbers.add(len(statements))
    assert len(numbers) == 1
    assert max(numbers) <= 18
