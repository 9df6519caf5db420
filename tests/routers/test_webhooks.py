"""Webhooks over HTTP: one's own, while one holds a role for it; secrets are shown once."""

import asyncio
import socket
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select, text

from app.core.config import Settings
from app.core.db import Database
from app.core.security.safes import CannotOpen, open_safe
from app.domain.webhooks import MOST
from app.integrations.frontier import Frontier
from app.models import metadata
from tests.support.client import Client
from tests.support.world import Cast

Speak = Callable[[str], Client]

BODY = {"url": "https://hooks.example/x", "kinds": ["ideas.submitted", "votes.changed", "ideas.submitted"]}
ANY = {"If-Match": "*"}


async def add(speak: Speak, name: str = "Ian", **changes: Any) -> Any:
    return await speak(name).post("/webhooks", BODY | changes)


async def read_rows(database: Database) -> str:
    """Everything that is kept of webhooks and answers, as text."""
    async with database.reader() as session:
        tables = [metadata.tables[name] for name in ("webhooks", "idempotency_keys", "events")]
        return repr([(await session.execute(select(table))).all() for table in tables])


async def test_a_webhook_is_added_read_changed_and_deleted(speak: Speak, cast: Cast) -> None:
    made = await add(speak, description="Tickets")
    path = f"/webhooks/{made['id']}"
    assert made["kinds"] == ["ideas.submitted", "votes.changed"]
    assert (made["state"], made["version"]) == ("active", 1)
    assert made["can"] == ["edit", "delete", "rotate", "test"]
    shown = await speak("Ian").request("GET", path)
    assert shown.json() == {name: value for name, value in made.items() if name != "secret"}
    assert (await speak("Ian").get("/webhooks"))["items"] == [shown.json()]
    stale = {"If-Match": shown.headers["etag"]}
    off = await speak("Ian").request("PATCH", path, json={"active": False}, headers=stale)
    assert (off.json()["state"], off.json()["description"]) == ("off", "Tickets")
    assert "test" not in off.json()["can"]
    await speak("Ian").refused("PATCH", path, 412, json={"active": True}, headers=stale)
    await speak("Ian").refused("PATCH", path, 428, json={"active": True})
    kinds = {"kinds": ["comments.written"], "url": "https://other.example/", "description": ""}
    changed = (await speak("Ian").request("PATCH", path, json=kinds, headers=ANY)).json()
    assert {name: changed[name] for name in kinds} == kinds
    assert changed["state"] == "off"
    await speak("Ian").refused("DELETE", path, 428)
    assert (await speak("Ian").request("DELETE", path, headers=ANY)).status_code == 204
    await speak("Ian").refused("GET", path, 404, "webhooks.no-such-webhook")


async def test_a_secret_is_shown_once_and_kept_nowhere_in_clear(
    speak: Speak, cast: Cast, database: Database, settings: Settings
) -> None:
    key = {"Idempotency-Key": "one"}
    made = await speak("Ian").post("/webhooks", BODY, headers=key)
    again = await speak("Ian").post("/webhooks", BODY, headers=key)
    assert made["secret"].startswith("whsec_")
    assert again == made | {"secret": None}
    path = f"/webhooks/{made['id']}"
    rotated = await speak("Ian").post(f"{path}/secret", headers=key | {"Idempotency-Key": "two"})
    repeated = await speak("Ian").post(f"{path}/secret", headers=key | {"Idempotency-Key": "two"})
    assert repeated == rotated | {"secret": None}
    assert rotated["secret"] not in (None, made["secret"])
    kept = await read_rows(database)
    shown = repr([await speak("Ian").get(path), await speak("Ian").get("/webhooks")])
    for secret in (made["secret"], rotated["secret"]):
        for part in (secret, secret.removeprefix("whsec_"), secret[6:30]):
            assert part not in kept + shown
    assert (await speak("Ian").get(path))["former_secret_until"] == rotated["former_secret_until"]
    async with database.reader() as session:
        ((locked, former),) = await session.execute(text("SELECT secret, former_secret FROM webhooks"))
    safe = open_safe(settings)
    assert safe.open(locked, "webhook", made["id"]) == rotated["secret"]
    assert safe.open(former, "webhook", made["id"]) == made["secret"]
    with pytest.raises(CannotOpen):
        safe.open(locked, "webhook", "a" * 24)


