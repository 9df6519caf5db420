"""Saying where messages reach one, over HTTP."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI

from tests.support.client import Client

Speak = Callable[[str], Client]

KEYS = {"p256dh": "B" * 87, "auth": "c" * 22}


def browser(name: str, auth: str = "c" * 22) -> dict[str, object]:
    return {"endpoint": f"https://push.example/{name}", "keys": KEYS | {"auth": auth}}


async def test_a_browser_is_one_subscription_however_often_it_subscribes(speak: Speak) -> None:
    alice = speak("Alice")
    first = await alice.post("/me/push-subscriptions", browser("a"))
    assert await alice.post("/me/push-subscriptions", browser("a", "d" * 22)) == first
    assert first["host"] == "push.example"
    assert [item["id"] for item in (await alice.get("/me/push-subscriptions"))["items"]] == [first["id"]]
    path = f"/me/push-subscriptions/{first['id']}"
    await speak("Max").refused("DELETE", path, 404, "channels.no-such-subscription")
    assert (await alice.request("DELETE", path)).status_code == 204
    await alice.refused("DELETE", path, 404, "channels.no-such-subscription")


async def test_a_browser_changes_hands_only_with_its_secret(speak: Speak) -> None:
    await speak("Alice").post("/me/push-subscriptions", browser("a"))
    await speak("Max").refused(
        "POST", "/me/push-subscriptions", 409, "channels.somebody-elses", json=browser("a", "x" * 22)
    )
    await speak("Max").post("/me/push-subscriptions", browser("a"))
    assert (await speak("Alice").get("/me/push-subscriptions"))["items"] == []


async def test_the_eleventh_browser_takes_the_place_of_the_first(speak: Speak) -> None:
    for number in range(11):
        await speak("Alice").post("/me/push-subscriptions", browser(str(number)))
    assert len((await speak("Alice").get("/me/push-subscriptions"))["items"]) == 10


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example/x",
        "https://",
        "https://name:password@hooks.example/x",
        "https://hooks.example:port/x",
        "https://[::1/x",
        "https://hooks.example/é",
        "https://hooks.example/a b",
        "ftp://hooks.example",
        "hooks.example",
    ],
)
async def test_addresses_that_nothing_is_sent_to(speak: Speak, url: str) -> None:
    alice = speak("Alice")
    await alice.refused(
        "PUT", "/me/chat-addresses/slack", 422, "channels.unusable-address", json={"url": url}
    )
    body = {"endpoint": url, "keys": KEYS}
    await alice.refused("POST", "/me/push-subscriptions", 422, "channels.unusable-address", json=body)


async def test_of_a_chat_only_the_host_is_shown(speak: Speak) -> None:
    alice = speak("Alice")
    kept = await alice.put("/me/chat-addresses/teams", {"url": "https://flows.example/secret"})
    assert kept == {"channel": "teams", "host": "flows.example"}
    await alice.put("/me/chat-addresses/teams", {"url": "https://other.example/secret"})
    answer = await alice.request("GET", "/me/chat-addresses")
    assert answer.json() == {"items": [{"channel": "teams", "host": "other.example"}]}
    assert "secret" not in answer.text
    for _ in range(2):
        assert (await alice.request("DELETE", "/me/chat-addresses/teams")).status_code == 204
    assert (await alice.get("/me/chat-addresses"))["items"] == []
    assert (await speak("Max").get("/me/chat-addresses"))["items"] == []


async def test_other_chats_are_unknown(speak: Speak) -> None:
    sent = {"url": "https://chat.example/x"}
    await speak("Alice").refused("PUT", "/me/chat-addresses/email", 404, "channels.no-such-chat", json=sent)
    await speak("Alice").refused("DELETE", "/me/chat-addresses/irc", 404, "channels.no-such-chat")


async def test_without_web_push_there_is_no_key(speak: Speak, app: FastAPI) -> None:
    assert (await speak("Alice").get("/me/push-subscriptions"))["public_key"] is None
