"""What is kept is as fresh as a read of its own, for every reader, after every act."""

from collections.abc import AsyncIterator, Callable
from random import Random
from typing import Any

import pytest
from fastapi import FastAPI

from app.core.config import Settings
from app.core.db import Database
from app.main import create_app
from app.queries import actors, details, feed
from app.queries.feed import Filters, Listing
from app.schemas.shapes import Page
from tests.support.client import Client
from tests.support.statements import counted
from tests.support.world import START, Cast

Speak = Callable[[str], Client]

READERS = ("Max", "Alice", "Pete", "Ian", "Dan", "Bob")

ACTS = {
    "cast": ("PUT", "/vote", None),
    "take back": ("DELETE", "/vote", None),
    "comment": ("POST", "/comments", {"body": "Yes"}),
    "edit": ("PATCH", "", {"title": "Another title"}),
    "withdraw": ("POST", "/withdrawal", None),
}
DRAWN = ("cast", "cast", "take back", "comment", "comment", "edit", "edit", "withdraw")


class Ground:
    """What is known of the ideas of a test: who wrote them, and which were withdrawn."""

    def __init__(self, authors: dict[str, str]) -> None:
        self.authors = authors
        self.over: set[str] = set()

    def expect(self, act: str, idea_id: str, name: str) -> int:
        """Note an act, and return the status that it must have."""
        is_author, over = name == self.authors[idea_id], idea_id in self.over
        if act == "comment":
            return 201
        if act in {"cast", "take back"}:
            return 403 if is_author else 409 if over else 200
        if not is_author:
            return 403
        if act == "withdraw":
            self.over.add(idea_id)
            return 409 if over else 201
        return 409 if over else 200


@pytest.fixture
async def beside(app: FastAPI, settings: Settings) -> AsyncIterator[FastAPI]:
    """Another replica of the application; on SQLite, where there is but one process, the same."""
    if settings.on_sqlite:
        yield app
        return
    other = create_app(settings)
    yield other
    await other.state.wiring.database.close()


async def submit(speak: Speak, cast: Cast, name: str, **fields: Any) -> str:
    body = {"title": "An idea", "problem": "p", "solution": "s", "theme": cast.themes["brand"], **fields}
    return str((await speak(name).post("/ideas", body))["id"])


async def read_anew(database: Database, cast: Cast, name: str, idea_id: str) -> tuple[Any, Any]:
    """Read the feed and an idea with nothing kept."""
    listing = Listing(Filters(), "hot", None, 20)
    async with database.reader() as session:
        actor = await actors.find_actor(session, cast[name].id, session_id=None, now=START)
        assert actor is not None
        cards, _ = await feed.list_feed(session, actor, listing, now=START)
        idea = await details.get_detail(session, actor, idea_id, now=START)
    page = Page[Any].model_construct(items=cards, next_cursor=None)
    return page.model_dump(mode="json")["items"], idea.model_dump(mode="json")


@pytest.mark.parametrize("chance", range(3))
async def test_after_every_act_everybody_reads_what_is_there(
    app: FastAPI, beside: FastAPI, database: Database, cast: Cast, speak: Speak, chance: int
) -> None:
    random = Random(chance)
    ground = Ground(
        {
            await submit(speak, cast, "Alice"): "Alice",
            await submit(speak, cast, "Alice", anonymous=True): "Alice",
            await submit(speak, cast, "Max", function=cast.functions["IT"]): "Max",
        }
    )
    ideas = list(ground.authors)
    made = 0
    readers = {name: (Client(app, cast[name]), Client(beside, cast[name])) for name in READERS}
    for _ in range(12):
        idea_id, act = random.choice(ideas), random.choice(DRAWN)
        # Now and then somebody tries who may not.
        own = act in {"edit", "withdraw"} and random.random() < 0.8
        name = ground.authors[idea_id] if own else random.choice(READERS)
        method, below, body = ACTS[act]
        path = f"/ideas/{idea_id}"
        answer = await speak(name).request(method, path + below, json=body, headers={"If-Match": "*"})
        assert answer.status_code == ground.expect(act, idea_id, name), (act, name, answer.text)
        made += answer.is_success
        for reader, clients in readers.items():
            page, idea = await read_anew(database, cast, reader, idea_id)
            for client in clients:
                assert (await client.get("/ideas?sort=hot"))["items"] == page, (act, name, reader)
                assert await client.get(path) == idea, (act, name, reader)
    assert made >= 6
    for client, other in readers.values():
        await client.http.aclose()
        await other.http.aclose()


ATTEMPTS = 20
"""On PostgreSQL whatever else writes on the server makes one look more."""


async def test_a_kept_page_costs_its_reader_one_small_statement(
    cast: Cast, speak: Speak, database: Database
) -> None:
    await submit(speak, cast, "Alice")
    seen: list[list[str]] = []
    for _ in range(ATTEMPTS):
        await speak("Max").get("/ideas?sort=hot")
        with counted(database) as statements:
            await speak("Pete").get("/ideas?sort=hot")
        seen.append(statements)
    quickest = min(seen, key=lambda statements: sum(map(len, statements)))
    assert not any("JOIN themes" in statement for statement in quickest)
    assert sum("FROM votes" in statement for statement in quickest) == 1


async def test_who_asks_again_is_told_without_a_look_at_the_page(
    cast: Cast, speak: Speak, database: Database
) -> None:
    idea_id = await submit(speak, cast, "Alice")
    for address in ("/ideas?sort=hot", f"/ideas/{idea_id}", f"/ideas/{idea_id}/comments"):
        had = {"If-None-Match": (await speak("Max").request("GET", address)).headers["etag"]}
        seen: list[list[str]] = []
        for _ in range(ATTEMPTS):
            with counted(database) as statements:
                answer = await speak("Max").request("GET", address, headers=had)
            assert answer.status_code == 304
            assert answer.headers["etag"] == had["If-None-Match"]
            seen.append(statements)
        quickest = min(seen, key=lambda statements: sum(map(len, statements)))
        assert not any("FROM ideas" in statement or "FROM votes" in statement for statement in quickest)
        await speak("Pete").request("PUT", f"/ideas/{idea_id}/vote")
        await speak("Eve").request("POST", f"/ideas/{idea_id}/comments", json={"body": "Yes"})
        assert (await speak("Max").request("GET", address, headers=had)).status_code == 200
        await speak("Pete").request("DELETE", f"/ideas/{idea_id}/vote")
