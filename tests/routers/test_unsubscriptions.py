"""One click in a letter ends what it is about, without signing in (RFC 8058)."""

from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from app.core.security import unsubscribe_tokens
from tests.support.client import Client
from tests.support.world import Cast

Speak = Callable[[str], Client]


@pytest.fixture
def make_link(app: FastAPI, cast: Cast) -> Callable[[str], str]:
    def make(what: str) -> str:
        token = unsubscribe_tokens.issue(app.state.wiring.seals, cast["Alice"].id, "email", what)
        return f"/unsubscribe/{token}"

    return make


async def click(speak: Speak, link: str) -> httpx2.Response:
    """Post what RFC 8058 says."""
    return await speak("").http.post(link, data={"List-Unsubscribe": "One-Click"})


async def find_timing(speak: Speak, kind: str) -> Any:
    found = (await speak("Alice").get("/me/preferences"))["items"]
    return next(item["timings"]["email"] for item in found if item["kind"] == kind)


async def test_one_click_ends_a_kind(speak: Speak, make_link: Callable[[str], str]) -> None:
    link = make_link("reviews.assigned")
    for _ in range(2):
        assert (await click(speak, link)).status_code == 200
    assert await find_timing(speak, "reviews.assigned") == "never"
    assert await find_timing(speak, "reviews.reminded") == "at_once"
    answer = await speak("").http.post(link, files={"List-Unsubscribe": (None, "One-Click")})
    assert answer.status_code == 200


async def test_one_click_ends_the_digest(speak: Speak, make_link: Callable[[str], str]) -> None:
    await speak("Alice").put("/me/message-settings", {"hour": 17})
    await click(speak, make_link("digest"))
    habits = await speak("Alice").get("/me/message-settings")
    assert (habits["digest"], habits["hour"]) == ("never", 17)


async def test_one_click_ends_what_comes_at_once(speak: Speak, make_link: Callable[[str], str]) -> None:
    await click(speak, make_link("at_once"))
    assert await find_timing(speak, "reviews.assigned") == "never"
    assert await find_timing(speak, "ideas.late") == "digest"


async def test_looking_at_the_page_ends_nothing(speak: Speak, make_link: Callable[[str], str]) -> None:
    answer = await speak("").http.get(make_link("reviews.assigned"))
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert "form-action 'self'" in answer.headers["content-security-policy"]
    assert "Alice" not in answer.text
    assert await find_timing(speak, "reviews.assigned") == "at_once"


async def test_nothing_ends_by_a_token_that_was_not_given_out(
    speak: Speak, make_link: Callable[[str], str], cast: Cast
) -> None:
    link = make_link("reviews.assigned")
    for wrong in (
        link[:-1] + ("A" if link[-1] != "A" else "B"),
        link.replace("reviews.assigned", "digest"),
        link.replace(cast["Alice"].id, cast["Max"].id),
        "/unsubscribe/x",
        "/unsubscribe/~~~",
    ):
        for method in ("GET", "POST"):
            await speak("").refused(method, wrong, 404, "unsubscribe.unknown")
    assert await find_timing(speak, "reviews.assigned") == "at_once"
