"""Prizes over HTTP: the catalogue, a claim from the wish to the receipt, who is named, what is refused."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app.core import clock
from app.core.db import Database
from tests.support.client import Client
from tests.support.prizes import give_points, list_errors, offer
from tests.support.statements import counted
from tests.support.world import Cast

Speak = Callable[[str], Client]
BOOK = {"name": "A book", "way": "points", "cost": 10, "stock": 2}
TRIP = {"name": "A trip", "way": "jury", "stock": 1}


async def edit(person: Client, prize: Any, changes: dict[str, Any], status: int = 200) -> Any:
    answer = await person.request(
        "PATCH",
        f"/prizes/{prize['id']}",
        json=changes,
        headers={"If-Match": f'"{prize["version"]}.x"'},
    )
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_a_prize_is_offered_changed_and_read_by_everybody(speak: Speak, cast: Cast) -> None:
    made = await speak("Mia").post(
        "/prizes",
        BOOK | {"campaign": cast.permanent_box, "ceremony_place": "Lyon", "description": "**Thick**"},
    )
    assert (made["left"], made["can"], made["campaign"]["id"]) == (2, ["edit"], cast.permanent_box)
    shown = await speak("Max").get(f"/prizes/{made['id']}")
    assert (shown["can"], shown["ceremony_place"]) == ([], "Lyon")
    soon = (clock.now() + timedelta(days=9)).isoformat()
    changed = await edit(speak("Ian"), made, {"stock": 5, "cost": 12, "ceremony_at": soon})
    assert (changed["left"], changed["cost"], changed["version"]) == (5, 12, 2)
    assert changed["ceremony_at"] is not None
    await edit(speak("Mia"), made, {"name": "Late"}, 412)
    await speak("Mia").refused("PATCH", f"/prizes/{made['id']}", 428, json={"name": "Blind"})
    assert (await edit(speak("Mia"), changed, {"stock": None}))["left"] is None
    trip = await speak("Mia").post("/prizes", TRIP | {"jury": [cast["Dan"].id, cast["Dan"].id]})
    assert [juror["name"] for juror in trip["jury"]] == ["Dan"]
    assert (await speak("Dan").get(f"/prizes/{trip['id']}"))["can"] == ["award"]
    page = await speak("Max").get("/prizes?limit=1")
    rest = await speak("Max").get(f"/prizes?limit=1&cursor={page['next_cursor']}")
    assert [item["id"] for item in (*page["items"], *rest["items"])] == [trip["id"], made["id"]]
    for query, found in (("way=jury", trip), (f"campaign={cast.permanent_box}", made)):
        assert [item["id"] for item in (await speak("Max").get(f"/prizes?{query}"))["items"]] == [found["id"]]


async def test_what_a_prize_costs_the_company_is_told_to_those_who_keep_the_catalogue(speak: Speak) -> None:
    price = {"amount": "12.50", "currency": "EUR"}
    made = await speak("Mia").post("/prizes", BOOK | {"price": price})
    assert made["price"] == price
    for name in ("Max", "Hana"):
        shown = await speak(name).get(f"/prizes/{made['id']}")
        assert shown["price"] is None
        assert "12.50" not in str(await speak(name).get("/prizes"))
    dearer = await edit(speak("Ian"), made, {"price": {"amount": 14, "currency": "CHF"}})
    assert dearer["price"] == {"amount": "14.00", "currency": "CHF"}
    renamed = await edit(speak("Ian"), dearer, {"name": "A thick book"})
    assert renamed["price"] == dearer["price"]
    assert (await edit(speak("Ian"), renamed, {"price": None}))["price"] is None


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"cost": None}, "/cost"),
        ({"cost": 0}, "/cost"),
        ({"cost": -1}, "/cost"),
        ({"cost": 1.5}, "/cost"),
        ({"cost": "10"}, "/cost"),
        ({"cost": True}, "/cost"),
        ({"price": {"amount": -1, "currency": "EUR"}}, "/price/amount"),
        ({"price": {"amount": "1e3", "currency": "EUR"}}, "/price/amount"),
        ({"price": {"amount": 1.005, "currency": "EUR"}}, "/price/amount"),
        ({"price": {"amount": 1, "currency": "euro"}}, "/price/currency"),
        ({"price": {"amount": 1}}, "/price/currency"),
        ({"cost": 2**63}, "/cost"),
        ({"stock": -1}, "/stock"),
        ({"stock": True}, "/stock"),
        ({"name": " "}, "/name"),
        ({"way": "luck"}, "/way"),
        ({"campaign": "a" * 24}, "/campaign"),
        ({"jury": ["a" * 24]}, "/jury"),
        ({"way": "jury"}, "/cost"),
        ({"way": "jury", "cost": None, "jury": ["a" * 24]}, "/jury/0"),
        ({"starts_at": "2027-01-02T00:00:00Z", "ends_at": "2027-01-01T00:00:00Z"}, "/ends_at"),
        ({"ends_at": "2027-01-01T00:00:00"}, "/ends_at"),
        ({"pieces_left": 3}, "/pieces_left"),
    ],
)
async def test_what_can_not_be_a_prize_is_refused_with_its_field(
    speak: Speak, changes: dict[str, Any], pointer: str
) -> None:
    problem = await speak("Mia").refused("POST", "/prizes", 422, json=BOOK | changes)
    assert [error["pointer"] for error in problem["errors"]] == [pointer]
    assert (await speak("Mia").get("/prizes"))["items"] == []


async def test_a_smaller_stock_has_room_for_what_is_claimed(
    speak: Speak, cast: Cast, database: Database
) -> None:
    made = await speak("Mia").post("/prizes", BOOK | {"stock": None})
    await give_points(database, cast["Max"].id, 30)
    for _ in range(3):
        await speak("Max").post(f"/prizes/{made['id']}/claims")
    refused = await edit(speak("Mia"), made, {"stock": 2}, 409)
    assert refused["code"] == "prizes.stock-too-small"
    assert (await edit(speak("Mia"), made, {"stock": 4}))["left"] == 1
    assert await list_errors(database) == []


async def test_a_claim_from_the_wish_to_the_receipt(speak: Speak, cast: Cast, database: Database) -> None:
    prize = await speak("Mia").post("/prizes", BOOK)
    path, max_ = f"/prizes/{prize['id']}", speak("Max")
    await max_.refused("POST", f"{path}/claims", 409, "rewards.balance-too-small")
    await give_points(database, cast["Max"].id, 25)
    assert (await max_.get(path))["can"] == ["claim"]
    award = await max_.post(f"{path}/claims", headers={"Idempotency-Key": "k"})
    again = await max_.post(f"{path}/claims", headers={"Idempotency-Key": "k"})
    assert (again["id"], award["state"], award["points"]) == (award["id"], "waiting", 10)
    assert award["can"] == ["withdraw"]
    points = await max_.get("/me/points")
    assert (points["balance"], points["items"][0]["rule"], points["items"][0]["idea"]) == (15, "prize", None)
    here = f"/awards/{award['id']}"
    await speak("Pete").refused("GET", here, 404, "awards.unknown")
    await speak("Pete").refused("PUT", f"{here}/receipt", 404, "awards.unknown")
    await max_.refused("POST", f"{here}/approvals", 403, "awards.not-yours")
    await max_.refused("PUT", f"{here}/receipt", 403, "awards.not-recipient")
    assert (await speak("Mia").get(here))["can"] == ["approve", "refuse"]
    assert (await speak("Mia").post(f"{here}/approvals"))["can"] == ["refuse"]
    granted = await speak("Ian").post(f"{here}/approvals")
    assert (granted["state"], granted["first"]["name"], granted["second"]["name"]) == (
        "granted",
        "Mia",
        "Ian",
    )
    (own,) = (await max_.get("/me/prizes"))["items"]
    assert (own["can"], own["shown"]) == (["consent", "confirm_receipt"], False)
    assert own["receipt_number"] == (await speak("Mia").get(here))["receipt_number"]
    received = await max_.put(f"{here}/receipt")
    assert received["received_at"] is not None
    assert (await max_.put(f"{here}/receipt"))["received_at"] == received["received_at"]
    await max_.refused("POST", f"{here}/withdrawal", 409, "awards.decided")
    assert await list_errors(database) == []


async def test_only_who_agrees_is_named_among_those_who_received(
    speak: Speak, cast: Cast, database: Database
) -> None:
    prize = await speak("Mia").post("/prizes", TRIP | {"stock": 3})
    path = f"/prizes/{prize['id']}/awards"
    for name in ("Max", "Pete"):
        award = await speak("Mia").post(path, {"employee": cast[name].id, "reason": f"For {name}"})
        assert award["state"] == "proposed"
        assert (await speak(name).get("/me/prizes"))["items"] == [], "of a proposal nobody hears"
        await speak(name).refused("GET", f"/awards/{award['id']}", 404)
        await speak("Ian").post(f"/awards/{award['id']}/approvals")
    shown = await speak("Olga").get(path)
    assert (shown["given"], shown["items"]) == (2, [])
    (own,) = (await speak("Max").get("/me/prizes"))["items"]
    await speak("Mia").refused(
        "PUT", f"/awards/{own['id']}/consent", 403, "awards.not-recipient", json={"shown": True}
    )
    await speak("Max").put(f"/awards/{own['id']}/consent", {"shown": True})
    (listed,) = (await speak("Olga").get(path))["items"]
    assert (listed["people"][0]["name"], listed["reason"]) == ("Max", "For Max")
    await speak("Max").put(f"/awards/{own['id']}/consent", {"shown": False})
    assert (await speak("Olga").get(path))["items"] == []


async def test_the_team_is_named_when_all_of_it_agree(speak: Speak, cast: Cast) -> None:
    body = {
        "title": "Together",
        "problem": "p",
        "solution": "s",
        "theme": cast.themes["brand"],
        "draft": True,
    }
    idea = await speak("Alice").post("/ideas", body)
    await speak("Alice").post(f"/ideas/{idea['id']}/authors", {"employee": cast["Max"].id})
    await speak("Max").put(f"/ideas/{idea['id']}/authors/me", {"answer": "accept"})
    await speak("Alice").post(f"/ideas/{idea['id']}/submission")
    prize = await speak("Mia").post("/prizes", TRIP)
    path = f"/prizes/{prize['id']}/awards"
    award = await speak("Mia").post(path, {"idea": idea["id"], "reason": "A team"})
    await speak("Ian").post(f"/awards/{award['id']}/approvals")
    await speak("Mia").refused("POST", path, 409, "prizes.gone", json={"idea": idea["id"], "reason": "Again"})
    await speak("Alice").put(f"/awards/{award['id']}/consent", {"shown": True})
    assert (await speak("Olga").get(path))["items"] == []
    await speak("Max").put(f"/awards/{award['id']}/consent", {"shown": True})
    (listed,) = (await speak("Olga").get(path))["items"]
    assert [person["name"] for person in listed["people"]] == ["Alice", "Max"]
    assert listed["idea"] == {"id": idea["id"], "title": "Together"}


async def test_what_can_not_be_awarded_is_refused(speak: Speak, cast: Cast, database: Database) -> None:
    trip, book = await speak("Mia").post("/prizes", TRIP), await speak("Mia").post("/prizes", BOOK)
    draft = {"title": "Draft", "problem": "p", "solution": "s", "theme": cast.themes["brand"], "draft": True}
    idea = await speak("Mia").post("/ideas", draft)
    path, max_id = f"/prizes/{trip['id']}/awards", cast["Max"].id
    for wish, pointer in (
        ({}, "/employee"),
        ({"employee": max_id, "idea": idea["id"]}, "/idea"),
        ({"employee": "a" * 24}, "/employee"),
        ({"idea": idea["id"]}, "/idea"),
        ({"idea": "nonsense"}, "/idea"),
    ):
        problem = await speak("Ian").refused("POST", path, 422, json={"reason": "So", **wish})
        assert [error["pointer"] for error in problem["errors"]] == [pointer]
    fine = {"employee": max_id, "reason": "So"}
    await speak("Mia").refused("POST", f"/prizes/{book['id']}/awards", 409, "prizes.other-way", json=fine)
    await speak("Max").refused("POST", f"/prizes/{trip['id']}/claims", 409, "prizes.other-way")
    await speak("Max").refused("POST", path, 403, "awards.not-yours", json=fine)
    await speak("Max").refused("POST", f"/prizes/{'a' * 24}/claims", 404, "prizes.unknown")
    past = await offer(database, cast, ends_at="2026-01-01T00:00:00Z")
    await speak("Max").refused("POST", f"/prizes/{past}/claims", 409, "prizes.not-offered")
    assert await list_errors(database) == []


async def test_lists_take_as_many_statements_however_long(
    speak: Speak, cast: Cast, database: Database
) -> None:
    prize = await speak("Mia").post("/prizes", BOOK | {"stock": None})
    numbers = []
    for name in ("Max", "Alice", "Pete", "Eve"):
        await give_points(database, cast[name].id, 10)
        await speak(name).post(f"/prizes/{prize['id']}/claims")
        await speak("Mia").post("/prizes", BOOK)
        with counted(database) as seen:
            await speak("Mia").get("/awards")
            await speak("Mia").get("/prizes")
        numbers.append(len(seen))
    assert max(numbers) == numbers[0]
