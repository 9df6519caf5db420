"""Gatherings over HTTP: announced, changed, cancelled, listed; what each reader sees of them."""

from datetime import timedelta
from typing import Any

import pytest

from app.core import clock
from app.core.db import Database
from tests.support.gatherings import Speak, announce, come, describe, shift
from tests.support.statements import counted
from tests.support.world import Cast

ANY = {"If-Match": "*"}


async def test_a_gathering_is_announced_and_read_by_everybody(speak: Speak, cast: Cast) -> None:
    made = await speak("Ian").post("/gatherings", describe(cast, link="https://meet.example/x", places=8))
    assert made["description_html"] == "<p>Venez <strong>nombreux</strong>.</p>\n"
    assert [host["name"] for host in made["hosts"]] == ["Fay"]
    assert (made["time_zone"], made["version"], made["can"]) == (
        "Europe/Paris",
        1,
        ["sign_up", "edit", "cancel"],
    )
    shown = await speak("Max").get(f"/gatherings/{made['id']}")
    assert (shown["room"], shown["left"], shown["places"]) == ("open", None, 8)
    assert (shown["link"], shown["online"], shown["counted"]) == (None, True, None)
    assert shown["can"] == ["sign_up"]
    hosted = await speak("Fay").get(f"/gatherings/{made['id']}")
    assert hosted["link"] == "https://meet.example/x"
    assert hosted["counted"] == {"seated": 0, "waiting": 0, "attended": 0}
    assert hosted["can"] == ["read_people"]


async def test_without_hosts_whoever_announces_it_is_one(speak: Speak, cast: Cast) -> None:
    made = await speak("Mia").post("/gatherings", describe(cast, hosts=None))
    assert [host["name"] for host in made["hosts"]] == ["Mia"]
    assert made["can"] == ["edit", "cancel", "read_people"]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"title": "ab"}, "/title"),
        ({"title": "   "}, "/title"),
        ({"kind": "party"}, "/kind"),
        ({"place": None}, "/place"),
        ({"link": "javascript:alert(1)"}, "/link"),
        ({"starts_at": "2027-01-31T09:00:00"}, "/starts_at"),
        ({"starts_at": 1_800_000_000}, "/starts_at"),
        ({"starts_at": "1800000000"}, "/starts_at"),
        ({"starts_at": "1800000000.5"}, "/starts_at"),
        ({"starts_at": "0001-01-01T00:00:00+14:00"}, "/starts_at"),
        ({"starts_at": "2199-01-01T00:00:00Z", "ends_at": "2199-01-01T01:00:00Z"}, "/starts_at"),
        ({"ends_at": "2020-01-31T09:00:00Z"}, "/ends_at"),
        ({"time_zone": "Europe/Atlantis"}, "/time_zone"),
        ({"time_zone": "../../etc/passwd"}, "/time_zone"),
        ({"places": 0}, "/places"),
        ({"places": True}, "/places"),
        ({"places": 1.5}, "/places"),
        ({"entity": "a" * 24}, "/entity"),
        ({"campaign": "a" * 24}, "/campaign"),
        ({"hosts": ["a" * 24]}, "/hosts/0"),
        ({"hosts": []}, "/hosts"),
        ({"walk_ins": "yes"}, "/walk_ins"),
        ({"anonymous": True}, "/anonymous"),
    ],
)
async def test_what_can_not_be_is_refused_with_its_field(
    speak: Speak, cast: Cast, changes: dict[str, Any], pointer: str
) -> None:
    problem = await speak("Mia").refused("POST", "/gatherings", 422, json=describe(cast) | changes)
    assert [error["pointer"] for error in problem["errors"]] == [pointer]
    assert (await speak("Mia").get("/gatherings"))["items"] == []


async def test_a_change_names_its_version_and_writes_nothing_when_nothing_is_new(
    speak: Speak, cast: Cast
) -> None:
    path = await announce(speak, cast)
    mia = speak("Mia")
    await mia.refused("PATCH", path, 428, json={"title": "Autre chose"})
    await mia.refused("PATCH", path, 412, json={"title": "Autre chose"}, headers={"If-Match": '"7"'})
    await speak("Fay").refused(
        "PATCH", path, 403, "permissions.role-missing", json={"title": "x y"}, headers=ANY
    )
    await mia.refused("PATCH", path, 422, "ideas.nothing-to-change", json={}, headers=ANY)
    first = await mia.request("PATCH", path, json={"title": "Autre chose"}, headers={"If-Match": '"1"'})
    assert (first.json()["title"], first.json()["version"]) == ("Autre chose", 2)
    assert first.headers["etag"].startswith('"2.')
    same = await mia.request(
        "PATCH", path, json={"title": "Autre chose", "hosts": [cast["Fay"].id]}, headers=ANY
    )
    assert same.json()["version"] == 2
    for body in ({"starts_at": None}, {"hosts": None}, {"time_zone": None}, {"places": 0}):
        await mia.refused("PATCH", path, 422, json=body, headers=ANY)
    bare = await mia.refused("PATCH", path, 422, json={"place": None}, headers=ANY)
    assert bare["code"] == "gatherings.nowhere"
    late = (clock.now() - timedelta(days=1)).isoformat()
    await mia.refused("PATCH", path, 422, "gatherings.times-not-right", json={"ends_at": late}, headers=ANY)
    assert (await mia.get(path))["version"] == 2


