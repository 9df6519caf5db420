"""Leaderboards follow from the record, each night the same as from the beginning, and keep what is anonymous out."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update
from sqlmodel import SQLModel, col

from app.core.db import Database
from app.models.employees import Employee, Employment
from app.models.ideas import Idea
from app.models.leaderboards import PersonStanding, SeasonPoints, StandingChange, StandingScope, UnitStanding
from app.models.rewards import PointEntry
from app.queries.levels import count_named_points
from app.schemas.ideas import SubmitIdea
from app.services import ideas, leaderboards, standing_notes
from tests.services.test_activity import PEOPLE, Life, work_off
from tests.support.world import Cast, make_employee, make_entity

Kept = list[tuple[Any, ...]]


async def read_kept(database: Database) -> dict[str, Kept]:
    kept = {}
    async with database.reader() as session:
        for table in (SeasonPoints, PersonStanding, UnitStanding):
            rows = await session.execute(select(*SQLModel.metadata.tables[table.__tablename__].c))
            kept[table.__name__] = sorted(tuple(row) for row in rows)
    return kept


async def move(database: Database, life: Life, name: str, path: str) -> None:
    """Have somebody work elsewhere from now on."""
    async with database.writer() as session:
        entity = await make_entity(session, path)
        person = life.cast[name].id
        await session.execute(
            update(Employment)
            .where(col(Employment.employee_id) == person, col(Employment.ended_at).is_(None))
            .values(ended_at=life.now)
        )
        session.add(Employment(employee_id=person, entity_id=entity.id, started_at=life.now))
        await session.execute(update(Employee).where(col(Employee.id) == person).values(entity_id=entity.id))


@pytest.mark.parametrize("seed", range(3))
async def test_night_by_night_is_the_same_as_from_the_beginning(
    database: Database, cast: Cast, seed: int
) -> None:
    life = Life(database, cast, Random(seed))
    for number in range(60):
        await life.act()
        if number % 15 == 14:
            await work_off(database, life.now)
            await leaderboards.compute(database, now=life.now)
            await move(database, life, PEOPLE[number % 4], f"Company/Elsewhere/{number % 2}")
            life.now += timedelta(days=40)
    await work_off(database, life.now)
    await leaderboards.compute(database, now=life.now)
    night_by_night = await read_kept(database)
    assert await leaderboards.compute(database, now=life.now) == 0
    assert await read_kept(database) == night_by_night
    async with database.writer() as session:
        for table in (SeasonPoints, PersonStanding, UnitStanding, StandingScope, StandingChange):
            await session.execute(delete(table))
        everybody = list(await session.scalars(select(col(Employee.id))))
        await standing_notes.note_people(session, everybody)
    await leaderboards.compute(database, now=life.now)
    again = await read_kept(database)
    # Boards of seasons that are over have the headcount of their end, whenever they are worked out.
    assert again == night_by_night
    assert len({scope for _, scope, *_ in again["SeasonPoints"]}) > 1


async def test_people_have_what_their_level_follows_from_and_units_the_votes_too(
    database: Database, cast: Cast
) -> None:
    life = Life(database, cast, Random(11))
    for _ in range(50):
        await life.act()
    await work_off(database, life.now)
    await leaderboards.compute(database, now=life.now)
    async with database.reader() as session:
        ever = {
            row.employee_id: row.points
            for row in await session.scalars(select(PersonStanding).where(col(PersonStanding.scope) == "all"))
        }
        people = list(await session.scalars(select(col(Employee.id))))
        named = {person: await count_named_points(session, person) for person in people}
        of_seasons = ~col(SeasonPoints.scope).startswith("campaign:")
        units = await session.scalar(select(func.sum(col(SeasonPoints.points))).where(of_seasons))
        votes = await session.scalar(
            select(func.sum(col(PointEntry.points))).where(col(PointEntry.rule) == "vote")
        )
    assert ever == {person: points for person, points in named.items() if points}
    assert votes
    assert units == sum(named.values()) + votes


@pytest.mark.parametrize("campaign", [False, True])
async def test_an_anonymous_idea_moves_no_board(database: Database, cast: Cast, campaign: bool) -> None:
    life = Life(database, cast, Random(5))
    for _ in range(20):
        await life.act()
    await work_off(database, life.now)
    await leaderboards.compute(database, now=life.now)
    before = await read_kept(database)
    async with database.writer() as session:
        values = SubmitIdea(
            title="Nobody's",
            problem="p",
            solution="s",
            theme=cast.themes["brand"],
            anonymous=True,
            campaign=cast.permanent_box if campaign else None,
        )
        idea = await ideas.create(session, await cast.actor(session, "Max"), values, now=life.now)
        assert (await session.get_one(Idea, idea.id)).anonymous
    await work_off(database, life.now)
    await leaderboards.compute(database, now=life.now)
    assert await read_kept(database) == before


async def test_a_season_that_is_over_has_the_heads_of_its_end(database: Database, cast: Cast) -> None:
    life = Life(database, cast, Random(1))
    for _ in range(20):
        await life.act()
    await work_off(database, life.now)
    life.now = datetime(2026, 3, 20, 9, tzinfo=UTC)
    await leaderboards.compute(database, now=life.now)

    async def read_heads() -> dict[str, int]:
        async with database.reader() as session:
            of_season = select(UnitStanding).where(col(UnitStanding.scope) == "2026-Q1")
            return {row.entity_id: row.people for row in await session.scalars(of_season)}

    async with database.writer() as session:
        elsewhere = (await make_entity(session, "Company/Elsewhere")).id
        for _ in range(7):
            await make_employee(session, entity="Company/Elsewhere", at=life.now)
    before = (await read_heads()).get(elsewhere, 0)
    life.now = datetime(2026, 4, 2, 9, tzinfo=UTC)
    await leaderboards.compute(database, now=life.now)
    assert (await read_heads())[elsewhere] == before + 7
    async with database.writer() as session:
        await make_employee(session, entity="Company/Elsewhere", at=life.now)
    await leaderboards.compute(database, now=life.now + timedelta(days=1))
    assert (await read_heads())[elsewhere] == before + 7