async def test_only_admins_and_innovation_managers_have_webhooks_and_each_their_own(
    speak: Speak, cast: Cast
) -> None:
    made = await add(speak)
    path = f"/webhooks/{made['id']}"
    tested = await speak("Ian").post(f"{path}/tests")
    replay = f"{path}/deliveries/{tested['id']}/replays"
    for name, code in (("Irma", 404), ("Adam", 404), ("Max", 404), ("Mia", 404)):
        for method, where in (
            ("GET", path),
            ("PATCH", path),
            ("DELETE", path),
            ("POST", f"{path}/secret"),
            ("POST", f"{path}/tests"),
            ("GET", f"{path}/deliveries"),
            ("POST", replay),
        ):
            body = {"active": False} if method == "PATCH" else None
            await speak(name).refused(method, where, code, json=body, headers=ANY)
    for name in ("Max", "Mia", "Hana", "Sam", "Dan", "Walt"):
        await speak(name).refused("GET", "/webhooks", 403, "permissions.role-missing")
        await speak(name).refused("POST", "/webhooks", 403, "permissions.role-missing", json=BODY)
    await speak("").refused("GET", "/webhooks", 401)
    assert (await speak("Adam").get("/webhooks"))["items"] == []
    other = await add(speak, "Adam")
    await speak("Adam").refused(
        "POST",
        f"/webhooks/{other['id']}/deliveries/{tested['id']}/replays",
        404,
        "webhooks.no-such-delivery",
    )


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"url": "ftp://hooks.example/"}, "/url"),
        ({"url": "https://user:word@hooks.example/"}, "/url"),
        ({"url": "https://x/" + "x" * 1000}, "/url"),
        ({"url": "https://127.0.0.1/"}, "/url"),
        ({"url": "http://0x7f.1:8080/"}, "/url"),
        ({"url": "https://[::ffff:169.254.169.254]/latest"}, "/url"),
        ({"kinds": []}, "/kinds"),
        ({"kinds": ["sessions.signed-in"]}, "/kinds/0"),
        ({"kinds": ["votes.cast"]}, "/kinds/0"),
        ({"description": "x" * 201}, "/description"),
        ({"secret": "whsec_AAAA"}, "/secret"),
        ({"state": "active"}, "/state"),
    ],
)
async def test_what_can_not_be_a_webhook_is_refused_with_its_field(
    speak: Speak, cast: Cast, changes: dict[str, Any], pointer: str
) -> None:
    problem = await speak("Ian").refused("POST", "/webhooks", 422, json=BODY | changes)
    assert [error["pointer"] for error in problem["errors"]] == [pointer]
    path = f"/webhooks/{(await add(speak))['id']}"
    problem = await speak("Ian").refused("PATCH", path, 422, json=changes, headers=ANY)
    assert [error["pointer"] for error in problem["errors"]] == [pointer]


async def test_nobody_has_webhooks_without_bound(speak: Speak, cast: Cast) -> None:
    for _ in range(MOST):
        await add(speak)
    await speak("Ian").refused("POST", "/webhooks", 409, "webhooks.too-many", json=BODY)
    await add(speak, "Adam")


