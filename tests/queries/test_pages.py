"""What readers are shown when data change between two looks of one answer."""

import asyncio
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import update
from sqlmodel import col

from app.core import clock
from app.core.config import Settings
from app.core.db import Database, ReadSession
from app.domain.actors import Actor
from app.main import create_app
from app.models.roles import RoleGrant
from app.queries import actors, search
from app.queries.feed import Filters, Listing
from app.queries.pages import Pages
from tests.support.client import Client
from tests.support.wiring import wire_up
from tests.support.world import START, Cast

Speak = Callable[[str], Client]


async def submit(client: Client, cast: Cast, **fields: Any) -> str:
    """Submit an idea and return its identifier."""
    body = {"title": "An idea", "problem": "p", "solution": "s", "theme": cast.themes["brand"], **fields}
    return str((await client.post("/ideas", body))["id"])


async def test_a_vote_between_a_shared_page_and_its_reader_tears_no_card(
    app: FastAPI, cast: Cast, speak: Speak, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    idea = await submit(speak("Alice"), cast)
    readers = []
    async with database.reader() as session:
        for name in ("Pete", "Max"):
            reader = await actors.find_actor(session, cast[name].id, session_id=None, now=START)
            assert reader is not None
            readers.append(reader)
    read = Pages._read  # noqa: SLF001  a vote lands just after it

    async def read_and_vote(self: Pages, actor: Actor, listing: Listing, *, now: datetime) -> Any:
        found = await read(self, actor, listing, now=now)
        await speak("Max").put(f"/ideas/{idea}/vote")
        return found

    monkeypatch.setattr(Pages, "_read", read_and_vote)
    listing = Listing(Filters(), "top", None, 20)
    shown = await asyncio.gather(
        *(app.state.wiring.pages.show(reader, listing, now=START) for reader in readers)
    )
    for page in shown:
        card = json.loads(page.cards[0])
        assert card["votes"] == 1 or not card["voted"]
    assert json.loads(shown[1].cards[0])["voted"]


async def test_a_role_that_another_process_ended_ends_what_was_unchanged(
    app: FastAPI, settings: Settings, cast: Cast
) -> None:
    await app.state.wiring.database.close()
    app.state.wiring = wire_up(settings.model_copy(update={"sign_in_state_seconds": 1.0}))
    ian = Client(app, cast["Ian"])
    idea = await submit(Client(app, cast["Alice"]), cast)
    had = {"If-None-Match": (await ian.request("GET", f"/ideas/{idea}")).headers["etag"]}
    async with app.state.wiring.database.writer() as session:
        await session.execute(
            update(RoleGrant).where(col(RoleGrant.employee_id) == cast["Ian"].id).values(ended_at=clock.now())
        )
    assert (await ian.request("GET", f"/ideas/{idea}", headers=had)).status_code == 304
    app.state.wiring.authenticator.forget()  # the second in which a sign-in is trusted is over
    assert (await ian.request("GET", f"/ideas/{idea}", headers=had)).status_code == 200
    await app.state.wiring.database.close()


async def test_a_search_that_began_before_an_idea_is_not_kept(
    app: FastAPI,
    settings: Settings,
    cast: Cast,
    speak: Speak,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The words are read before the page: an idea that another process takes in between is in neither or in both."""
    elsewhere = create_app(settings)
    far = speak("Alice") if settings.on_sqlite else Client(elsewhere, cast["Alice"])
    await submit(far, cast, title="Kangouroub")
    here = app.state.wiring.database if settings.on_sqlite else database
    pages, listing = Pages(here), Listing(Filters(q="kangouroug"), "new", None, 20)
    async with here.reader() as session:
        reader = await actors.find_actor(session, cast["Pete"].id, session_id=None, now=START)
    assert reader is not None
    find = search.find_matching
    done: list[str] = []

    async def find_and_submit(session: ReadSession, q: str) -> Any:
        found = await find(session, q)
        if not done:
            done.append(await submit(far, cast, title="Kangourouk"))
        return found

    monkeypatch.setattr(search, "find_matching", find_and_submit)
    await pages.show(reader, listing, now=START)
    later = await pages.show(reader, listing, now=START)
    assert sorted(json.loads(card)["title"] for card in later.cards) == ["Kangouroub", "Kangourouk"]
    await far.http.aclose()
    await elsewhere.state.wiring.database.close()
