"""Boards say of somebody what named contributions alone give, and of nobody that they voted."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from app.core.db import Database
from app.models.leaderboards import PersonStanding, SeasonPoints, UnitStanding
from app.schemas.ideas import EditIdea
from app.services import ideas, leaderboards, preconditions
from tests.conftest import Templates, make_settings
from tests.queries.test_badges import PAIR, World
from tests.support.merits import thank
from tests.support.world import START, Cast


class Season(World):
    """The script of `World`; `seen` are all that boards are made of."""

    async def show(self, day: int) -> None:
        now = START + timedelta(days=day)
        await self.look(day, ())
        await leaderboards.compute(self.database, now=now)
        self.seen.append(await read_boards(self.database))

    async def sign(self, name: str, day: int, idea_id: str) -> None:
        async with self.database.writer() as session:
            actor, now = await self.cast.actor(session, name), START + timedelta(days=day)
            values = EditIdea(anonymous=False)
            await ideas.edit(session, actor, idea_id, values, version=preconditions.ANY, now=now)


async def read_boards(database: Database) -> dict[str, Any]:
    """Return what is kept, without when it was worked out."""
    async with database.reader() as session:
        return {
            table.__name__: sorted(str(row.model_dump()) for row in await session.scalars(select(table)))
            for table in (PersonStanding, SeasonPoints, UnitStanding)
        }


async def live(templates: Templates, directory: Path, author: str) -> list[dict[str, Any]]:
    url = templates.make_copy(peopled=True)
    database = Database(make_settings(url, directory))
    try:
        season = Season(database, templates.cast)
        await season.live(author)
        return season.seen
    finally:
        await database.close()
        templates.drop(url)


async def test_with_another_anonymous_author_no_board_differs(templates: Templates, tmp_path: Path) -> None:
    first, second = [await live(templates, tmp_path, author) for author in PAIR]
    people = [[seen["PersonStanding"] for seen in world] for world in (first, second)]
    assert people[0] == people[1]
    # Whoever joins an idea votes for it no more: of that a unit tells, as of each vote, among five and more.
    assert first[0] == second[0]
    assert people[0][0] != people[0][-1], "signing an idea moves a board"


async def test_whoever_helped_with_an_anonymous_idea_has_it_counted_when_it_is_signed(
    database: Database, cast: Cast
) -> None:
    season = Season(database, cast)
    idea = await season.submit("Max", 1, anonymous=True)
    async with database.writer() as session:
        helped = START + timedelta(days=2)
        await thank(session, idea, cast["Max"].id, cast["Fay"].id, now=helped)
    await season.show(3)

    async def read() -> int | None:
        async with database.reader() as session:
            fay = select(col(PersonStanding.points)).where(
                col(PersonStanding.employee_id) == cast["Fay"].id, col(PersonStanding.scope) == "all"
            )
            found: int | None = await session.scalar(fay)
            return found

    assert await read() is None
    await season.sign("Max", 4, idea)
    await season.show(5)
    assert await read() == 5


async def test_a_vote_moves_nobody_on_the_board_of_people(database: Database, cast: Cast) -> None:
    days = Season(database, cast)
    idea = await days.submit("Mia", 0)
    await days.show(1)
    async with database.reader() as session:
        before = [row.model_dump() for row in await session.scalars(select(PersonStanding))]
    await days.vote("Pete", 2, idea)
    await days.show(3)
    async with database.reader() as session:
        assert [row.model_dump() for row in await session.scalars(select(PersonStanding))] == before
        kept = await session.scalars(
            select(col(SeasonPoints.points)).where(col(SeasonPoints.employee_id) == cast["Pete"].id)
        )
        assert sum(kept) == 1, "among five and more a vote counts"
