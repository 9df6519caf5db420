"""Leaderboards over HTTP: who is on them, in which order, and one's own place."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import insert

from app.core import clock
from app.core.db import Database
from app.models.employees import Employee
from app.models.leaderboards import PersonStanding
from app.services import leaderboards, standing_notes
from tests.services.test_activity import work_off
from tests.support import world
from tests.support.client import Client
from tests.support.world import Cast

Speak = Callable[[str], Client]
POINTS = {"Max": 30, "Pete": 20, "Mia": 20, "Dan": 20, "Fay": 5}


async def give(database: Database, cast: Cast, points: dict[str, int]) -> None:
    rows = [
        {"employee_id": cast[name].id, "scope": scope, "points": number}
        for name, number in points.items()
        for scope in ("all", "2026-Q1")
    ]
    async with database.writer() as session:
        await session.execute(insert(PersonStanding), rows)


async def read_all(client: Client, limit: int, **query: str) -> list[tuple[int, str, int]]:
    """Return ranks, names and points of a whole board, page by page."""
    found: list[tuple[int, str, int]] = []
    cursor: str | None = None
    while True:
        asked = {"by": "person", "season": "all", "limit": limit, **query}
        page = await client.get("/leaderboards", params=asked | ({"cursor": cursor} if cursor else {}))
        found += [(item["rank"], item["employee"]["name"], item["points"]) for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            return found


@pytest.mark.parametrize("limit", [1, 2, 3, 20])
async def test_people_are_compared_only_if_they_want_to(
    speak: Speak, cast: Cast, database: Database, limit: int
) -> None:
    await give(database, cast, POINTS)
    assert await read_all(speak("Alice"), limit) == []
    for name in ("Max", "Pete", "Mia", "Fay"):
        await speak(name).put("/me/leaderboard", {"shown": True})
    tied = sorted(("Pete", "Mia"), key=lambda name: cast[name].id)
    expected = [(1, "Max", 30), *((2, name, 20) for name in tied), (4, "Fay", 5)]
    assert await read_all(speak("Alice"), limit) == expected
    await speak("Max").put("/me/leaderboard", {"shown": False})
    assert await read_all(speak("Alice"), limit) == [
        (rank - 1, name, points) for rank, name, points in expected[1:]
    ]


async def test_ones_own_place_is_told_to_oneself(speak: Speak, cast: Cast, database: Database) -> None:
    await give(database, cast, POINTS)
    for name in ("Max", "Pete", "Fay"):
        await speak(name).put("/me/leaderboard", {"shown": True})

    async def read_own(name: str) -> dict[str, Any]:
        page = await speak(name).get("/leaderboards", params={"by": "person", "season": "all"})
        own: dict[str, Any] = page["me"]
        return own

    assert await read_own("Pete") == {"shown": True, "rank": 2, "points": 20, "of": 3}
    assert await read_own("Dan") == {"shown": False, "rank": 2, "points": 20, "of": 4}
    assert await read_own("Bob") == {"shown": False, "rank": 4, "points": 0, "of": 4}


async def test_who_leaves_the_company_is_gone_from_the_board(
    speak: Speak, cast: Cast, database: Database
) -> None:
    await give(database, cast, POINTS)
    await speak("Max").put("/me/leaderboard", {"shown": True})
    assert await read_all(speak("Alice"), 20)
    async with database.writer() as session:
        (await session.get_one(Employee, cast["Max"].id)).active = False
    assert await read_all(speak("Alice"), 20) == []


async def test_choosing_again_changes_nothing(speak: Speak) -> None:
    max_ = speak("Max")
    assert await max_.get("/me/leaderboard") == {"shown": False}
    for shown in (False, True, True):
        await max_.put("/me/leaderboard", {"shown": shown})
        assert await max_.get("/me/leaderboard") == {"shown": shown}


async def test_units_stand_by_points_a_head(
    app: FastAPI, speak: Speak, cast: Cast, database: Database
) -> None:
    async with database.writer() as session:
        people = [
            await world.make_employee(session, f"P{number}", entity=f"Company/Works/Hall {number % 2}")
            for number in range(12)
        ]
    for number, person in enumerate(people[:4]):
        client = Client(app, person)
        for _ in range(1 + number % 2):
            await client.post(
                "/ideas",
                {"title": "Of mine", "problem": "p", "solution": "s", "theme": cast.themes["brand"]},
            )
        await client.http.aclose()
    async with database.writer() as session:
        await standing_notes.note_people(session, [person.id for person in people])
    await drain_and_compute(database)
    page = await speak("Alice").get("/leaderboards", params={"by": "team"})
    found = {item["entity"]["name"]: item for item in page["items"]}
    assert [found[name]["rank"] for name in ("Hall 1", "Hall 0")] == sorted(
        found[name]["rank"] for name in ("Hall 1", "Hall 0")
    )
    assert (found["Hall 1"]["points"], found["Hall 1"]["people"]) == (40, 6)
    assert found["Hall 1"]["per_head"] == 6.67
    assert page["me"] is None
    assert page["computed_at"]
    entities = await speak("Alice").get("/entities")
    works = next(item["id"] for item in entities["items"] if item["name"] == "Works")
    below = await speak("Alice").get("/leaderboards", params={"by": "team", "entity": works})
    assert {item["entity"]["name"] for item in below["items"]} == {"Hall 0", "Hall 1"}


async def drain_and_compute(database: Database) -> None:
    now = clock.now()
    await work_off(database, now)
    await leaderboards.compute(database, now=now)


@pytest.mark.parametrize(
    ("query", "at", "code"),
    [
        ({"season": "2026-Q9"}, "query/season", "leaderboards.no-such-season"),
        ({"season": "2026-Q1", "campaign": "a" * 24}, "query/season", "leaderboards.one-of-both"),
        ({"campaign": "a" * 24}, "query/campaign", "statistics.unknown-filter"),
        ({"entity": "nothing"}, "query/entity", "statistics.unknown-filter"),
        ({"by": "person", "entity": "a" * 24}, "query/entity", "leaderboards.not-of-people"),
        ({"by": "boss"}, "query/by", "requests.invalid"),
    ],
)
async def test_what_can_not_be_asked_is_named(
    speak: Speak, query: dict[str, str], at: str, code: str
) -> None:
    problem = await speak("Alice").refused("GET", "/leaderboards", 422, code, params=query)
    assert [error["pointer"] for error in problem["errors"]] == [at]
