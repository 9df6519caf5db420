"""Choosing what to be told and when, over HTTP."""

from collections.abc import Callable
from typing import Any

import pytest

from app.domain.notifications import CATALOGUE
from tests.support.client import Client

Speak = Callable[[str], Client]


def find(preferences: Any, kind: str) -> Any:
    return next(item for item in preferences["items"] if item["kind"] == kind)


async def test_by_default_what_cannot_wait_comes_at_once_and_the_rest_together(speak: Speak) -> None:
    found = await speak("Alice").get("/me/preferences")
    assert [item["kind"] for item in found["items"]] == [kind.value for kind in CATALOGUE]
    for item in found["items"]:
        entry = CATALOGUE[item["kind"]]
        assert item["asks"] == entry.asks
        expected = ("at_once", "at_once") if entry.asks or entry.at_once else ("digest", "never")
        assert (item["timings"]["email"], item["timings"]["push"]) == expected


async def test_choices_replace_those_before(speak: Speak) -> None:
    alice = speak("Alice")
    late = {"kind": "ideas.late", "channel": "email", "timing": "at_once"}
    asked = {"kind": "ideas.clarification_asked", "channel": "push", "timing": "never"}
    chosen = await alice.put("/me/preferences", {"choices": [late, asked]})
    assert chosen == await alice.get("/me/preferences")
    assert find(chosen, "ideas.late")["timings"]["email"] == "at_once"
    assert find(chosen, "ideas.clarification_asked")["timings"]["push"] == "never"
    again = await alice.put("/me/preferences", {"choices": [late]})
    assert find(again, "ideas.clarification_asked")["timings"]["push"] == "at_once"
    other = await speak("Max").get("/me/preferences")
    assert find(other, "ideas.late")["timings"]["email"] == "digest"


@pytest.mark.parametrize(
    ("choice", "code"),
    [
        ({"kind": "ideas.late", "channel": "push", "timing": "digest"}, "preferences.no-digest-there"),
        ({"kind": "ideas.never", "channel": "push", "timing": "never"}, "requests.invalid"),
        ({"kind": "ideas.late", "channel": "fax", "timing": "never"}, "requests.invalid"),
    ],
)
async def test_choices_that_make_no_sense_are_refused(speak: Speak, choice: Any, code: str) -> None:
    await speak("Alice").refused("PUT", "/me/preferences", 422, code, json={"choices": [choice]})


async def test_nothing_is_chosen_twice(speak: Speak) -> None:
    late = {"kind": "ideas.late", "channel": "email", "timing": "at_once"}
    twice = {"choices": [late, late | {"timing": "never"}]}
    await speak("Alice").refused("PUT", "/me/preferences", 422, "preferences.chosen-twice", json=twice)


async def test_when_one_wants_messages_is_kept(speak: Speak) -> None:
    alice = speak("Alice")
    default = await alice.get("/me/message-settings")
    assert default["digest"] == "daily"
    assert default["time_zone"] is None
    habits = default | {"digest": "weekly", "weekday": 5, "time_zone": "America/New_York", "per_day": 3}
    assert await alice.put("/me/message-settings", habits) == habits
    assert await alice.get("/me/message-settings") == habits
    assert await alice.put("/me/message-settings", {}) == default


@pytest.mark.parametrize("zone", ["Mars/Base", "../etc/passwd", "/etc/passwd", "Europe", "é"])
async def test_a_zone_is_one_that_there_is(speak: Speak, zone: str) -> None:
    await speak("Alice").refused(
        "PUT", "/me/message-settings", 422, "preferences.unknown-zone", json={"time_zone": zone}
    )