async def test_a_cancelled_gathering_says_why_and_is_changed_no_more(speak: Speak, cast: Cast) -> None:
    path = await announce(speak, cast, places=1)
    for name in ("Max", "Pete"):
        await speak(name).put(f"{path}/sign-up")
    await speak("Fay").refused("POST", f"{path}/cancellation", 403, json={"reason": "Grève."})
    await speak("Mia").refused("POST", f"{path}/cancellation", 422, json={"reason": " "})
    cancelled = await speak("Mia").post(f"{path}/cancellation", {"reason": "Grève."})
    assert (cancelled["cancel_reason"], cancelled["version"]) == ("Grève.", 2)
    assert cancelled["cancelled_at"] is not None
    await speak("Mia").refused(
        "POST", f"{path}/cancellation", 409, "gatherings.cancelled", json={"reason": "Encore."}
    )
    await speak("Mia").refused("PATCH", path, 409, "gatherings.cancelled", json={"places": 9}, headers=ANY)
    await speak("Olga").refused("PUT", f"{path}/sign-up", 409, "gatherings.cancelled")
    # Who signed up is still told of it, and may take it out of their calendar; nobody moves up.
    assert (await speak("Max").get(path))["sign_up"] == "seated"
    assert (await speak("Max").request("DELETE", f"{path}/sign-up")).status_code == 204
    assert (await speak("Pete").get(path))["sign_up"] == "waiting"


async def test_places_go_in_the_order_of_coming(speak: Speak, cast: Cast) -> None:
    path = await announce(speak, cast, places=1)
    told = [await speak(name).put(f"{path}/sign-up") for name in ("Max", "Pete", "Olga", "Max")]
    assert [(each["state"], each["waiting_position"]) for each in told] == [
        ("seated", None),
        ("waiting", 1),
        ("waiting", 2),
        ("seated", None),
    ]
    olga = await speak("Olga").get(path)
    assert (olga["room"], olga["left"], olga["waiting_position"], olga["can"]) == ("full", 0, 2, ["leave"])
    assert (await speak("Max").request("DELETE", f"{path}/sign-up")).status_code == 204
    assert (await speak("Max").request("DELETE", f"{path}/sign-up")).status_code == 204
    assert (await speak("Pete").get(path))["sign_up"] == "seated"
    assert (await speak("Olga").get(path))["waiting_position"] == 1
    await speak("Mia").request("PATCH", path, json={"places": 2}, headers=ANY)
    assert (await speak("Olga").get(path))["sign_up"] == "seated"
    problem = await speak("Mia").refused(
        "PATCH", path, 409, "gatherings.places-taken", json={"places": 1}, headers=ANY
    )
    assert problem["errors"][0]["pointer"] == "/places"
    await speak("Mia").request("PATCH", path, json={"places": None}, headers=ANY)
    assert (await speak("Max").put(f"{path}/sign-up"))["state"] == "seated"
    people = (await speak("Fay").get(f"{path}/sign-ups?limit=2"))["items"]
    assert [each["employee"]["name"] for each in people] == ["Pete", "Olga"]


async def test_only_hosts_see_people(speak: Speak, cast: Cast) -> None:
    path = await announce(speak, cast, minutes=5)
    await speak("Max").put(f"{path}/sign-up")
    await come(speak, cast, path, "Max")
    for name in ("Mia", "Max", "Hana", "Walt", "Adam"):
        for part in ("sign-ups", "attendances", "code"):
            await speak(name).refused("GET", f"{path}/{part}", 403, "gatherings.not-host")
        shown = await speak(name).get(path)
        assert (shown["counted"], shown["attended"]) == (None, None)
    (one,) = (await speak("Fay").get(f"{path}/sign-ups"))["items"]
    assert (one["employee"]["name"], one["state"], one["attended"]) == ("Max", "seated", True)


async def test_a_gathering_of_a_part_of_the_company_is_seen_by_all_and_joined_by_some(
    speak: Speak, cast: Cast
) -> None:
    sales = cast["Carol"].entity_id
    path = await announce(speak, cast, entity=sales)
    assert (await speak("Alice").put(f"{path}/sign-up"))["state"] == "seated"
    assert (await speak("Carol").get(path))["can"] == ["sign_up"]
    assert (await speak("Max").get(path))["can"] == []
    await speak("Max").refused("PUT", f"{path}/sign-up", 403, "sign-ups.not-invited")
    await speak("Fay").refused("PUT", f"{path}/sign-up", 403, "sign-ups.not-invited")


