"""Working calendars over HTTP."""

from collections.abc import Callable
from datetime import date
from typing import Any

from app.core import clock
from app.core.db import Database
from app.queries.holidays import list_years, read_years
from tests.support.client import Client
from tests.support.world import Cast

Speak = Callable[[str], Client]
LORRAINE = {"name": "Lorraine", "region": "FR-57", "weekdays": [5, 1, 2, 2], "time_zone": "Europe/Paris"}
BRIDGE = {"name": "Bridge", "first_day": "2026-05-15", "last_day": "2026-05-15"}


async def add(speak: Speak, **changes: Any) -> Any:
    return await speak("Ian").post("/calendars", LORRAINE | changes)


async def test_a_calendar_is_added_closed_given_and_taken_away(speak: Speak, cast: Cast) -> None:
    made = await add(speak)
    assert (made["region"], made["weekdays"], made["closures"]) == ("FR-57", [1, 2, 5], [])
    closed = await speak("Adam").post(f"/calendars/{made['id']}/closures", BRIDGE)
    (closure,) = closed["closures"]
    assert (closure["name"], closure["first_day"], closure["last_day"]) == tuple(BRIDGE.values())
    lyon = cast["Alice"].entity_id
    given = await speak("Ian").request("PUT", f"/entities/{lyon}/calendar", json={"calendar": made["id"]})
    assert given.status_code == 204
    (shown,) = (await speak("Max").get("/calendars"))["items"]
    assert (shown["entities"], shown["can"]) == ([lyon], [])
    used = await speak("Ian").request("DELETE", f"/calendars/{made['id']}")
    assert (used.status_code, used.json()["code"]) == (409, "calendars.in-use")
    await speak("Ian").request("PUT", f"/entities/{lyon}/calendar", json={"calendar": None})
    path = f"/calendars/{made['id']}"
    assert (await speak("Ian").request("DELETE", f"{path}/closures/{closure['id']}")).status_code == 204
    assert (await speak("Ian").request("DELETE", f"{path}/closures/{closure['id']}")).status_code == 404
    assert (await speak("Ian").request("DELETE", path)).status_code == 204
    assert (await speak("Ian").request("DELETE", path)).status_code == 404
    assert (await speak("Max").get("/calendars"))["items"] == []


async def test_what_can_not_be_a_calendar_is_refused_with_its_field(speak: Speak, cast: Cast) -> None:
    made = await add(speak)
    for changes, code, pointer in (
        ({"name": "Other", "region": "QQ"}, "calendars.unknown-region", "/region"),
        ({"name": "Other", "region": "FR-99"}, "calendars.unknown-region", "/region"),
        ({"name": "Other", "time_zone": "Europe/Atlantis"}, "calendars.unknown-zone", "/time_zone"),
        ({}, "calendars.name-taken", "/name"),
    ):
        refused = await speak("Ian").request("POST", "/calendars", json=LORRAINE | changes)
        problem = refused.json()
        assert (problem["code"], problem["errors"][0]["pointer"]) == (code, pointer)
    backwards = BRIDGE | {"last_day": "2026-05-14"}
    refused = await speak("Ian").request("POST", f"/calendars/{made['id']}/closures", json=backwards)
    assert refused.json()["code"] == "calendars.closure-not-right"
    lyon = cast["Alice"].entity_id
    refused = await speak("Ian").request("PUT", f"/entities/{lyon}/calendar", json={"calendar": "a" * 24})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/calendar")
    refused = await speak("Ian").request("PUT", f"/entities/{'a' * 24}/calendar", json={"calendar": None})
    assert refused.status_code == 404


async def test_a_calendar_is_renamed(speak: Speak) -> None:
    made, other = await add(speak), await add(speak, name="Alsace")
    path = f"/calendars/{made['id']}"
    renamed = await speak("Ian").request("PATCH", path, json={"name": "Moselle"})
    assert (renamed.status_code, renamed.json()) == (200, {**made, "name": "Moselle"})
    for name, status, code in (
        ("Moselle", 200, None),
        ("Alsace", 409, "calendars.name-taken"),
        (" ", 422, "requests.invalid"),
        ("x" * 201, 422, "requests.invalid"),
    ):
        answer = await speak("Ian").request("PATCH", path, json={"name": name})
        assert (answer.status_code, answer.json().get("code")) == (status, code)
        if status != 200:
            assert [error["pointer"] for error in answer.json()["errors"]] == ["/name"]
    names = {each["id"]: each["name"] for each in (await speak("Max").get("/calendars"))["items"]}
    assert names == {made["id"]: "Moselle", other["id"]: "Alsace"}
    assert (await speak("Max").request("PATCH", path, json={"name": "Mine"})).status_code == 403
    assert (
        await speak("Ian").request("PATCH", f"/calendars/{'a' * 24}", json={"name": "X"})
    ).status_code == 404


async def test_a_new_calendar_comes_with_its_days_off(speak: Speak, database: Database) -> None:
    await add(speak, region="DE-BY")
    await add(speak, region="DE-BY", name="Munich")
    async with database.reader() as session:
        years = await read_years(session, "DE-BY")
    assert set(years) == set(list_years(clock.now()))
    assert all(date(year, 10, 3) in days for year, days in years.items())


async def test_a_body_that_is_wrong_is_named_once(speak: Speak) -> None:
    answer = await speak("Ian").request("POST", "/calendars", json={"name": 3})
    assert answer.status_code == 422
    assert sorted(error["pointer"] for error in answer.json()["errors"]) == ["/name", "/time_zone"]
    answer = await speak("Ian").request(
        "POST", "/calendars", content=b"x", headers={"Content-Type": "text/plain"}
    )
    assert answer.status_code == 415
