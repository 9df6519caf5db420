"""Kept figures: as fresh as reading them anew, and only for who may know them."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import update
from sqlmodel import col

from app.core import clock
from app.core.config import Settings
from app.core.db import Database
from app.domain.permissions import RoleMissing
from app.main import create_app
from app.models.roles import RoleGrant
from app.queries import actors
from app.queries.kept_figures import KeptFigures
from app.queries.statistics import Filters
from app.schemas.shapes import Page
from tests.support.client import Client
from tests.support.statements import counted
from tests.support.world import START, Cast

Speak = Callable[[str], Client]
CALLS = ("participation", "pipeline", "funnel", "times", "load", "travel", "benefits", "campaigns", "rates")
SIGNED_IN = "SELECT employees.id, employees.entity_id, role_grants"
"""Who is asking, which these tests look up each time."""
ATTEMPTS = 20
"""On PostgreSQL whatever else writes on the server makes one reading more."""


@pytest.fixture
async def beside(app: FastAPI, settings: Settings) -> AsyncIterator[FastAPI]:
    """Another replica of the application; on SQLite, where there is but one process, the same."""
    if settings.on_sqlite:
        yield app
        return
    other = create_app(settings)
    yield other
    await other.state.wiring.database.close()


async def submit(client: Client, cast: Cast) -> str:
    body = {"title": "An idea", "problem": "p", "solution": "s", "theme": cast.themes["brand"]}
    return str((await client.post("/ideas", body))["id"])


async def test_every_change_is_in_the_next_figures(beside: FastAPI, cast: Cast, speak: Speak) -> None:
    looks = [speak("Hana"), Client(beside, cast["Ian"])]
    for number in range(3):
        for look in looks:
            assert (await look.get("/stats/funnel"))["steps"][0]["reached"] == number
            assert (await look.get("/stats/rates"))["ideas"] == number
        await submit(speak("Alice"), cast)
    await speak("Max").put(f"/ideas/{await submit(speak('Alice'), cast)}/vote")
    assert [(await look.get("/stats/participation"))["voted"]["people"] for look in looks] == [1, 1]
    await looks[1].http.aclose()


async def test_kept_figures_cost_a_small_statement(speak: Speak, database: Database) -> None:
    for call in CALLS:
        seen: list[list[str]] = []
        for _ in range(ATTEMPTS):
            await speak("Hana").get(f"/stats/{call}")
            with counted(database) as statements:
                await speak("Hana").get(f"/stats/{call}")
            seen.append([each for each in statements if not each.startswith(SIGNED_IN)])
            if len(seen[-1]) <= 1:
                break
        assert all("pg_current_snapshot" in statement for statement in seen[-1]), (call, seen[-1])


async def test_kept_figures_are_for_those_who_may_know_them(
    cast: Cast, speak: Speak, database: Database
) -> None:
    for call in CALLS:
        await speak("Hana").get(f"/stats/{call}")
        await speak("Max").refused("GET", f"/stats/{call}", 403, "permissions.role-missing")
    async with database.writer() as session:
        of_hana = col(RoleGrant.employee_id) == cast["Hana"].id
        await session.execute(update(RoleGrant).where(of_hana).values(ended_at=clock.now()))
        hana = await actors.find_actor(session, cast["Hana"].id, session_id=None, now=clock.now())
    assert hana is not None
    with pytest.raises(RoleMissing):
        await read(KeptFigures(database), hana)


async def read(kept: KeptFigures, actor: Any, number: int = 0, days: int = 0) -> bytes:
    async def reading(_session: Any) -> Page[int]:
        return Page[int](items=[number], next_cursor=None)

    return await kept.read(actor, "any", Filters(), reading, now=START + timedelta(days=days))


async def test_figures_are_of_a_day(cast: Cast, database: Database) -> None:
    kept = KeptFigures(database)
    async with database.writer() as session:
        hana = await cast.actor(session, "Hana")
    first = await read(kept, hana, 1)
    for number in range(ATTEMPTS):
        if await read(kept, hana, 2 + number) == first:
            break
        first = await read(kept, hana, 2 + number)
    else:
        pytest.fail("nothing is kept")
    assert await read(kept, hana, 99, days=1) != first


async def test_what_changed_while_it_was_read_is_not_kept(
    cast: Cast, database: Database, speak: Speak
) -> None:
    kept = KeptFigures(database)
    async with database.writer() as session:
        hana = await cast.actor(session, "Hana")

    async def reading(_session: Any) -> Page[int]:
        await submit(speak("Alice"), cast)
        return Page[int](items=[1], next_cursor=None)

    await kept.read(hana, "any", Filters(), reading, now=START)
    assert b"2" in await read(kept, hana, 2)
