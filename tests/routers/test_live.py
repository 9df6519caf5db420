"""Listening: who hears what, resuming, and when a connection ends."""

import asyncio
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI

from app.core import clock
from app.core.config import Settings
from app.core.db import Database
from app.core.live import AT_STOP, MOST_PENDING
from app.jobs.drain import drain
from app.models.employees import Employee
from app.routers import live
from app.services import departures, votes
from app.services.authentication import DEVELOPMENT_SESSION
from app.services.listeners import MOST_OF_ONE
from app.services.live import MOST_MISSED
from tests.support import accounts
from tests.support.client import Client
from tests.support.listening import Ear, listening
from tests.support.statements import counted
from tests.support.world import Cast

Speak = Callable[[str], Client]
IDEA: dict[str, Any] = {"title": "An idea", "problem": "p", "solution": "s"}
READY = "id: "
"""What stands in the first frame that was read from the database."""


def issue(app: FastAPI, person: Employee) -> str:
    token: str = app.state.wiring.signer.issue(person.id, DEVELOPMENT_SESSION, now=clock.now())
    return token


async def submit(speak: Speak, cast: Cast, name: str = "Alice", **more: Any) -> str:
    made = await speak(name).post("/ideas", {**IDEA, "theme": cast.themes["brand"], **more})
    found: str = made["id"]
    return found


async def test_a_connection_begins_with_the_ideas_in_view(app: FastAPI, cast: Cast, speak: Speak) -> None:
    idea_id = await submit(speak, cast)
    draft = await submit(speak, cast, draft=True)
    async with listening(app, issue(app, cast["Max"]), f"ideas={idea_id}%2C{draft},{'a' * 24}") as ear:
        text = await ear.until("event: idea")
        assert ear.status == 200
        assert ear.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert ear.headers["cache-control"] == "no-store"
        assert text.startswith("retry: 2000\n\n")
        assert [event["data"] for event in ear.events] == [
            f'{{"idea":"{idea_id}","votes":0,"votes_hidden":false,"comments":0,"stage":"submitted"}}'
        ]


async def test_counters_are_told_to_those_who_look_at_the_idea(
    app: FastAPI, cast: Cast, speak: Speak
) -> None:
    seen, other = [await submit(speak, cast) for _ in range(2)]
    async with listening(app, issue(app, cast["Max"]), f"ideas={seen}") as ear:
        await ear.until('"votes":0')
        await speak("Eve").put(f"/ideas/{other}/vote")
        await speak("Eve").put(f"/ideas/{seen}/vote")
        await ear.until('"votes":1,"votes_hidden":false,"comments":0')
        await speak("Eve").post(f"/ideas/{seen}/comments", {"body": "Yes"})
        text = await ear.until('"votes":1,"votes_hidden":false,"comments":1')
        await speak("Alice").request("PUT", f"/ideas/{seen}/vote")
        assert other not in text
        assert cast["Eve"].id not in text


async def test_a_draft_is_told_to_nobody_until_it_is_submitted(
    app: FastAPI, cast: Cast, speak: Speak
) -> None:
    draft = await submit(speak, cast, draft=True)
    seen = await submit(speak, cast)
    async with listening(app, issue(app, cast["Max"]), f"ideas={draft},{seen}") as ear:
        await ear.until(seen)
        answer = await speak("Alice").request("POST", f"/ideas/{draft}/submission")
        assert answer.status_code in (200, 201), answer.text
        text = await ear.until(draft)
        assert f'"idea":"{draft}","votes":0,"votes_hidden":false,"comments":0,"stage":"submitted"' in text
        assert '"stage":"draft"' not in text


async def test_a_reviewer_hears_of_the_queue_and_of_the_notification(
    app: FastAPI, cast: Cast, speak: Speak, database: Database
) -> None:
    first = await submit(speak, cast, function=cast.functions["IT"])
    holder = (await speak("Max").get(f"/ideas/{first}"))["holder"]["id"]
    person = next(person for person in cast.people.values() if person.id == holder)
    await drain(database, now=clock.now())
    async with listening(app, issue(app, person)) as ear, listening(app, issue(app, cast["Rita"])) as rita:
        for one in (ear, rita):
            await one.until(READY)
        second = await submit(speak, cast, function=cast.functions["IT"])
        held = (await speak("Max").get(f"/ideas/{second}"))["holder"]["id"]
        assert held == holder
        await ear.until("event: queue")
        assert "notification" not in ear.names()
        await drain(database, now=clock.now())
        await ear.until("event: notification")
        told = next(event for event in ear.events if event["event"] == "notification")
        assert f'"kind":"reviews.assigned","idea":"{second}"' in told["data"]
        assert int(told["id"]) > 1
        assert first not in ear.text
        assert rita.names() == []


