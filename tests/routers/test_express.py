"""The short way to the busiest routes answers as the long one does, whatever it is asked."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from functools import partial
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from app.core.db import Database
from app.core.edge import Edge
from app.core.rates import RateLimiter
from app.models.ideas import Tally
from app.queries.unchanged import Unchanged
from app.routers import BUSY
from app.routers.busy import BusyRoute, BusyWrite
from tests.support.client import Client
from tests.support.world import Cast

Speak = Callable[[str], Client]

NOBODY_KNOWS = "a" * 24


@pytest.fixture
async def long_way(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the same application that comes in behind the short way."""
    behind = Edge(partial(FastAPI.__call__, app))
    transport = httpx2.ASGITransport(behind, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://testserver/api/v1") as client:
        yield client


def see(answer: httpx2.Response) -> tuple[Any, ...]:
    """Return what has to be alike: everything but the name of the request."""
    headers = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
    body = answer.json() if answer.content else None
    if isinstance(body, dict):
        body = {name: value for name, value in body.items() if name != "instance"}
    if answer.headers.get("content-type") == "application/problem+json":
        headers.pop("content-length")
    return answer.status_code, headers, body


async def test_both_ways_answer_alike(
    app: FastAPI, long_way: httpx2.AsyncClient, speak: Speak, cast: Cast
) -> None:
    body = {"title": "An idea", "problem": "p", "solution": "s", "theme": cast.themes["brand"]}
    made = [await speak("Alice").post("/ideas", body) for _ in range(3)]
    idea_id = made[0]["id"]
    at = f"/ideas/{idea_id}"
    await speak("Max").post(f"{at}/comments", {"body": "Yes"})
    cursor = (await speak("Max").get("/ideas?limit=1"))["next_cursor"]
    asked: list[tuple[str, str, dict[str, Any]]] = [
        ("GET", f"/ideas{query}", {})
        for query in (
            "",
            "?sort=hot",
            "?sort=hot&limit=2",
            f"?limit=1&cursor={cursor}",
            f"?limit=1&sort=top&cursor={cursor}",
            "?limit=0",
            "?limit=1_0",
            "?sort=best",
            "?colour=red",
            "?stage=submitted&stage=pilot",
            "?mine=true",
            "?q=idea",
            "?q=%00",
            f"?theme={cast.themes['brand']}",
            f"?entity={'x' * 65}",
        )
    ]
    asked += [
        ("GET", at, {}),
        ("GET", f"{at}?sort=hot", {}),
        ("GET", at, {"headers": {"If-None-Match": "*"}}),
        ("GET", f"/ideas/{NOBODY_KNOWS}", {}),
        ("GET", "/ideas/{idea_id}", {}),
        ("GET", f"{at}/comments", {}),
        ("GET", f"{at}/comments?limit=1&cursor={cursor}", {}),
        ("HEAD", at, {}),
        ("POST", at, {}),
        ("PUT", f"{at}/vote", {}),
        ("PUT", f"{at}/vote?now=1", {}),
        ("DELETE", f"{at}/vote", {}),
        ("PUT", f"/ideas/{NOBODY_KNOWS}/vote", {}),
        ("POST", f"{at}/comments", {"json": {"body": " "}}),
        ("POST", f"{at}/comments", {"json": {"body": "Yes", "author": "me"}}),
        ("POST", f"{at}/comments", {"json": {"body": "Yes", "reply_to": NOBODY_KNOWS}}),
        ("POST", f"{at}/comments", {"content": b'{"body": "a", "body": "b"}'}),
        ("POST", f"{at}/comments", {"content": b"no json", "headers": {"Content-Type": "application/json"}}),
        ("POST", f"{at}/comments", {"content": b"{}", "headers": {"Content-Type": "text/plain"}}),
        ("POST", f"/ideas/{NOBODY_KNOWS}/comments", {"json": {"body": "Yes"}}),
    ]
    for name in ("Max", "Alice", "Ian", ""):
        client = speak(name)
        for method, path, more in asked:
            expected = await long_way.request(
                method, path, **{**more, "headers": {**client.http.headers, **more.get("headers", {})}}
            )
            for _ in range(2):
                answer = await client.request(method, path, **more)
                assert see(answer) == see(expected), (name, method, path)


async def test_the_second_request_takes_the_short_way(
    app: FastAPI, speak: Speak, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = []
    real = BusyRoute.answer_shortly

    async def watch(route: BusyRoute, request: Any) -> Any:
        answer = await real(route, request)
        taken.append(answer is not None)
        return answer

    monkeypatch.setattr(BusyRoute, "answer_shortly", watch)
    for _ in range(2):
        await speak("Max").get("/ideas?sort=top")
    assert taken == [False, True]


async def test_a_comment_is_written_once_whichever_way_it_takes(speak: Speak, cast: Cast) -> None:
    body = {"title": "An idea", "problem": "p", "solution": "s", "theme": cast.themes["brand"]}
    at = f"/ideas/{(await speak('Alice').post('/ideas', body))['id']}"
    short = await speak("Max").post(f"{at}/comments", {"body": "Short"})
    keyed = [
        await speak("Max").post(f"{at}/comments", {"body": "Keyed"}, headers={"Idempotency-Key": "k"})
        for _ in range(2)
    ]
    assert keyed[0] == keyed[1]
    assert short.keys() == keyed[0].keys()
    seen = await speak("Eve").get(f"{at}/comments")
    assert [comment["body"] for comment in seen["items"]] == ["Short", "Keyed"]
    assert (await speak("Eve").get(at))["comments"] == 2


JSON = "application/json"


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        (JSON, b'{"body": "Yes"}', 201),
        (f"{JSON}; charset=utf-8", b'{"body": "Yes"}', 201),
        ("Application/JSON ;charset=UTF-8", b'{"body": "Yes"}', 201),
        ("application/problem+json", b'{"body": "Yes"}', 201),
        ("", b'{"body": "Yes"}', 422),
        (JSON, b'{"body": " "}', 422),
        (JSON, b"no json", 422),
        ("text/plain", b"Yes", 415),
    ],
)
async def test_a_write_counts_once_whichever_way_it_takes(
    app: FastAPI, speak: Speak, cast: Cast, kind: str, body: bytes, status: int
) -> None:
    at = f"/ideas/{await submit(speak, cast)}/comments"
    headers = {"Content-Type": kind} if kind else {}
    wiring = app.state.wiring
    limited = wiring.settings.model_copy(update={"writes_per_second": 4})
    app.state.wiring = replace(wiring, settings=limited, limiter=RateLimiter(clock=lambda: 0.0))
    seen = [
        (await speak("Max").request("POST", at, content=body, headers=headers)).status_code for _ in range(6)
    ]
    assert seen == [status] * 4 + [429] * 2


