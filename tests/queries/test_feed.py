"""The cost of reading: the same number of statements whatever the size of the page."""

from collections.abc import Callable
from typing import Any

import pytest

from app.core.db import Database
from app.queries import feed
from app.queries.feed import Filters, Listing
from tests.support.client import Client
from tests.support.statements import counted
from tests.support.world import Cast

Speak = Callable[[str], Client]

SIGN_IN = 1
"""The state of the sign-in, which the tests never remember."""


async def fill(speak: Speak, cast: Cast, ideas: int) -> str:
    """Submit ideas, each with a vote and comments; returns the last one."""
    idea = {}
    for number in range(ideas):
        body = {"title": f"Idea {number}", "problem": "p", "solution": "s", "theme": cast.themes["brand"]}
        idea = await speak("Alice").post("/ideas", body)
        await speak("Max").put(f"/ideas/{idea['id']}/vote")
    for number in range(ideas):
        await speak("Max").post(f"/ideas/{idea['id']}/comments", {"body": f"Comment {number}"})
    return str(idea["id"])


@pytest.mark.parametrize(
    ("name", "address", "most"),
    [
        ("Max", "/ideas?limit={limit}", 1),
        ("Max", "/ideas?limit={limit}&sort=hot&stage=submitted", 1),
        ("Alice", "/ideas?limit={limit}&mine=true", 1),
        ("Ian", "/ideas?limit={limit}", 3),
        ("Dan", "/reviews?limit={limit}", 4),
        ("Max", "/ideas/{idea}/comments?limit={limit}", 3),
        ("Max", "/entities?limit={limit}", 1),
    ],
)
async def test_a_page_costs_the_same_whatever_its_size(
    speak: Speak, cast: Cast, database: Database, name: str, address: str, most: int
) -> None:
    idea_id = await fill(speak, cast, 12)
    await speak(name).get(address.format(limit=2, idea=idea_id))
    costs = []
    for limit in (1, 100):
        with counted(database) as statements:
            await speak(name).get(address.format(limit=limit, idea=idea_id))
        costs.append(len(statements) - SIGN_IN)
    assert costs[0] == costs[1]
    assert costs[0] <= most


def test_pages_of_all_sizes_are_few_statements() -> None:
    shapes = {feed.get_shape(Listing(Filters(), "new", None, limit)) for limit in range(1, 101)}
    assert len(shapes) == 3


@pytest.mark.parametrize(
    ("name", "address"),
    [("Max", "/ideas?sort=hot"), ("Ian", "/ideas?sort=new"), ("Alice", "/ideas?mine=true")],
)
async def test_a_page_is_as_long_as_it_was_asked_for(
    speak: Speak, cast: Cast, name: str, address: str
) -> None:
    await fill(speak, cast, 12)
    every = (await speak(name).get(f"{address}&limit=100"))["items"]
    assert len(every) == 12
    for limit in (1, 5, 11, 12, 13, 20):
        found: list[Any] = []
        cursor: str | None = ""
        while cursor is not None:
            page = await speak(name).get(f"{address}&limit={limit}{cursor and f'&cursor={cursor}'}")
            assert len(page["items"]) == min(limit, 12 - len(found))
            found += page["items"]
            cursor = page["next_cursor"]
        assert found == every


async def test_a_vote_is_one_statement_or_four_on_sqlite(
    speak: Speak, cast: Cast, database: Database
) -> None:
    idea_id = await fill(speak, cast, 1)
    with counted(database) as statements:
        await speak("Pete").put(f"/ideas/{idea_id}/vote")
    assert len(statements) - SIGN_IN == (4 if database.on_sqlite else 1)
    with counted(database) as statements:
        await speak("Pete").put(f"/ideas/{idea_id}/vote")
    assert len(statements) - SIGN_IN == 1
