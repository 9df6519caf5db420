"""Loads: nothing that waits is told of fewer than five people."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import clock
from app.core.db import Database
from app.domain.privacy import FLOOR
from app.models.reviews import Review
from app.queries import loads
from tests.support import world
from tests.support.client import Client
from tests.support.world import Cast

Speak = Callable[[str], Client]


@given(st.dictionaries(st.sampled_from("abcdef"), st.sets(st.integers(0, 14).map(str), max_size=12)))
def test_the_total_gives_nobody_back(carriers: dict[str, set[str]]) -> None:
    shown = loads.choose_shown(carriers)
    assert all(len(carriers[key]) >= FLOOR for key in shown)
    hidden = carriers.keys() - shown
    together = set[str]().union(*(carriers[key] for key in hidden))
    assert not shown or not hidden or (len(hidden) > 1 and len(together) >= FLOOR)


@pytest.mark.parametrize(
    ("carriers", "shown"),
    [
        ({"a": 5, "b": 9}, {"a", "b"}),
        ({"a": 4, "b": 5, "c": 9}, {"c"}),
        ({"a": 1, "b": 1, "c": 6, "d": 7}, {"d"}),
        ({"a": 3, "b": 3, "c": 6}, {"c"}),
        ({"a": 4, "b": 9}, set()),
    ],
)
def test_as_few_as_needed_are_hidden(carriers: dict[str, int], shown: set[str]) -> None:
    people = {key: {f"{key}{number}" for number in range(size)} for key, size in carriers.items()}
    assert loads.choose_shown(people) == shown


async def test_what_waits_is_counted_by_function(database: Database, cast: Cast, speak: Speak) -> None:
    now = clock.now()
    body = {"title": "Une idée", "problem": "p", "solution": "s", "theme": cast.themes["brand"]}
    ideas = [(await speak("Alice").post("/ideas", body | {"draft": True}))["id"] for _ in range(14)]
    finance, it = cast.functions["Finance"], cast.functions["IT"]
    async with database.writer() as session:
        people = [await world.make_employee(session) for _ in range(7)]
        for number, idea in enumerate(ideas):
            mine = number < 7
            session.add(
                Review(
                    idea_id=idea,
                    function_id=finance if mine else it,
                    reviewer_id=None if number == 13 else people[number % 7].id if mine else people[0].id,
                    opened_at=now - timedelta(days=number + 1),
                    due_at=now + timedelta(days=3 - number),
                )
            )
    told = await speak("Hana").get("/stats/load")
    assert told["total"] == {
        "function": None,
        "name": None,
        "open": 14,
        "late": 10,
        "waiting_for_somebody": 1,
        "median_days": 7.5,
    }
    assert (told["functions"], told["hidden"]) == ([], 2), "the total would tell of the one who has all of IT"
    async with database.writer() as session:
        for number in range(6):
            closed = now - timedelta(days=80)
            session.add(
                Review(
                    idea_id=ideas[number],
                    function_id=it,
                    reviewer_id=people[number].id,
                    opened_at=closed,
                    closed_at=closed,
                    outcome="recommend",
                )
            )
    told = await speak("Ian").get("/stats/load")
    assert [(each["name"], each["open"]) for each in told["functions"]] == [("Finance", 7), ("IT", 7)]
    await speak("Max").refused("GET", "/stats/load", 403, "permissions.role-missing")