async def test_a_comment_with_a_charset_takes_the_short_way(
    speak: Speak, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = []
    real = BusyWrite.answer_shortly

    async def watch(route: BusyWrite, request: Any) -> Any:
        answer = await real(route, request)
        taken.append(answer is not None)
        return answer

    monkeypatch.setattr(BusyWrite, "answer_shortly", watch)
    at = f"/ideas/{await submit(speak, cast)}/comments"
    for kind in (f"{JSON}; charset=utf-8", "application/problem+json"):
        headers = {"Content-Type": kind}
        await speak("Max").request("POST", at, content=b'{"body": "Yes"}', headers=headers)
    assert taken == [True, False]


async def test_a_vote_is_counted_whatever_answer_somebody_says_to_have(
    speak: Speak, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = f"/ideas/{await submit(speak, cast)}/vote"
    for method in ("PUT", "DELETE"):
        await speak("Pete").request(method, at)  # both are known from here on
    monkeypatch.setattr(Unchanged, "is_right", lambda *_: True)
    had = {"If-None-Match": '"1.anything"'}
    assert await speak("Max").put(at, headers=had) == {"votes": 1, "voted": True}
    withdrawn = await speak("Max").request("DELETE", at, headers=had)
    assert withdrawn.json() == {"votes": 0, "voted": False}


async def test_each_look_at_an_idea_is_a_view_however_it_is_answered(
    app: FastAPI, database: Database, speak: Speak, cast: Cast
) -> None:
    at = f"/ideas/{(idea_id := await submit(speak, cast))}"
    first = await speak("Max").request("GET", at)
    had = {"If-None-Match": first.headers["etag"]}
    answers = [await speak("Max").request("GET", at, headers=had) for _ in range(4)]
    answers.append(await speak("Pete").request("GET", f"{at}?colour=red"))
    answers.append(await speak("Pete").request("GET", f"/ideas/{NOBODY_KNOWS}"))
    assert [answer.status_code for answer in answers] == [304] * 4 + [422, 404]
    await speak("Max").get(f"{at}/comments")
    # Other views may have been written down before.
    await app.state.wiring.views.write_down(database)
    async with database.reader() as session:
        tally = await session.get_one(Tally, idea_id)
    assert (tally.views, tally.attention) == (5, 5)


async def submit(speak: Speak, cast: Cast) -> str:
    body = {"title": "An idea", "problem": "p", "solution": "s", "theme": cast.themes["brand"]}
    return str((await speak("Alice").post("/ideas", body))["id"])


def test_the_busiest_routes_are_among_them() -> None:
    known = {(method, route.path) for route in BUSY for method in route.methods or ()}
    assert {("GET", "/ideas"), ("GET", "/ideas/{idea_id}"), ("PUT", "/ideas/{idea_id}/vote")} <= known
