"""Segments over HTTP: one's own with its reasons, the others' as numbers only."""

from collections.abc import Callable

import pytest

from app.core import clock
from app.core.db import Database
from app.services import segments
from tests.support.client import Client
from tests.support.world import Cast

Speak = Callable[[str], Client]


async def test_everybody_sees_their_own_and_what_would_change_it(speak: Speak) -> None:
    own = await speak("Max").get("/me/segment")
    assert own["segment"] == "passive"
    assert own["addressed"] is True
    regular = next(each for each in own["following"] if each["segment"] == "regular")
    assert regular["conditions"] == [{"fact": "active_days", "have": 0, "need": 3}]
    assert "top_manager" not in {each["segment"] for each in own["following"]}
    sponsor = await speak("Sam").get("/me/segment")
    assert (sponsor["segment"], sponsor["why"]) == (
        "top_manager",
        [{"fact": "sponsors", "have": 1, "need": 1}],
    )


async def test_a_choice_is_kept_and_making_it_twice_changes_nothing(speak: Speak) -> None:
    for _ in range(2):
        await speak("Max").put("/me/segment", {"addressed": False})
    assert (await speak("Max").get("/me/segment"))["addressed"] is False
    await speak("Max").put("/me/segment", {"addressed": True})
    assert (await speak("Max").get("/me/segment"))["addressed"] is True


async def test_numbers_below_five_are_hidden_and_can_not_be_worked_out(
    speak: Speak, database: Database, cast: Cast
) -> None:
    await segments.compute(database, now=clock.now())
    counts = await speak("Hana").get("/segments")
    hidden = [each["segment"] for each in counts["segments"] if each["people"] is None]
    shown = [each["people"] for each in counts["segments"] if each["people"] is not None]
    assert counts["people"] == len(cast.people)
    assert {"top_manager", "facilitator", "idea_developer"} <= set(hidden)
    assert all(people >= 5 for people in shown)
    assert counts["people"] - sum(shown) >= 5


@pytest.mark.parametrize(
    ("name", "status"), [("Max", 403), ("Walt", 403), ("Mia", 200), ("Ian", 200), ("Hana", 200)]
)
async def test_only_who_animates_or_counts_sees_numbers(speak: Speak, name: str, status: int) -> None:
    assert (await speak(name).request("GET", "/segments")).status_code == status


async def test_thresholds_are_published_and_set_by_who_animates(speak: Speak) -> None:
    shown = (await speak("Max").get("/segment-thresholds"))["items"]
    assert {each["name"]: each["at_least"] for each in shown}["regular.active_days"] == 3
    changed = await speak("Mia").put("/segment-thresholds/regular.active_days", {"at_least": 2})
    assert (changed["at_least"], changed["default"]) == (2, False)
    path = "/segment-thresholds/"
    for name, where, body, status in (
        ("Max", "regular.active_days", {"at_least": 2}, 403),
        ("Mia", "no.such", {"at_least": 2}, 404),
        ("Mia", "regular.active_days", {"at_least": 0}, 422),
        ("Mia", "regular.active_days", {}, 422),
    ):
        assert (await speak(name).request("PUT", path + where, json=body)).status_code == status
