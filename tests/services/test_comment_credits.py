"""An author says that a comment changed the idea: shown to all, kept pages and ETags included, naming nobody."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.core.db import Database
from app.models.events import Event
from app.models.rewards import PointEntry
from tests.support.client import Client
from tests.support.helping import submit, work_off
from tests.support.statements import counted
from tests.support.world import Cast

Speak = Callable[[str], Client]
ATTEMPTS = 10
"""On PostgreSQL whatever else writes on the server has a kept page read again: the quickest answer counts."""


@pytest.mark.parametrize("anonymous", [False, True])
async def test_a_credit_is_shown_to_everybody_until_it_is_taken_back(
    speak: Speak, database: Database, cast: Cast, *, anonymous: bool
) -> None:
    idea = await submit(speak, cast, anonymous=anonymous)
    page = f"/ideas/{idea}/comments"
    said = await speak("Max").post(page, {"body": "Et la nuit ?"})
    reply = await speak("Pete").post(page, {"body": "Le jour aussi", "reply_to": said["id"]})
    for each in (said, reply):
        assert each["credited"] is False
    before = {name: await speak(name).request("GET", page) for name in ("Eve", "Alice", "Max")}
    seen = before["Alice"].json()["items"][0]
    assert (seen["can"], seen["replies"][0]["can"]) == (["credit"], ["credit"])
    for _ in range(2):
        credited = await speak("Alice").put(f"/comments/{said['id']}/credit")
        assert (credited["credited"], credited["can"]) == (True, ["take_credit"])
    for name, old in before.items():
        answer = await speak(name).request("GET", page, headers={"If-None-Match": old.headers["etag"]})
        assert answer.status_code == 200
        [thread] = answer.json()["items"]
        assert (thread["credited"], thread["replies"][0]["credited"]) == (True, False)
        assert thread["version"] == said["version"]
    answer = await speak("Alice").request("DELETE", f"/comments/{said['id']}/credit")
    assert answer.status_code == 204
    assert (await speak("Eve").get(page))["items"][0]["credited"] is False
    await speak("Alice").request("DELETE", f"/comments/{said['id']}/credit")
    await work_off(database)
    async with database.reader() as session:
        found = await session.scalars(
            select(Event).where(col(Event.kind).like("comments.%credited")).order_by(col(Event.sequence))
        )
        events = [(event.kind, event.actor_id) for event in found]
        alice = None if anonymous else cast["Alice"].id
        assert events == [("comments.credited", alice), ("comments.uncredited", alice)]
        points = await session.scalars(
            select(PointEntry).where(col(PointEntry.employee_id) == cast["Max"].id)
        )
        assert [entry.rule for entry in points] == ["comment"]


async def test_nobody_else_credits_and_no_author_is_credited(speak: Speak, cast: Cast) -> None:
    idea = await submit(speak, cast, anonymous=True)
    said = await speak("Max").post(f"/ideas/{idea}/comments", {"body": "Oui"})
    own = await speak("Alice").post(f"/ideas/{idea}/comments", {"body": "Merci"})
    for comment in (said, own):
        for name in ("Max", "Bob", "Adam", "Pete"):
            for method in ("PUT", "DELETE"):
                await speak(name).refused(
                    method, f"/comments/{comment['id']}/credit", 403, "ideas.not-author"
                )
    await speak("Alice").refused("PUT", f"/comments/{own['id']}/credit", 403, "comment-credits.own-comment")
    await speak("Max").request("DELETE", f"/comments/{said['id']}", headers={"If-Match": "*"})
    await speak("Alice").refused("PUT", f"/comments/{said['id']}/credit", 409, "comments.deleted")
    for unknown in ("a" * 24, "nothing"):
        await speak("Alice").refused("PUT", f"/comments/{unknown}/credit", 404, "comments.unknown")


async def test_who_is_an_author_costs_no_statement(speak: Speak, database: Database, cast: Cast) -> None:
    idea = await submit(speak, cast)
    await speak("Max").post(f"/ideas/{idea}/comments", {"body": "Oui"})
    costs: dict[str, set[int]] = {"Eve": set(), "Alice": set()}
    for _ in range(ATTEMPTS):
        for name, seen in costs.items():
            with counted(database) as asked:
                await speak(name).get(f"/ideas/{idea}/comments")
            seen.add(len(asked))
    assert min(costs["Alice"]) == min(costs["Eve"])
