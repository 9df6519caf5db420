"""Campaigns over HTTP, from the plan to the report."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.core import clock
from app.core.db import Database
from app.models.events import Event
from app.models.ideas import Idea
from app.models.roles import RoleGrant
from app.services import phases
from tests.support.campaigns import KINDS, REPORT, announce, lay, let_pass, plan
from tests.support.client import Client
from tests.support.world import Cast

Speak = Callable[[str], Client]
DAY = timedelta(days=1)


async def submit(client: Client, cast: Cast, campaign: str | None, **fields: Any) -> Any:
    return await client.post("/ideas", write(cast, campaign, **fields))


def write(cast: Cast, campaign: str | None, **fields: Any) -> dict[str, Any]:
    texts = {"title": "Less water", "problem": "p", "solution": "s", "theme": cast.themes["brand"]}
    return texts | {"campaign": campaign} | fields


async def list_events(database: Database, kind: str) -> list[dict[str, Any]]:
    async with database.reader() as session:
        found = await session.scalars(
            select(Event).where(col(Event.kind) == kind).order_by(col(Event.sequence))
        )
        return [{"subject": event.subject, **event.payload} for event in found]


async def test_a_plan_is_seen_by_those_who_make_it_ready_until_it_is_announced(
    speak: Speak, cast: Cast
) -> None:
    mia, alice, sam = speak("Mia"), speak("Alice"), speak("Sam")
    made = await mia.post("/campaigns", plan(context="**Drought**", sponsor=cast["Sam"].id))
    path = f"/campaigns/{made['id']}"
    assert (made["state"], made["phase"]) == ("drafted", None)
    assert made["context_html"] == "<p><strong>Drought</strong></p>\n"
    assert made["can"] == ["edit", "set_correspondents", "announce"]
    await alice.refused("GET", path, 404, "campaigns.unknown")
    assert made["id"] not in [item["id"] for item in (await alice.get("/campaigns"))["items"]]
    assert (await sam.get(path))["sponsor"] == {"id": cast["Sam"].id, "name": "Sam"}
    assert made["id"] in [item["id"] for item in (await sam.get("/campaigns"))["items"]]
    await alice.refused("POST", "/ideas", 422, json=write(cast, made["id"]))
    await mia.refused("PUT", f"{path}/report", 409, "campaigns.not-announced", json=REPORT)
    await mia.post(f"{path}/announcement")
    await mia.refused("POST", f"{path}/announcement", 409, "campaigns.already-announced")
    seen = await alice.get(path)
    assert (seen["phase"], seen["next"], seen["days_left"]) == ("collect", "enrich", 1)
    assert seen["can"] == ["submit"]
    (card,) = [item for item in (await alice.get("/campaigns"))["items"] if item["id"] == made["id"]]
    assert card["phase"] == "collect"


async def test_phases_say_what_can_be_done(speak: Speak, cast: Cast, database: Database) -> None:
    alice = speak("Alice")
    made = await announce(speak("Mia"))
    ended = (await alice.get(f"/campaigns/{made}"))["phases"][0]["ends_at"]
    idea = await submit(alice, cast, made)
    assert idea["campaign"]["name"] == "Water"
    await let_pass(database, made, DAY)
    assert (await alice.get(f"/campaigns/{made}"))["phase"] == "enrich"
    late = await alice.refused("POST", "/ideas", 409, "campaigns.collect-over", json=write(cast, made))
    assert ended[:4] in late["detail"]
    assert "edit" in (await alice.get(f"/ideas/{idea['id']}"))["can"]
    await let_pass(database, made, DAY)
    able = (await alice.get(f"/ideas/{idea['id']}"))["can"]
    assert ("edit" in able, "comment" in able) == (False, True)
    change = {"json": {"title": "More"}, "headers": {"If-Match": "*"}}
    await alice.refused("PATCH", f"/ideas/{idea['id']}", 409, "campaigns.editing-over", **change)


async def test_a_campaign_is_closed_with_its_report(speak: Speak, cast: Cast, database: Database) -> None:
    mia, alice, sam = speak("Mia"), speak("Alice"), speak("Sam")
    made = await announce(mia, sponsor=cast["Sam"].id)
    path = f"/campaigns/{made}"
    idea = await submit(alice, cast, made)
    await mia.refused("POST", f"{path}/closing", 409, "campaigns.still-running")
    await let_pass(database, made, 4 * DAY)
    assert (await mia.get(path))["phase"] == "results"
    await mia.refused("POST", f"{path}/closing", 409, "campaigns.report-missing")
    told = await sam.put(f"{path}/report", REPORT | {"ideas": [idea["id"]]})
    assert told["report"]["ideas"] == [{"id": idea["id"], "name": "Less water"}]
    assert (await alice.get(path))["report"] is None
    assert "close" in (await mia.get(path))["can"]
    closed = await mia.post(f"{path}/closing")
    assert (closed["state"], closed["phase"], closed["can"]) == ("closed", None, [])
    assert (await alice.get(path))["report"]["learnt_html"].startswith("<p>Water is <em>")
    await sam.refused("PUT", f"{path}/report", 409, "campaigns.closed", json=REPORT)
    await mia.refused("POST", f"{path}/closing", 409, "campaigns.closed")
    for kind in ("announced", "reported", "closed"):
        assert [each["subject"] for each in await list_events(database, f"campaigns.{kind}")] == [made]


async def test_the_permanent_box_is_not_changed(speak: Speak, cast: Cast) -> None:
    path, mia = f"/campaigns/{cast.permanent_box}", speak("Mia")
    shown = await mia.get(path)
    assert (shown["permanent"], shown["phases"], shown["can"]) == (True, [], ["submit"])
    await mia.refused(
        "PATCH", path, 409, "campaigns.permanent", json={"context": "x"}, headers={"If-Match": "*"}
    )
    await mia.refused("POST", f"{path}/closing", 409, "campaigns.permanent")
    await mia.refused("PUT", f"{path}/report", 409, "campaigns.permanent", json=REPORT)
    await mia.refused("PUT", f"{path}/correspondents", 409, "campaigns.permanent", json={"employees": []})


@pytest.mark.parametrize(
    ("changes", "status", "pointer"),
    [
        ({"time_zone": "Europe/Pari"}, 422, "/time_zone"),
        ({"sponsor": "a" * 24}, 422, "/sponsor"),
        ({"audience": {"entities": ["a" * 24]}}, 422, "/audience/entities/0"),
        ({"audience": {"entities": []}}, 422, "/audience/entities"),
        ({"phases": []}, 422, "/phases"),
        ({"phases": lay("enrich")}, 422, "/phases"),
        (
            {"phases": [{"phase": "collect", "starts": "2026-01-01T08:00Z", "ends": "x"}]},
            422,
            "/phases/0/starts",
        ),
        (
            {"phases": [{"phase": "collect", "starts": 1, "ends": "2026-01-01T08:00"}]},
            422,
            "/phases/0/starts",
        ),
        ({"phases": [{"phase": "party", "starts": "2026-01-01T08:00", "ends": "x"}]}, 422, "/phases/0/phase"),
        ({"name": "Permanent box"}, 409, "/name"),
        ({"state": "announced"}, 422, "/state"),
    ],
)
async def test_a_plan_that_is_not_right_names_its_field(
    speak: Speak, changes: dict[str, Any], status: int, pointer: str
) -> None:
    mia = speak("Mia")
    if status == 409:
        (box,) = [each for each in (await mia.get("/campaigns"))["items"] if each["permanent"]]
        changes = {"name": box["name"]}
    refused = await mia.refused("POST", "/campaigns", status, json=plan() | changes)
    assert pointer in [error["pointer"] for error in refused["errors"]]
    assert len((await mia.get("/campaigns"))["items"]) == 1


async def test_times_are_those_of_the_walls_of_the_campaign(speak: Speak) -> None:
    summer = [{"phase": "collect", "starts": "2099-07-01T08:00", "ends": "2099-07-08T18:00:30"}]
    made = await speak("Mia").post("/campaigns", plan(time_zone="Europe/Paris", phases=summer))
    (phase,) = made["phases"]
    assert phase == {
        "phase": "collect",
        "starts_at": "2099-07-01T06:00:00.000Z",
        "ends_at": "2099-07-08T16:00:30.000Z",
        "starts": "2099-07-01T08:00:00",
        "ends": "2099-07-08T18:00:30",
    }


async def test_only_what_has_not_happened_is_changed(speak: Speak, cast: Cast, database: Database) -> None:
    mia = speak("Mia")
    made = await announce(mia, "collect", "vote")
    path = f"/campaigns/{made}"
    first = await mia.request("GET", path)
    body = [{key: each[key] for key in ("phase", "starts", "ends")} for each in first.json()["phases"]]
    longer = [body[0], body[1] | {"ends": "2099-01-01T00:00:00"}]
    await mia.refused("PATCH", path, 428, json={"phases": longer})
    await mia.refused("PATCH", path, 412, json={"phases": longer}, headers={"If-Match": '"1.x"'})
    await mia.refused("PATCH", path, 422, json={}, headers={"If-Match": "*"})
    edited = await mia.request(
        "PATCH", path, json={"phases": longer}, headers={"If-Match": first.headers["etag"]}
    )
    assert edited.status_code == 200, edited.text
    assert (edited.json()["version"], edited.json()["ends_at"][:4]) == (3, "2099")
    later = [body[0] | {"starts": "2098-01-01T00:00", "ends": "2098-01-02T00:00"}, longer[1]]
    refused = await mia.refused("PATCH", path, 422, json={"phases": later}, headers={"If-Match": "*"})
    later[1] = longer[1] | {"starts": "2098-06-01T00:00:00"}
    refused = await mia.refused(
        "PATCH", path, 409, "campaigns.phase-begun", json={"phases": later}, headers={"If-Match": "*"}
    )
    assert refused["errors"][0]["pointer"] == "/phases/0/starts"
    zone = {"time_zone": "Asia/Tokyo"}
    await mia.refused("PATCH", path, 422, "campaigns.phases", json=zone, headers={"If-Match": "*"})
    fewer = await mia.request("PATCH", path, json={"phases": longer[:1]}, headers={"If-Match": "*"})
    assert [each["phase"] for each in fewer.json()["phases"]] == ["collect"]


async def test_an_audience_submits_and_others_read(speak: Speak, cast: Cast, database: Database) -> None:
    sales = cast["Carol"].entity_id
    made = await announce(speak("Mia"), audience={"entities": [sales]})
    path = f"/campaigns/{made}"
    assert [each["name"] for each in (await speak("Max").get(path))["audience"]["entities"]] == ["Sales"]
    assert ((await speak("Max").get(path))["can"], (await speak("Alice").get(path))["can"]) == (
        [],
        ["submit"],
    )
    await speak("Max").refused("POST", "/ideas", 403, "campaigns.not-addressed", json=write(cast, made))
    await speak("Max").refused(
        "POST", "/ideas", 403, "campaigns.not-addressed", json=write(cast, made, draft=True)
    )
    idea = await submit(speak("Alice"), cast, made)
    assert (await speak("Max").get(f"/ideas/{idea['id']}"))["title"] == "Less water"


async def test_an_audience_of_few_would_tell_who_wrote(speak: Speak, cast: Cast) -> None:
    mia, head = speak("Mia"), cast["Boss"].entity_id
    few = {"entities": [head]}
    made = await mia.post("/campaigns", plan(audience=few))
    refused = await mia.refused(
        "POST", f"/campaigns/{made['id']}/announcement", 422, "campaigns.audience-too-small"
    )
    assert refused["errors"][0]["pointer"] == "/audience"
    other = await announce(mia, name="Heat")
    await mia.refused(
        "PATCH",
        f"/campaigns/{other}",
        422,
        "campaigns.audience-too-small",
        json={"audience": few},
        headers={"If-Match": "*"},
    )


async def test_a_campaign_has_its_own_correspondents_and_its_sponsor_a_seat(
    speak: Speak, cast: Cast, database: Database
) -> None:
    mia, pete, max_ = speak("Mia"), cast["Pete"].id, cast["Max"].id
    made = await announce(mia, sponsor=cast["Boss"].id)
    path = f"/campaigns/{made}"
    refused = await mia.refused(
        "PUT", f"{path}/correspondents", 403, "roles.own-grant", json={"employees": [cast["Mia"].id]}
    )
    assert refused["errors"][0]["pointer"] == "/employees/0"
    await mia.refused("PUT", f"{path}/correspondents", 422, json={"employees": [max_, "a" * 24]})
    staffed = await mia.put(f"{path}/correspondents", {"employees": [max_, cast["Bob"].id]})
    assert [each["name"] for each in staffed["correspondents"]] == ["Bob", "Max"]
    # Bob is Alice's manager: he is passed over for her idea.
    idea = await submit(speak("Alice"), cast, made, function=cast.functions["Finance"])
    assert idea["holder"]["id"] == max_
    await mia.put(f"{path}/correspondents", {"employees": [pete]})
    moved = await speak("Alice").get(f"/ideas/{idea['id']}")
    assert moved["holder"]["id"] != max_
    async with database.reader() as session:
        held = await session.execute(
            select(col(RoleGrant.employee_id), col(RoleGrant.role)).where(
                col(RoleGrant.campaign_id) == made, col(RoleGrant.ended_at).is_(None)
            )
        )
        assert set(held.all()) == {(pete, "correspondent"), (cast["Boss"].id, "sponsor")}
    changed = await mia.request("PATCH", path, json={"sponsor": None}, headers={"If-Match": "*"})
    assert changed.json()["sponsor"] is None
    async with database.reader() as session:
        left = await session.scalars(
            select(RoleGrant).where(col(RoleGrant.campaign_id) == made, col(RoleGrant.ended_at).is_(None))
        )
        assert [grant.role for grant in left] == ["correspondent"]


async def test_a_report_tells_of_ideas_of_the_campaign_only(
    speak: Speak, cast: Cast, database: Database
) -> None:
    mia = speak("Mia")
    made = await announce(mia)
    other = await submit(speak("Alice"), cast, None)
    draft = await submit(speak("Alice"), cast, made, draft=True)
    for unknown in (other["id"], draft["id"], "nothing"):
        refused = await mia.refused(
            "PUT", f"/campaigns/{made}/report", 422, json=REPORT | {"ideas": [unknown]}
        )
        assert refused["errors"][0]["pointer"] == "/ideas/0"
    await mia.refused("PUT", f"/campaigns/{made}/report", 422, json=REPORT | {"others": "Too dear."})
    await speak("Alice").refused("PUT", f"/campaigns/{made}/report", 403, json=REPORT)


async def test_each_start_is_told_once(speak: Speak, cast: Cast, database: Database) -> None:
    made = await announce(speak("Mia"))
    await speak("Mia").post("/campaigns", plan(name="Still a draft"))
    now = clock.now()
    for _ in range(2):
        await phases.advance(database, now=now)
    await phases.advance(database, now=now + 2.5 * DAY)
    began = await list_events(database, "campaigns.phase-began")
    assert [(each["subject"], each["phase"]) for each in began] == [(made, kind) for kind in KINDS[:3]]
    await phases.advance(database, now=now + 20 * DAY)
    assert await phases.advance(database, now=now + 20 * DAY) == 0
    assert len(await list_events(database, "campaigns.phase-began")) == len(KINDS)


async def test_a_late_draft_says_that_it_can_not_be_submitted(
    speak: Speak, cast: Cast, database: Database
) -> None:
    alice = speak("Alice")
    made = await announce(speak("Mia"))
    draft = await submit(alice, cast, made, draft=True)
    path = f"/ideas/{draft['id']}"
    assert {"submit", "edit"} <= set(draft["can"])
    await let_pass(database, made, DAY)
    assert "submit" not in (await alice.get(path))["can"]
    await alice.refused("POST", f"{path}/submission", 409, "campaigns.collect-over")
    moved = await alice.request("PATCH", path, json={"campaign": None}, headers={"If-Match": "*"})
    assert "submit" in moved.json()["can"]
    assert (await alice.post(f"{path}/submission"))["stage"] == "submitted"
    async with database.reader() as session:
        assert (await session.get_one(Idea, draft["id"])).campaign_id == cast.permanent_box


async def test_everybody_sees_how_far_it_has_come(speak: Speak, cast: Cast) -> None:
    made = await announce(speak("Mia"))
    path = f"/campaigns/{made}"
    empty = (await speak("Max").get(path))["progress"]
    assert (empty["ideas"], empty["answered_share"], empty["people"]) == (0, None, None)
    ideas = [await submit(speak(name), cast, made) for name in ("Alice", "Alice", "Pete", "Max", "Rita")]
    await submit(speak("Olga"), cast, made, anonymous=True)
    await submit(speak("Boss"), cast, made, draft=True)
    await submit(speak("Boss"), cast, None)
    await speak("Boss").post(f"/ideas/{ideas[0]['id']}/comments", {"body": "Yes"})
    names = {cast[name].id: name for name in cast.people}
    holder = speak(names[ideas[0]["holder"]["id"]])
    await holder.post(f"/ideas/{ideas[0]['id']}/decisions", {"action": "acknowledge"})
    shown = (await speak("Max").get(path))["progress"]
    assert (shown["ideas"], shown["comments"], shown["answered"]) == (6, 1, 1)
    assert shown["answered_share"] == 0.1667
    assert {stage: number for stage, number in shown["stages"].items() if number} == {
        "submitted": 5,
        "evaluation": 1,
    }
    assert shown["people"] is None, "four people gave their names"
    await submit(speak("Carol"), cast, made)
    assert (await speak("Max").get(path))["progress"]["people"] == 5


async def test_a_name_of_an_anonymous_author_is_counted_as_any_other(speak: Speak, cast: Cast) -> None:
    """Else a name that leaves the number as it was would be that of an anonymous author."""
    made = await announce(speak("Mia"))
    for name in ("Alice", "Pete", "Max", "Rita", "Carol"):
        await submit(speak(name), cast, made)
    await submit(speak("Olga"), cast, made, anonymous=True)
    before = (await speak("Max").get(f"/campaigns/{made}"))["progress"]["people"]
    await submit(speak("Olga"), cast, made)
    after = (await speak("Max").get(f"/campaigns/{made}"))["progress"]["people"]
    assert (before, after) == (5, 6)
