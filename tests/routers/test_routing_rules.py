"""The rule table of the routing over HTTP."""

from collections.abc import Callable
from typing import Any

import pytest

from app.core.db import Database
from tests.routers.test_ideas import idea_of
from tests.support.client import Client
from tests.support.world import Cast

Speak = Callable[[str], Client]
PATH = "/routing-rules"


async def test_a_rule_finds_the_function_until_it_is_taken_out(speak: Speak, cast: Cast) -> None:
    ian = speak("Ian")
    rule = await ian.post(PATH, {"words": ["Écrans", "screens"], "function": cast.functions["IT"]})
    assert rule == {
        "id": rule["id"],
        "position": 1,
        "theme": None,
        "entity": None,
        "words": ["écrans", "screens"],
        "function": {"id": cast.functions["IT"], "name": "IT"},
        "can": ["delete"],
    }
    idea = await speak("Alice").post("/ideas", idea_of(cast))
    assert idea["function"]["name"] == "IT"
    assert (await ian.request("DELETE", f"{PATH}/{rule['id']}")).status_code == 204
    await ian.refused("DELETE", f"{PATH}/{rule['id']}", 404, "routing-rules.not-found")
    idea = await speak("Alice").post("/ideas", idea_of(cast))
    assert idea["function"]["name"] != "IT"


async def test_rules_are_listed_in_their_order(speak: Speak, cast: Cast) -> None:
    ian, function = speak("Ian"), cast.functions["IT"]
    for position in (30, 10, None, 20):
        asked: dict[str, Any] = {"theme": cast.themes["brand"], "function": function}
        await ian.post(PATH, asked | ({"position": position} if position else {}))
    first = await speak("Walt").get(f"{PATH}?limit=3")
    assert [rule["position"] for rule in first["items"]] == [10, 20, 30]
    assert first["items"][0]["can"] == []
    rest = await speak("Walt").get(f"{PATH}?limit=3&cursor={first['next_cursor']}")
    assert ([rule["position"] for rule in rest["items"]], rest["next_cursor"]) == ([31], None)


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({}, 422, "routing-rules.no-condition"),
        ({"words": ["two words"]}, 422, "routing-rules.not-a-word"),
        ({"words": ["e-mail"]}, 422, "routing-rules.not-a-word"),
        ({"words": [""]}, 422, "requests.invalid"),
        ({"words": ["a"], "position": 0}, 422, "requests.invalid"),
        ({"words": ["a"], "position": 7}, 409, "routing-rules.position-taken"),
        ({"theme": "a" * 24}, 422, "ideas.unknown-reference"),
        ({"entity": "nowhere"}, 422, "ideas.unknown-reference"),
        ({"words": ["a"], "function": "a" * 24}, 422, "ideas.unknown-reference"),
    ],
)
async def test_a_rule_that_is_not_right_is_refused(
    speak: Speak, cast: Cast, asked: dict[str, Any], status: int, code: str
) -> None:
    ian, function = speak("Ian"), {"function": cast.functions["IT"]}
    await ian.post(PATH, {"words": ["a"], "position": 7} | function)
    await ian.refused("POST", PATH, status, code, json=function | asked)
    assert len((await ian.get(PATH))["items"]) == 1


async def test_who_may_not_see_or_change_the_rules(speak: Speak, cast: Cast, database: Database) -> None:
    rule = await speak("Ian").post(PATH, {"words": ["a"], "function": cast.functions["IT"]})
    body = {"words": ["b"], "function": cast.functions["IT"]}
    for name, may_read in (("Max", False), ("Dan", False), ("Hana", False), ("Walt", True), ("Adam", True)):
        if may_read:
            await speak(name).get(PATH)
        else:
            await speak(name).refused("GET", PATH, 403, "permissions.role-missing")
        await speak(name).refused("POST", PATH, 403, "permissions.role-missing", json=body)
        await speak(name).refused("DELETE", f"{PATH}/{rule['id']}", 403, "permissions.role-missing")