async def listen_once(app: FastAPI, person: Employee, query: str = "", **headers: str) -> Ear:
    async with listening(app, issue(app, person), query, **headers) as ear:
        await ear.until("\n\nevent: " if headers or query else READY)
    return ear


async def test_what_was_missed_is_made_good(
    app: FastAPI, cast: Cast, speak: Speak, database: Database
) -> None:
    idea_id = await submit(speak, cast)
    await drain(database, now=clock.now())
    before = await listen_once(app, cast["Alice"])
    position = int(before.text.split(READY)[1].split("\n")[0])
    for body in ("One", "Two"):
        await speak("Eve").post(f"/ideas/{idea_id}/comments", {"body": body})
    await drain(database, now=clock.now())
    by_header = await listen_once(app, cast["Alice"], Last_Event_ID=str(position))
    by_query = await listen_once(app, cast["Alice"], f"last_event_id={position}")
    assert by_header.names() == by_query.names() == ["notification", "notification"]
    assert by_header.events == by_query.events
    last = int(by_header.events[0]["id"])
    again = await listen_once(app, cast["Alice"], f"last_event_id={last}")
    assert again.events == by_header.events[1:]
    odd = await listen_once(app, cast["Alice"])
    assert odd.names() == []


async def test_a_herd_that_missed_nothing_costs_one_statement_for_all(
    app: FastAPI, cast: Cast, speak: Speak, database: Database
) -> None:
    path = f"/ideas/{await submit(speak, cast)}"
    await speak("Max").post(f"{path}/comments", {"body": "Yes"})
    await drain(database, now=clock.now())
    names = ("Max", "Eve", "Rita", "Pete", "Alice")
    asked: list[str] = []
    async with AsyncExitStack() as herd:
        with counted(database) as statements:
            ears = [
                await herd.enter_async_context(listening(app, issue(app, cast[name]), "last_event_id=0"))
                for name in names
            ]
            for ear in ears:
                await ear.until(READY)
            asked += [each for each in statements if "inbox" in each and "employee_id =" in each]
    told = [ear for ear in ears if ear.names()]
    assert ears[-1] in told
    assert len([each for each in asked if "DISTINCT" not in each]) == len(told) < len(ears)


def test_those_who_are_many_come_back_one_after_the_other() -> None:
    def read(listeners: int) -> list[int]:
        frames = [live.write_first(listeners) for _ in range(300)]
        return sorted(int(frame.removeprefix(b"retry: ").strip()) for frame in frames)

    assert max(read(1)) <= live.RETRY_MS + 1
    times = read(10_000)
    assert times[0] >= live.RETRY_MS
    assert times[-1] <= live.RETRY_MS + 10_000
    assert times[150] > live.RETRY_MS + 3_000, "half of them come in the second half of the time"


@pytest.mark.parametrize(("missed", "told"), [(MOST_MISSED, MOST_MISSED), (MOST_MISSED + 1, 1)])
async def test_who_missed_too_much_is_told_to_ask_for_the_list(
    app: FastAPI, cast: Cast, speak: Speak, database: Database, missed: int, told: int
) -> None:
    idea_id = await submit(speak, cast)
    for number in range(missed):
        await speak("Eve").post(f"/ideas/{idea_id}/comments", {"body": f"{number}"})
    await drain(database, now=clock.now())
    ear = await listen_once(app, cast["Alice"], "last_event_id=0")
    assert len(ear.events) == told
    assert ("missed" in ear.names()) is (missed > MOST_MISSED)


async def test_a_revoked_session_hears_nothing_more(app: FastAPI, cast: Cast, speak: Speak) -> None:
    await accounts.give_password(app, cast["Max"])
    client = speak("")
    tokens = await accounts.sign_in(client, cast["Max"])
    other = issue(app, cast["Max"])
    async with (
        listening(app, tokens["access_token"]) as ear,
        listening(app, other) as stays,
    ):
        for one in (ear, stays):
            await one.until(READY)
        answer = await client.request("DELETE", "/auth/sessions/current")
        assert answer.status_code == 204, answer.text
        await ear.over()
        assert not stays.ended


async def test_who_leaves_the_company_hears_nothing_more(app: FastAPI, cast: Cast, speak: Speak) -> None:
    async with listening(app, issue(app, cast["Max"])) as ear:
        await ear.until(READY)
        await speak("Adam").post(f"/employees/{cast['Max'].id}/deactivation")
        await ear.over()