async def test_a_new_host_gives_the_place_back(speak: Speak, cast: Cast) -> None:
    path = await announce(speak, cast, places=1)
    for name in ("Max", "Pete"):
        await speak(name).put(f"{path}/sign-up")
    both = {"hosts": [cast["Max"].id, cast["Fay"].id]}
    changed = await speak("Mia").request("PATCH", path, json=both, headers=ANY)
    assert (changed.json()["version"], len(changed.json()["hosts"])) == (2, 2)
    assert (await speak("Pete").get(path))["sign_up"] == "seated"
    await speak("Max").refused("PUT", f"{path}/sign-up", 409, "sign-ups.hosts-it")
    await speak("Mia").request("PATCH", path, json={"hosts": [cast["Max"].id]}, headers=ANY)
    await speak("Fay").refused("GET", f"{path}/sign-ups", 403, "gatherings.not-host")


async def test_once_it_has_begun_nobody_signs_up_or_leaves(
    speak: Speak, cast: Cast, database: Database
) -> None:
    path = await announce(speak, cast, minutes=5)
    await speak("Max").put(f"{path}/sign-up")
    await speak("Fay").refused("PUT", f"{path}/summary", 409, "gatherings.not-begun", json={"text": "x"})
    await shift(database, path, minutes=-10)
    assert (await speak("Max").put(f"{path}/sign-up"))["state"] == "seated"
    await speak("Max").refused("DELETE", f"{path}/sign-up", 409, "sign-ups.closed")
    await speak("Pete").refused("PUT", f"{path}/sign-up", 409, "sign-ups.closed")
    assert (await speak("Pete").request("DELETE", f"{path}/sign-up")).status_code == 204
    assert (await speak("Mia").get(path))["can"] == ["edit", "cancel"]
    await shift(database, path, hours=-3)
    await speak("Mia").refused("PATCH", path, 409, "gatherings.over", json={"places": 3}, headers=ANY)
    await speak("Mia").refused("POST", f"{path}/cancellation", 409, "gatherings.over", json={"reason": "x"})


async def test_what_came_of_it_is_told_when_it_is_over(speak: Speak, cast: Cast, database: Database) -> None:
    path = await announce(speak, cast, minutes=5)
    await come(speak, cast, path, "Max", "Pete", "Olga", "Rita")
    await shift(database, path, hours=-3)
    assert (await speak("Max").get(path))["attended"] is None
    assert (await speak("Fay").get(path))["counted"]["attended"] == 4
    await come(speak, cast, path, "Alice")
    assert (await speak("Walt").get(path))["attended"] == 5
    await speak("Mia").refused("PUT", f"{path}/summary", 403, "gatherings.not-host", json={"text": "Bien."})
    told = await speak("Fay").put(f"{path}/summary", {"text": "Trois **pistes**."})
    assert told["summary_html"] == "<p>Trois <strong>pistes</strong>.</p>\n"
    assert (await speak("Fay").put(f"{path}/summary", {"text": "Trois **pistes**."}))["version"] == 2


async def test_lists_go_from_the_next_on_and_backwards_over_what_is_past(
    speak: Speak, cast: Cast, database: Database
) -> None:
    paths = [await announce(speak, cast, minutes=60 * day, title=f"Atelier {day}") for day in (3, 1, 2)]
    for day in (4, 5, 6):
        paths.append(await announce(speak, cast, title=f"Passé {day}"))
        await shift(database, paths[-1], days=-day)

    async def walk(query: str) -> list[str]:
        found, cursor = [], ""
        while True:
            page = await speak("Max").get(f"/gatherings?limit=2{query}{cursor}")
            found += [item["title"] for item in page["items"]]
            if page["next_cursor"] is None:
                return found
            cursor = f"&cursor={page['next_cursor']}"

    assert await walk("") == ["Atelier 1", "Atelier 2", "Atelier 3"]
    assert await walk("&past=true") == ["Passé 4", "Passé 5", "Passé 6"]
    assert await walk("&mine=true") == []
    await speak("Max").put(f"{paths[0]}/sign-up")
    assert await walk("&mine=true") == ["Atelier 3"]
    assert len((await speak("Fay").get("/gatherings?mine=true"))["items"]) == 3
    await announce(speak, cast, title="De la campagne", campaign=cast.permanent_box)
    assert await walk(f"&campaign={cast.permanent_box}") == ["De la campagne"]
    with counted(database) as seen:
        await speak("Max").get("/gatherings")
    assert len([said for said in seen if "gatherings" in said]) == 1


async def test_gatherings_that_are_not_there(speak: Speak, cast: Cast) -> None:
    for path in ("/gatherings/" + "a" * 24, "/gatherings/x"):
        await speak("Max").refused("GET", path, 404, "gatherings.unknown")
        await speak("Max").refused("PUT", f"{path}/sign-up", 404, "gatherings.unknown")
        await speak("Mia").refused("PATCH", path, 404, "gatherings.unknown", json={"places": 1}, headers=ANY)
