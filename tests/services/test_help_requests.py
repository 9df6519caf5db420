"""Asking for help: put to one person after the other, never to the author's line, and known to the two alone."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from app.core.db import Database
from app.domain.roles import Role
from app.models.absences import Absence
from app.models.employees import Management
from app.models.events import Event
from app.models.help_requests import HelpRequest, HelpTurn
from app.models.notifications import Notification
from tests.support import world
from tests.support.client import Client
from tests.support.helping import ask, clock_day, draft, find_asked, list_told, submit, work_off
from tests.support.world import Cast

Speak = Callable[[str], Client]
LINE = ("Alice", "Bob", "Carol", "Rita")


async def test_a_facilitator_is_asked_and_accepts(speak: Speak, database: Database, cast: Cast) -> None:
    idea = await submit(speak, cast)
    made = await ask(speak, idea)
    assert (made["state"], made["helper"], made["can"]) == ("asked", None, ["withdraw"])
    await work_off(database)
    assert await list_told(database, cast, "Fay") == ["help.asked"]
    assert await list_told(database, cast, "Alice") == []
    path = f"/help-requests/{made['id']}"
    seen = await speak("Fay").get(path)
    assert seen["asker"]["name"] == "Alice"
    assert seen["helper"]["name"] == "Fay"
    assert seen["can"] == ["answer"]
    for _ in range(2):
        await speak("Fay").put(f"{path}/answer", {"accept": True})
    await work_off(database)
    assert await list_told(database, cast, "Fay") == ["(help.asked)"]
    assert await list_told(database, cast, "Alice") == ["help.answered"]
    told = (await speak("Alice").get("/me/notifications"))["items"][0]
    assert (told["help"], told["person"]["name"]) == (made["id"], "Fay")
    mine = await speak("Alice").get(path)
    assert (mine["state"], mine["helper"]["name"], mine["can"]) == (
        "helping",
        "Fay",
        ["write", "end", "thank"],
    )
    assert (await speak("Fay").get(path))["can"] == ["write", "end"]


async def test_only_the_two_know_of_it(speak: Speak, cast: Cast) -> None:
    made = await ask(speak, await submit(speak, cast))
    path = f"/help-requests/{made['id']}"
    await speak("Fay").put(f"{path}/answer", {"accept": True})
    calls: list[tuple[str, str, Any]] = [
        ("GET", "", None),
        ("GET", "/messages", None),
        ("POST", "/messages", {"body": "b"}),
        ("PUT", "/answer", {"accept": True}),
        ("PUT", "/withdrawal", None),
        ("PUT", "/end", None),
        ("PUT", "/thanks", None),
    ]
    for name in ("Adam", "Ian", "Mia", "Hana", "Walt", "Bob", "Dan", "Max"):
        for method, more, body in calls:
            await speak(name).refused(method, path + more, 404, "help-requests.not-found", json=body)
        assert (await speak(name).get("/help-requests"))["items"] == []
    for method, more, _ in calls:
        body = {"body": "b"} if method == "POST" else {"accept": False} if more == "/answer" else None
        await speak("Max").refused(
            method, "/help-requests/" + "a" * 24 + more, 404, "help-requests.not-found", json=body
        )


async def test_each_part_is_refused_to_the_other(speak: Speak, cast: Cast) -> None:
    made = await ask(speak, await submit(speak, cast))
    path = f"/help-requests/{made['id']}"
    await speak("Alice").refused(
        "PUT", f"{path}/answer", 403, "help-requests.not-for-you", json={"accept": True}
    )
    await speak("Fay").refused("PUT", f"{path}/withdrawal", 403, "help-requests.not-for-you")
    await speak("Fay").refused("PUT", f"{path}/thanks", 403, "help-requests.not-for-you")
    await speak("Alice").refused("PUT", f"{path}/thanks", 409, "help-requests.not-helping")
    for name in ("Alice", "Fay"):
        await speak(name).refused(
            "POST", f"{path}/messages", 409, "help-requests.not-helping", json={"body": "b"}
        )
        await speak(name).refused("PUT", f"{path}/end", 409, "help-requests.not-helping")
    await speak("Fay").put(f"{path}/answer", {"accept": True})
    await speak("Alice").refused("PUT", f"{path}/withdrawal", 409, "help-requests.not-waiting")
    await speak("Fay").refused(
        "PUT", f"{path}/answer", 409, "help-requests.not-waiting", json={"accept": False}
    )


async def test_who_asks_must_write_the_idea_and_has_one_request_at_a_time(speak: Speak, cast: Cast) -> None:
    idea = await submit(speak, cast)
    body = {"text": "Comment chiffrer ?", "wants": "facilitator"}
    await speak("Max").refused("POST", f"/ideas/{idea}/help-requests", 403, "ideas.not-author", json=body)
    made = await ask(speak, idea)
    await speak("Alice").refused(
        "POST", f"/ideas/{idea}/help-requests", 409, "help-requests.already-open", json=body
    )
    for _ in range(2):
        gone = await speak("Alice").put(f"/help-requests/{made['id']}/withdrawal")
        assert (gone["state"], gone["can"]) == ("withdrawn", [])
    await speak("Fay").refused("GET", f"/help-requests/{made['id']}", 404)
    await speak("Alice").post(f"/ideas/{idea}/withdrawal")
    await speak("Alice").refused(
        "POST", f"/ideas/{idea}/help-requests", 409, "help-requests.closed", json=body
    )


@pytest.mark.parametrize("wants", ["facilitator", "idea_developer", "anyone"])
async def test_nobody_of_the_line_is_ever_asked(
    speak: Speak, database: Database, cast: Cast, wants: str
) -> None:
    async with database.writer() as session:
        for name in LINE:
            for role in (Role.FACILITATOR, Role.IDEA_DEVELOPER):
                await world.grant(session, cast[name], role)
    for name in LINE:
        await speak(name).put("/me/skills", {"skills": ["excel"]})
    made = await ask(speak, await submit(speak, cast), wants=wants, skills=["excel"])
    asked = []
    while (helper := await find_asked(database, cast, made["id"])) is not None:
        asked.append(helper)
        await speak(helper).put(f"/help-requests/{made['id']}/answer", {"accept": False})
    assert set(asked) == {"facilitator": {"Fay"}, "idea_developer": {"Dev"}, "anyone": {"Fay", "Dev"}}[wants]
    assert len(asked) == len(set(asked))
    assert (await speak("Alice").get(f"/help-requests/{made['id']}"))["state"] == "unmatched"
    await work_off(database)
    assert await list_told(database, cast, "Alice") == ["help.answered"]


async def test_skills_come_before_load_and_who_is_away_or_busy_is_spared(
    speak: Speak, database: Database, cast: Cast
) -> None:
    await speak("Max").put("/me/skills", {"skills": ["Excel ", "  macros"], "capacity": 1})
    await speak("Pete").put("/me/skills", {"skills": ["excel"]})
    first = await ask(speak, await submit(speak, cast), wants="anyone", skills=["EXCEL", "Macros"])
    assert first["skills"] == ["excel", "macros"]
    assert await find_asked(database, cast, first["id"]) == "Max"
    second = await ask(speak, await submit(speak, cast), wants="anyone", skills=["excel", "macros"])
    assert await find_asked(database, cast, second["id"]) == "Pete"
    async with database.writer() as session:
        days = {"first_day": clock_day(-1), "last_day": clock_day(1)}
        session.add(Absence(employee_id=cast["Pete"].id, updated_at=world.START, **days))
    third = await ask(speak, await submit(speak, cast), wants="anyone", skills=["excel", "macros"])
    assert await find_asked(database, cast, third["id"]) in ("Fay", "Dev")


async def test_without_skills_the_tags_say_what_it_is_about(
    speak: Speak, database: Database, cast: Cast
) -> None:
    await speak("Max").put("/me/skills", {"skills": ["énergie"]})
    idea = await submit(speak, cast, tags=["Énergie"])
    assert await find_asked(database, cast, (await ask(speak, idea, wants="anyone"))["id"]) == "Max"


async def test_a_holder_is_not_asked_and_a_helper_who_comes_to_hold_it_stops(
    speak: Speak, database: Database, cast: Cast
) -> None:
    idea = await submit(speak, cast)
    held = await _holder(speak, idea)
    holder = next(name for name, person in cast.people.items() if person.id == held)
    await speak(holder).put("/me/skills", {"skills": ["excel"]})
    other = "Dora" if holder == "Dan" else "Dan"
    await speak(other).put("/me/skills", {"skills": ["excel"]})
    made = await ask(speak, idea, wants="anyone", skills=["excel"])
    assert await find_asked(database, cast, made["id"]) == other
    await speak(other).put(f"/help-requests/{made['id']}/answer", {"accept": True})
    await speak(holder).put(f"/ideas/{idea}/conflict")
    assert await _holder(speak, idea) == cast[other].id
    await work_off(database)
    assert (await speak("Alice").get(f"/help-requests/{made['id']}"))["state"] == "ended"


async def _holder(speak: Speak, idea: str) -> str:
    return str((await speak("Alice").get(f"/ideas/{idea}"))["holder"]["id"])


async def test_a_draft_opens_when_help_is_accepted_and_closes_when_it_ends(
    speak: Speak, database: Database, cast: Cast
) -> None:
    idea = await draft(speak, cast)
    made = await ask(speak, idea)
    path = f"/help-requests/{made['id']}"
    fay = speak("Fay")
    await work_off(database)
    asked = await fay.get(path)
    assert asked["idea"] == {"id": idea, "title": None, "stage": "draft"}
    told = (await fay.get("/me/notifications"))["items"][0]
    assert (told["kind"], told["idea"]["title"]) == ("help.asked", None)
    assert (await fay.get("/me"))["unread"] == 1
    doors = (
        f"/ideas/{idea}",
        f"/ideas/{idea}/comments",
        f"/ideas/{idea}/authors",
        f"/ideas/{idea}/itinerary",
    )
    for door in doors:
        await fay.refused("GET", door, 404, "ideas.unknown")
    await fay.put(f"{path}/answer", {"accept": True})
    for door in doors:
        await fay.get(door)
    assert (await fay.get(f"/ideas/{idea}"))["can"] == []
    await fay.refused("POST", f"/ideas/{idea}/comments", 409, "comments.closed", json={"body": "b"})
    await fay.refused("PATCH", f"/ideas/{idea}", 403, json={"title": "Other"}, headers={"If-Match": "*"})
    assert (await fay.get(path))["idea"]["title"] == "Éteindre"
    assert (await fay.get("/me/notifications"))["items"][0]["idea"]["title"] == "Éteindre"
    for name in ("Adam", "Max", "Bob", "Dev"):
        for door in doors:
            await speak(name).refused("GET", door, 404, "ideas.unknown")
    await fay.put(f"{path}/end")
    for door in doors:
        await fay.refused("GET", door, 404, "ideas.unknown")
    assert (await fay.get(path))["idea"]["title"] is None
    assert (await fay.get("/ideas?mine=true"))["items"] == []


async def test_a_helper_who_comes_into_the_line_sees_the_draft_no_more(
    speak: Speak, database: Database, cast: Cast
) -> None:
    idea = await draft(speak, cast)
    made = await ask(speak, idea)
    await speak("Fay").put(f"/help-requests/{made['id']}/answer", {"accept": True})
    await speak("Fay").get(f"/ideas/{idea}")
    async with database.writer() as session:
        await session.execute(
            update(Management)
            .where(col(Management.employee_id) == cast["Alice"].id)
            .values(manager_id=cast["Fay"].id)
        )
    await speak("Fay").refused("GET", f"/ideas/{idea}", 404, "ideas.unknown")
    assert (await speak("Fay").get(f"/help-requests/{made['id']}"))["idea"]["title"] is None


async def test_the_author_of_an_anonymous_idea_has_no_name(
    speak: Speak, database: Database, cast: Cast
) -> None:
    idea = await submit(speak, cast, anonymous=True)
    made = await ask(speak, idea)
    path = f"/help-requests/{made['id']}"
    await work_off(database)
    await speak("Fay").put(f"{path}/answer", {"accept": True})
    await speak("Alice").post(f"{path}/messages", {"body": "Merci"})
    await speak("Fay").post(f"{path}/messages", {"body": "Volontiers"})
    await speak("Alice").put(f"{path}/thanks")
    await work_off(database)
    addresses = (
        path,
        f"{path}/messages",
        "/help-requests",
        "/me/notifications",
        "/me/points",
        f"/ideas/{idea}",
    )
    for address in addresses:
        answer = await speak("Fay").request("GET", address)
        assert answer.status_code == 200
        assert "Alice" not in answer.text
        assert cast["Alice"].id not in answer.text
    said = (await speak("Fay").get(f"{path}/messages"))["items"]
    assert [(each["by"], each["author"] is None) for each in said] == [("asker", True), ("helper", False)]
    async with database.reader() as session:
        events = await session.scalars(select(Event).where(col(Event.kind).like("help.%")))
        assert {event.actor_id for event in events} == {None, cast["Fay"].id}
        told = await session.scalars(
            select(Notification).where(col(Notification.employee_id) == cast["Fay"].id)
        )
        assert not any(cast["Alice"].id in str(row.facts) for row in told)


async def test_a_draft_that_becomes_anonymous_forgets_who_asked(
    speak: Speak, database: Database, cast: Cast
) -> None:
    idea = await draft(speak, cast)
    made = await ask(speak, idea)
    await speak("Fay").put(f"/help-requests/{made['id']}/answer", {"accept": True})
    await work_off(database)
    changed = await speak("Alice").request(
        "PATCH", f"/ideas/{idea}", json={"anonymous": True}, headers={"If-Match": "*"}
    )
    assert changed.status_code == 200
    await work_off(database)
    answer = await speak("Fay").request("GET", f"/help-requests/{made['id']}")
    assert answer.json()["state"] == "ended"
    assert cast["Alice"].id not in answer.text
    assert cast["Alice"].id not in (await speak("Fay").request("GET", "/me/notifications")).text
    async with database.reader() as session:
        named = await session.scalars(
            select(Event).where(col(Event.subject) == made["id"], col(Event.actor_id) == cast["Alice"].id)
        )
        assert named.all() == []


async def test_lists_are_read_by_part_state_and_page(speak: Speak, cast: Cast) -> None:
    ideas = [await submit(speak, cast) for _ in range(3)]
    made = [await ask(speak, idea) for idea in ideas]
    own = [each["id"] for each in reversed(made)]
    first = await speak("Alice").get("/help-requests?asker=me&limit=2")
    second = await speak("Alice").get(f"/help-requests?asker=me&limit=2&cursor={first['next_cursor']}")
    assert [each["id"] for each in first["items"] + second["items"]] == own
    assert second["next_cursor"] is None
    assert (await speak("Alice").get("/help-requests?assignee=me"))["items"] == []
    await speak("Fay").put(f"/help-requests/{own[0]}/answer", {"accept": True})
    found = (await speak("Fay").get("/help-requests?assignee=me&state=helping"))["items"]
    assert [each["id"] for each in found] == own[:1]
    assert len((await speak("Fay").get("/help-requests"))["items"]) == 3


async def test_nobody_is_asked_twice_about_an_idea_within_a_month(
    speak: Speak, database: Database, cast: Cast
) -> None:
    idea = await submit(speak, cast)
    first = await ask(speak, idea, wants="anyone")
    asked = await find_asked(database, cast, first["id"])
    await speak("Alice").put(f"/help-requests/{first['id']}/withdrawal")
    second = await ask(speak, idea, wants="anyone")
    assert {asked, await find_asked(database, cast, second["id"])} == {"Fay", "Dev"}
    async with database.reader() as session:
        turns = (await session.scalars(select(HelpTurn))).all()
        assert {turn.request_id for turn in turns} == {first["id"], second["id"]}
        assert len((await session.scalars(select(HelpRequest))).all()) == 2