async def test_what_another_process_commits_is_heard_within_a_second(
    app: FastAPI, cast: Cast, speak: Speak, settings: Settings
) -> None:
    """Without a notice: the connections look twice a second by themselves."""
    idea_id, other = await submit(speak, cast), Database(settings)
    async with listening(app, issue(app, cast["Max"]), f"ideas={idea_id}") as ear:
        await ear.until('"votes":0')
        async with asyncio.timeout(1), other.writer() as session:
            rita = await cast.actor(session, "Rita")
            await votes.cast(session, rita, idea_id, now=clock.now())
        await ear.until('"votes":1')
        began = time.monotonic()
        async with other.writer() as session:
            await departures.leave(session, [cast["Max"].id], actor_id=None, now=clock.now())
        await ear.over()
        assert time.monotonic() - began < 1
    await other.close()


async def test_a_sign_in_that_ended_a_moment_ago_is_found_out(
    app: FastAPI, cast: Cast, speak: Speak, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process may trust what it remembers for half a second, and never see the event again."""

    async def trust(*_: Any, **__: Any) -> Any:
        return actor

    token = issue(app, cast["Max"])
    wiring = app.state.wiring
    actor = await wiring.authenticator.authenticate(token, clock.now())
    async with listening(app, issue(app, cast["Rita"])) as rita:
        await rita.until(READY)
        await speak("Adam").post(f"/employees/{cast['Max'].id}/deactivation")
        async with listening(app, token) as late:
            assert late.status == 401
        monkeypatch.setattr(wiring.authenticator, "authenticate", trust)
        async with listening(app, token) as late:
            assert late.status == 200
            await late.over()
        assert not rita.ended


async def test_a_connection_ends_with_its_time_its_token_and_the_server(app: FastAPI, cast: Cast) -> None:
    async with listening(app, issue(app, cast["Max"]), "seconds=0") as ear:
        await ear.over()
    old = app.state.wiring.signer.issue(
        cast["Max"].id, DEVELOPMENT_SESSION, now=clock.now() - timedelta(seconds=599.8)
    )
    async with listening(app, old) as ear:
        await ear.over()
    async with listening(app, issue(app, cast["Max"])) as ear:
        await ear.until(READY)
        ear.state[AT_STOP]()
        await ear.over()
    assert app.state.wiring.live.listeners.count == 0


async def test_a_deaf_client_is_cut_and_others_hear(app: FastAPI, cast: Cast, speak: Speak) -> None:
    listeners = app.state.wiring.live.listeners
    async with (
        listening(app, issue(app, cast["Max"])) as deaf,
        listening(app, issue(app, cast["Eve"])) as eve,
    ):
        for one in (deaf, eve):
            await one.until(READY)
        deaf.hears.clear()
        (held,) = listeners.people.get(cast["Max"].id)
        (other,) = listeners.people.get(cast["Eve"].id)
        for number in range(MOST_PENDING + 2):
            held.say(b"data: %d\n\n" % number)
        other.say(b"event: seen\ndata: 1\n\n")
        await eve.until("seen")
        assert held.ended
        deaf.hears.set()
        await deaf.over()


async def test_there_is_room_for_so_many(app: FastAPI, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    listeners, token = app.state.wiring.live.listeners, issue(app, cast["Max"])
    monkeypatch.setattr(listeners, "_most", 0)
    async with listening(app, token) as ear:
        assert (ear.status, '"live.no-room"' in ear.text) == (503, True)
    monkeypatch.undo()
    monkeypatch.setattr("app.services.listeners.MOST_OF_ONE", 1)
    assert MOST_OF_ONE > 6
    async with listening(app, token), listening(app, token) as ear:
        assert (ear.status, '"live.too-many"' in ear.text) == (429, True)
        assert "retry-after" in ear.headers


@pytest.mark.parametrize(
    "query",
    [
        "ideas=nothing",
        f"ideas={'a' * 24},",
        "ideas=" + ",".join(["a" * 24] * 51),
        "seconds=-1",
        "last_event_id=x",
        "colour=red",
        f"ideas={'a' * 24}%2cb",
    ],
)
async def test_what_makes_no_sense_is_refused(app: FastAPI, cast: Cast, query: str) -> None:
    async with listening(app, issue(app, cast["Max"]), query) as ear:
        assert ear.status == 422


async def test_nobody_listens_unnamed(app: FastAPI, cast: Cast) -> None:
    for query in ("", "seconds=0"):
        async with listening(app, "no token", query) as ear:
            assert ear.status == 401


async def test_signs_of_life_are_comments(app: FastAPI, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.services.listeners.HEARTBEAT", 0.01)
    async with listening(app, issue(app, cast["Max"])) as ear:
        await ear.until(": ping\n\n")
        assert ear.names() == []


async def test_no_connection_of_the_database_is_held(app: FastAPI, cast: Cast, database: Database) -> None:
    async with listening(app, issue(app, cast["Max"])) as ear:
        await ear.until(READY)
        assert database.read_engine.pool.checkedout() == 0  # type: ignore[attr-defined]  # every pool of ours has it
