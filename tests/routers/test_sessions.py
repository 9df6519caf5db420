"""One's own sessions over HTTP, and how soon their end holds."""

from collections.abc import AsyncIterator, Callable

import pytest
from fastapi import FastAPI

from app.core import ids
from app.core.config import Settings
from tests.support.accounts import OTHER, PASSWORD, give_password, sign_in
from tests.support.client import Client, speaking_as
from tests.support.wiring import wire_up
from tests.support.world import Cast

Speak = Callable[[str], Client]


@pytest.fixture
async def app(built: FastAPI, settings: Settings) -> AsyncIterator[FastAPI]:
    """The application as it is in production, remembering sign-ins for as long as it may."""
    built.state.wiring = wire_up(settings.model_copy(update={"sign_in_state_seconds": 1}))
    async with built.router.lifespan_context(built):
        yield built


@pytest.fixture
async def alices(app: FastAPI, cast: Cast) -> AsyncIterator[list[Client]]:
    """Three clients on which Alice is signed in."""
    await give_password(app, cast["Alice"])
    async with speaking_as(app, None) as one, speaking_as(app, None) as two, speaking_as(app, None) as three:
        for client, name in ((one, "One/1.0 é"), (two, "Two\u202e"), (three, "Three" * 100)):
            client.http.headers.encoding = "utf-8"
            client.http.headers["User-Agent"] = name
            await sign_in(client, cast["Alice"])
            await client.get("/me")
        yield [one, two, three]


async def test_one_sees_where_one_is_signed_in(alices: list[Client], speak: Speak) -> None:
    listed = (await alices[0].get("/auth/sessions"))["items"]
    assert {item["client"] for item in listed} == {"One/1.0 é", "Two", ("Three" * 100)[:200]}
    assert [item["client"] for item in listed if item["current"]] == ["One/1.0 é"]
    assert set(listed[0]) == {"id", "client", "started_at", "last_used_at", "expires_at", "current"}
    assert await speak("Max").get("/auth/sessions") == {"items": [], "next_cursor": None}
    await speak("").refused("GET", "/auth/sessions", 401)


async def test_the_list_comes_in_pages(alices: list[Client]) -> None:
    whole = (await alices[0].get("/auth/sessions"))["items"]
    first = await alices[0].get("/auth/sessions?limit=2")
    second = await alices[0].get(f"/auth/sessions?limit=2&cursor={first['next_cursor']}")
    assert first["items"] + second["items"] == whole
    assert second["next_cursor"] is None


async def test_signing_out_ends_this_session_at_once_and_no_other(alices: list[Client]) -> None:
    answer = await alices[0].request("DELETE", "/auth/sessions/current")
    assert (answer.status_code, answer.content) == (204, b"")
    await alices[0].refused("GET", "/me", 401, "auth.required")
    await alices[0].refused("DELETE", "/auth/sessions/current", 401)
    await alices[1].get("/me")
    assert len((await alices[1].get("/auth/sessions"))["items"]) == 2


async def test_one_ends_ones_own_sessions_only(alices: list[Client], speak: Speak) -> None:
    listed = (await alices[0].get("/auth/sessions"))["items"]
    second = next(item["id"] for item in listed if item["client"] == "Two")
    for name in ("Max", "Adam"):
        await speak(name).refused("DELETE", f"/auth/sessions/{second}", 404, "sessions.not-found")
    await alices[1].get("/me")
    assert (await alices[0].request("DELETE", f"/auth/sessions/{second}")).status_code == 204
    await alices[1].refused("GET", "/me", 401)
    for unknown in (second, ids.new(), "x"):
        await alices[0].refused("DELETE", f"/auth/sessions/{unknown}", 404, "sessions.not-found")


async def test_signing_out_everywhere_ends_all_refresh_tokens_too(alices: list[Client], cast: Cast) -> None:
    tokens = await sign_in(alices[0], cast["Alice"])
    assert (await alices[0].request("DELETE", "/auth/sessions")).status_code == 204
    for client in alices:
        await client.refused("GET", "/me", 401)
    body = {"refresh_token": tokens["refresh_token"]}
    await alices[0].refused("POST", "/auth/refresh", 401, "sessions.over", json=body)


async def test_changing_the_password_keeps_this_session_only(alices: list[Client], cast: Cast) -> None:
    body = {"current": PASSWORD, "new": OTHER}
    assert (await alices[0].request("PUT", "/me/password", json=body)).status_code == 204
    await alices[0].get("/me")
    for client in alices[1:]:
        await client.refused("GET", "/me", 401)
    await sign_in(alices[1], cast["Alice"], OTHER)


async def test_reuse_of_a_refresh_token_ends_the_session_at_once(alices: list[Client], cast: Cast) -> None:
    first = (await sign_in(alices[0], cast["Alice"]))["refresh_token"]
    body = {"refresh_token": first}
    second = (await alices[0].request("POST", "/auth/refresh", json=body)).json()["refresh_token"]
    await alices[0].request("POST", "/auth/refresh", json={"refresh_token": second})
    await alices[0].get("/me")
    await alices[1].refused("POST", "/auth/refresh", 401, "sessions.over", json=body)
    await alices[0].refused("GET", "/me", 401)


async def test_without_a_session_there_is_none_to_see_or_end(speak: Speak, cast: Cast) -> None:
    alice = speak("Alice")
    assert (await alice.request("DELETE", "/auth/sessions/current")).status_code == 204
    await alice.get("/me")


async def test_a_link_is_made_by_admins(app: FastAPI, speak: Speak, cast: Cast, settings: Settings) -> None:
    path = f"/employees/{cast['Pete'].id}/links"
    for name, status in (("", 401), ("Max", 403), ("Hana", 403), ("Ian", 403)):
        await speak(name).refused("POST", path, status, json={})
    adam = speak("Adam")
    made = await adam.post(path, {})
    assert made["purpose"] == "invitation"
    address, _, secret = made["link"].partition("#")
    assert address == f"{settings.base_url}/welcome"
    body = {"link": secret, "password": OTHER}
    assert (await speak("").request("POST", "/auth/password", json=body)).status_code == 204
    await sign_in(speak(""), cast["Pete"], OTHER)
    assert (await adam.post(path, {}))["purpose"] == "reset"
    await adam.refused("POST", path, 409, "links.already-joined", json={"purpose": "invitation"})
    await adam.refused("POST", path, 422, json={"purpose": "other"})
    for unknown in (ids.new(), "x"):
        await adam.refused("POST", f"/employees/{unknown}/links", 404, "employees.not-found", json={})