async def test_the_log_is_read_page_by_page_and_by_state(speak: Speak, cast: Cast) -> None:
    path = f"/webhooks/{(await add(speak))['id']}"
    idea = {"title": "Eau", "problem": "p", "solution": "s", "theme": cast.themes["brand"]}
    await speak("Alice").post("/ideas", idea)
    tested = await speak("Ian").post(f"{path}/tests")
    assert (tested["type"], tested["state"], tested["can"]) == ("webhooks.tested", "waiting", ["replay"])
    page = await speak("Ian").get(f"{path}/deliveries?limit=1")
    assert page["items"] == [tested]
    assert page["next_cursor"] is None
    assert (await speak("Ian").get(f"{path}/deliveries?state=sent"))["items"] == []
    await speak("Ian").refused("GET", f"{path}/deliveries?state=lost", 422)
    replayed = await speak("Ian").post(f"{path}/deliveries/{tested['id']}/replays")
    assert replayed["id"] == tested["id"]
    await speak("Ian").refused(
        "POST", f"{path}/deliveries/{'a' * 24}/replays", 404, "webhooks.no-such-delivery"
    )


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> dict[str, str | None]:
    """What some names mean; None: there is no such name."""
    known: dict[str, str | None] = {}
    plainly = socket.getaddrinfo

    def look(host: Any, port: Any, *args: Any, **options: Any) -> Any:
        address = known.get(host, host)
        if address is None:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return plainly(address, port, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", look)
    return known


async def test_where_a_webhook_leads_is_looked_at_when_it_is_saved(
    speak: Speak, cast: Cast, database: Database, looks: dict[str, str | None]
) -> None:
    looks |= {"inside.example": "10.0.0.7", "gone.example": None}
    path = f"/webhooks/{(await add(speak))['id']}"
    for host, code in (
        ("inside.example", "webhooks.unusable-url"),
        ("gone.example", "webhooks.unknown-name"),
    ):
        url = {"url": f"https://{host}/x"}
        for method, where in (("POST", "/webhooks"), ("PATCH", path)):
            body = BODY | url if method == "POST" else url
            problem = await speak("Ian").refused(method, where, 422, code, json=body, headers=ANY)
            assert [error["pointer"] for error in problem["errors"]] == ["/url"]
        # Who may have none is told that alone, and after no look at anything.
        looks["asked.example"] = None
        await speak("Max").refused("POST", "/webhooks", 403, json=BODY | {"url": "https://asked.example/"})
    assert [hook["url"] for hook in (await speak("Ian").get("/webhooks"))["items"]] == [BODY["url"]]
    changed = await speak("Ian").request("PATCH", path, json={"description": "still"}, headers=ANY)
    assert changed.status_code == 200


async def test_no_transaction_waits_for_a_name(
    speak: Speak, cast: Cast, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    begin, mine = database.writer, asyncio.current_task()

    async def look(self: Frontier, url: str) -> None:
        order.append("look")

    def write() -> Any:
        # Events are announced beside, in transactions of their own.
        if asyncio.current_task() is mine:
            order.append("transaction")
        return begin()

    monkeypatch.setattr(Frontier, "check", look)
    monkeypatch.setattr(database, "writer", write)
    path = f"/webhooks/{(await add(speak))['id']}"
    assert order == ["look", "transaction"]
    order.clear()
    await speak("Ian").request("PATCH", path, json={"url": "https://a.example/"}, headers=ANY)
    assert order == ["look", "transaction"]


async def test_plain_addresses_of_the_intranet_can_be_saved_where_they_are_allowed(
    app: FastAPI, speak: Speak, cast: Cast, settings: Settings, looks: dict[str, str | None]
) -> None:
    looks |= {"chat.intranet": "10.1.2.3", "other.intranet": "10.1.2.4"}
    for allowed, url, status in (
        ([], "http://chat.intranet/x", 422),
        (["chat.intranet"], "http://chat.intranet/x", 201),
        (["chat.intranet"], "http://other.intranet/x", 422),
        (["10.1.2.0/24"], "http://other.intranet/x", 201),
        (["10.1.2.0/24"], "http://10.1.2.9/x", 201),
        (["10.1.2.0/24"], "http://hooks.example/x", 422),
    ):
        live = settings.model_copy(update={"environment": "production", "outbound_allow": allowed})
        wiring = app.state.wiring
        app.state.wiring = replace(wiring, settings=live, frontier=Frontier(live, looks=1))
        try:
            answer = await speak("Ian").request("POST", "/webhooks", json=BODY | {"url": url})
        finally:
            app.state.wiring.frontier.close()
            app.state.wiring = wiring
        assert answer.status_code == status, (allowed, url, answer.text)
