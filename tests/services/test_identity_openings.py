"""An identity is opened by two people of different roles, neither of them close to the idea, and never silently."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.core import clock
from app.core.db import Database
from app.domain.roles import Role
from app.jobs.drain import drain
from app.models.identity_openings import IdentityOpening
from app.models.notifications import Notification
from app.models.register import RegisterEntry
from app.services import identity_openings
from tests.support import world
from tests.support.client import Client
from tests.support.world import Cast

Speak = Callable[[str], Client]
REASON = "Cette idée menace une collègue, nommée au deuxième paragraphe."
NO = "Ce n’est pas une menace."


async def write(speak: Speak, cast: Cast, name: str = "Alice", **changes: Any) -> str:
    """Submit an anonymous idea; returns where it is asked for."""
    body = {"title": "Sans nom", "problem": "p", "solution": "s", "theme": cast.themes["brand"]}
    made = await speak(name).post("/ideas", body | {"anonymous": True} | changes)
    return f"/ideas/{made['id']}/identity-openings"


async def ask(speak: Speak, cast: Cast, name: str = "Mia", author: str = "Alice") -> tuple[str, str]:
    """Ask for an identity; returns the address of the request, and who was drawn."""
    path = await write(speak, cast, author)
    opening = await speak(name).post(path, {"reason": REASON})
    own = f"/identity-openings/{opening['id']}"
    for second in ("Hana", "Walt"):
        if (await speak(second).request("GET", own)).is_success:
            return own, second
    return own, ""


async def read(database: Database, table: Any) -> list[Any]:
    order = table.position if table is RegisterEntry else table.id
    async with database.reader() as session:
        return list(await session.scalars(select(table).order_by(col(order))))


async def test_the_two_see_the_name_for_a_week_and_nobody_else(
    speak: Speak, cast: Cast, database: Database
) -> None:
    own, second = await ask(speak, cast)
    asked = await speak("Mia").get(own)
    assert (asked["state"], asked["authors"], asked["second"], asked["can"]) == (
        "asked",
        None,
        None,
        ["withdraw"],
    )
    assert (await speak(second).get(own))["can"] == ["approve", "refuse"]
    await speak(second).post(f"{own}/approval")
    for name in ("Mia", second):
        shown = await speak(name).get(own)
        assert [each["name"] for each in shown["authors"]] == ["Alice"]
        assert shown["state"] == "opened"
    for name in ("Alice", "Adam", "Ian", "Max"):
        await speak(name).refused("GET", own, 404, "identity-openings.unknown")
    assert (await speak("Mia").get("/identity-openings"))["items"][0]["authors"]
    assert (await speak("Adam").get("/identity-openings"))["items"] == []
    async with database.writer() as session:
        opening = (await session.scalars(select(IdentityOpening))).one()
        opening.shown_until = clock.now()
    assert (await speak("Mia").get(own))["authors"] is None


async def test_the_author_is_told_at_once_and_the_register_does_not_say_who(
    speak: Speak, cast: Cast, database: Database
) -> None:
    own, second = await ask(speak, cast)
    await speak(second).post(f"{own}/approval")
    while await drain(database, now=clock.now()):
        pass
    told = {(each.employee_id, each.kind) for each in await read(database, Notification)}
    assert (cast["Alice"].id, "identities.opened") in told
    assert (cast[second].id, "identities.asked") in told
    assert (cast["Mia"].id, "identities.answered") in told
    entries = await read(database, RegisterEntry)
    assert [each.act for each in entries] == ["identity-openings.asked", "identity-openings.opened"]
    assert all(cast["Alice"].id not in str(each.model_dump()) for each in entries)
    page = (await speak("Walt").request("GET", "/register.html")).text
    assert "Alice" not in page
    assert "deuxième paragraphe" in page


@pytest.mark.parametrize("name", ["Max", "Ian", "Hana", "Walt", "Dan"])
async def test_only_moderators_and_admins_ask(speak: Speak, cast: Cast, name: str) -> None:
    path = await write(speak, cast)
    await speak(name).refused("POST", path, 403, "permissions.role-missing", json={"reason": REASON})


async def test_a_reason_is_needed_and_an_anonymous_idea(speak: Speak, cast: Cast) -> None:
    path = await write(speak, cast)
    await speak("Mia").refused("POST", path, 422, json={"reason": "Pour voir."})
    named = await write(speak, cast, anonymous=False)
    await speak("Mia").refused("POST", named, 409, "identity-openings.not-anonymous", json={"reason": REASON})
    own = await write(speak, cast, "Mia")
    await speak("Mia").refused("POST", own, 403, "identity-openings.own-idea", json={"reason": REASON})


async def test_somebody_of_the_line_asks_like_everybody_and_is_never_answered(
    speak: Speak, cast: Cast, database: Database
) -> None:
    async with database.writer() as session:
        await world.grant(session, cast["Bob"], Role.COMMUNITY_MANAGER)
    far, second = await ask(speak, cast)
    assert second
    path = (await speak("Mia").get(far))["idea"]["id"]
    near = await speak("Bob").post(f"/ideas/{path}/identity-openings", {"reason": REASON})
    other = await speak("Mia").get(far)
    same = ("state", "reason", "refusal", "second", "ended_at", "authors", "can")
    assert {name: near[name] for name in same} == {name: other[name] for name in same}
    for name in ("Hana", "Walt"):
        await speak(name).refused("GET", f"/identity-openings/{near['id']}", 404)


async def test_nobody_of_the_line_is_drawn(speak: Speak, cast: Cast, database: Database) -> None:
    async with database.writer() as session:
        for name in ("Bob", "Carol", "Rita"):
            await world.grant(session, cast[name], Role.HR)
    for _ in range(6):
        _, second = await ask(speak, cast)
        assert second in {"Hana", "Walt"}


async def test_who_did_not_agree_is_passed_over_the_next_time(speak: Speak, cast: Cast) -> None:
    own, first = await ask(speak, cast)
    await speak(first).post(f"{own}/refusal", {"text": NO})
    refused = await speak("Mia").get(own)
    assert (refused["state"], refused["refusal"], refused["second"]["name"]) == ("refused", NO, first)
    again = await speak("Mia").post(f"/ideas/{refused['idea']['id']}/identity-openings", {"reason": REASON})
    await speak(first).refused("GET", f"/identity-openings/{again['id']}", 404)


async def test_each_of_the_two_has_their_own_part(speak: Speak, cast: Cast) -> None:
    own, second = await ask(speak, cast)
    await speak("Mia").refused("POST", f"{own}/approval", 403, "identity-openings.others-answer")
    await speak(second).refused("POST", f"{own}/withdrawal", 403, "identity-openings.others-answer")
    await speak("Mia").post(f"{own}/withdrawal")
    await speak(second).refused("POST", f"{own}/approval", 409, "identity-openings.over")
    assert (await speak(second).get(own))["authors"] is None


async def test_one_request_of_a_person_waits_at_a_time(speak: Speak, cast: Cast) -> None:
    own, _ = await ask(speak, cast)
    path = f"/ideas/{(await speak('Mia').get(own))['idea']['id']}/identity-openings"
    await speak("Mia").refused("POST", path, 409, "identity-openings.asked-already", json={"reason": REASON})
    await speak("Adam").post(path, {"reason": REASON})


async def test_without_an_answer_it_ends(speak: Speak, cast: Cast, database: Database) -> None:
    own, second = await ask(speak, cast)
    later = clock.now() + timedelta(days=7, minutes=1)
    async with database.writer() as session:
        await identity_openings.expire(session, now=later)
    assert (await speak("Mia").get(own))["state"] == "expired"
    assert [each.state for each in await read(database, IdentityOpening)] == ["expired"]
    assert [each.facts.get("state") for each in await read(database, RegisterEntry)] == [None, "expired"]
    await speak(second).refused("POST", f"{own}/approval", 409, "identity-openings.over")


async def test_of_two_answers_at_once_one_counts(speak: Speak, cast: Cast, database: Database) -> None:
    for _ in range(5):
        own, second = await ask(speak, cast)
        answers = await asyncio.gather(
            speak(second).request("POST", f"{own}/approval"),
            speak(second).request("POST", f"{own}/refusal", json={"text": NO}),
            speak("Mia").request("POST", f"{own}/withdrawal"),
        )
        assert sorted(each.status_code for each in answers) == [201, 409, 409]
    ended = select(col(RegisterEntry.act)).where(col(RegisterEntry.act) != "identity-openings.asked")
    async with database.reader() as session:
        assert len((await session.scalars(ended)).all()) == 5


async def test_an_idea_that_is_signed_meanwhile_needs_no_opening(speak: Speak, cast: Cast) -> None:
    own, second = await ask(speak, cast)
    idea = f"/ideas/{(await speak('Mia').get(own))['idea']['id']}"
    signed = await speak("Alice").request("PATCH", idea, json={"anonymous": False}, headers={"If-Match": "*"})
    assert signed.is_success
    await speak(second).refused("POST", f"{own}/approval", 409, "identity-openings.not-anonymous")
