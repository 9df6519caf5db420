"""One's own absence over HTTP."""

from collections.abc import Callable
from datetime import timedelta

from app.core import clock
from tests.support.client import Client
from tests.support.world import Cast

Speak = Callable[[str], Client]


async def test_an_absence_is_said_changed_and_taken_back(speak: Speak, cast: Cast) -> None:
    dan = speak("Dan")
    nothing = {"from": None, "until": None}
    assert await dan.get("/me/absence") == nothing
    away = {"from": "2099-08-01", "until": "2099-08-31"}
    assert await dan.put("/me/absence", away) == away
    longer = away | {"until": "2099-09-02"}
    assert await dan.put("/me/absence", longer) == await dan.get("/me/absence") == longer
    assert await speak("Dora").get("/me/absence") == nothing
    for _ in range(2):
        assert (await dan.request("DELETE", "/me/absence")).status_code == 204
    assert await dan.get("/me/absence") == nothing


async def test_days_that_are_over_or_backwards_are_refused(speak: Speak, cast: Cast) -> None:
    today = clock.now().date()
    for first, last in ((2, 1), (-9, -2), (0, 5000)):
        days = {"from": str(today + timedelta(days=first)), "until": str(today + timedelta(days=last))}
        refused = await speak("Dan").request("PUT", "/me/absence", json=days)
        assert (refused.status_code, refused.json()["code"]) == (422, "absences.not-right")
        assert refused.json()["errors"][0]["pointer"] == "/until"
