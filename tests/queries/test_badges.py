"""What somebody shows comes from named contributions alone: with another anonymous author nobody sees a difference."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from app.core.db import Database
from app.domain.badge_catalogue import CATALOGUE
from app.models.badges import BadgeAward
from app.queries import badges as reading
from app.queries.levels import count_named_points
from app.queries.rewards import get_sums
from app.schemas.badges import ChooseDisplay
from app.schemas.ideas import EditIdea
from app.services import authorships, badges, ideas, preconditions, votes
from tests.conftest import Templates, make_settings
from tests.support.merits import Days, thank
from tests.support.world import START, Cast

PAIR = ("Max", "Pete")
SHOWING = (*PAIR, "Mia", "Fay")


class World(Days):
    """The same script, in which one of two people does what is done anonymously; `seen` by all at three moments."""

    def __init__(self, database: Database, cast: Cast) -> None:
        super().__init__(database, cast)
        self.seen: list[dict[str, Any]] = []

    async def show(self, day: int) -> None:
        await self.look(day, CATALOGUE)
        self.seen.append(await read_everything(self.database, self.cast))

    async def live(self, author: str) -> None:
        async with self.database.writer() as session:
            for name in SHOWING:
                shown = ChooseDisplay(badges=True, level=True)
                await badges.choose(session, await self.cast.actor(session, name), shown, now=START)
        named = [await self.submit(name, 0) for name in ("Mia", "Dev", *PAIR)]
        secret = await self.submit(author, 1, anonymous=True)
        shared = await self.submit("Mia", 1, anonymous=True)
        for name in PAIR:
            await self.comment(name, 2, shared)
            await self.vote(name, 2, named[0])
            await self.vote(name, 2, shared)
        # Without a name, and before those that are seen on this day: they take its slots.
        for _ in range(2):
            await self.comment(author, 8, secret)
        for name in PAIR:
            for day, idea_id in ((8, named[0]), (9, named[1])):
                await self.comment(name, day, idea_id)
        await self.advance(secret, 9)
        await self.advance(named[2], 9)
        async with self.database.writer() as session:
            helped = START + timedelta(days=10)
            await thank(session, secret, self.cast[author].id, self.cast["Fay"].id, now=helped)
        await self.show(10)
        await self.write_together(author, shared)
        await self.show(15)

    async def vote(self, name: str, day: int, idea_id: str) -> None:
        async with self.database.writer() as session:
            now = START + timedelta(days=day)
            await votes.cast(session, await self.cast.actor(session, name), idea_id, now=now)

    async def write_together(self, author: str, idea_id: str) -> None:
        """Join an anonymous idea that one spoke and voted about; leave it; then it is signed by who is left."""
        person, now = self.cast[author].id, START + timedelta(days=11)
        async with self.database.writer() as session:
            mia, other = await self.cast.actor(session, "Mia"), await self.cast.actor(session, author)
            await authorships.invite(session, mia, idea_id, employee_id=person, now=now)
            await authorships.answer(session, other, idea_id, accept=True, now=now)
        await self.show(11)
        async with self.database.writer() as session:
            await authorships.end(session, other, idea_id, employee_id=person, now=now)
        async with self.database.writer() as session:
            sign = EditIdea(anonymous=False)
            await ideas.edit(session, mia, idea_id, sign, version=preconditions.ANY, now=now)


async def read_everything(database: Database, cast: Cast) -> dict[str, Any]:
    """Return what every reader sees of everybody, what others may see in the tables, and the own awards."""
    seen: dict[str, Any] = {}
    async with database.writer() as session:
        for reader in ("Alice", "Hana", "Adam", "Ian", *SHOWING):
            actor = await cast.actor(session, reader)
            for name in SHOWING:
                person = cast[name]
                shown = await reading.get_shown(session, actor, person.id)
                seen[f"{reader} sees {name}"] = shown.model_dump_json()
                seen[f"points of {name}"] = await count_named_points(session, person.id)
        rows = await session.scalars(select(BadgeAward).where(col(BadgeAward.shown).is_(True)))
        seen["shown"] = sorted(
            (row.employee_id, row.badge, row.tier, row.awarded_on, row.rule) for row in rows
        )
    return seen


async def live(
    templates: Templates, directory: Path, author: str
) -> tuple[list[dict[str, Any]], dict[str, int]]:
    url = templates.make_copy(peopled=True)
    database = Database(make_settings(url, directory))
    try:
        cast = templates.cast
        world = World(database, cast)
        await world.live(author)
        async with database.reader() as session:
            earned = {name: (await get_sums(session, cast[name].id)).earned for name in PAIR}
        return world.seen, earned
    finally:
        await database.close()
        templates.drop(url)


async def test_with_another_anonymous_author_nobody_sees_a_difference(
    templates: Templates, tmp_path: Path
) -> None:
    (first, earned_first), (second, earned_second) = [
        await live(templates, tmp_path, author) for author in PAIR
    ]
    assert first == second
    assert earned_first != earned_second
    assert any("made_real" in str(each) for each in first[0].values()), "what is named is seen"


async def test_who_signs_is_seen_and_who_left_before_is_not(templates: Templates, tmp_path: Path) -> None:
    seen, _ = await live(templates, tmp_path, "Max")
    mia, pete = templates.cast["Mia"].id, templates.cast["Pete"].id
    shown = seen[-1]["shown"]
    first_ideas = {person: day for person, badge, _, day, _ in shown if badge == "first_idea"}
    assert first_ideas[mia] == first_ideas[pete] == START.date()
    assert "many_hands" not in {badge for _, badge, *_ in shown}


async def test_a_signed_idea_counts_for_others_from_its_own_day(database: Database, cast: Cast) -> None:
    days = Days(database, cast)
    idea = await days.submit("Max", 3, anonymous=True)
    await days.comment("Pete", 4, idea)
    await days.look(5, CATALOGUE)

    async def read() -> dict[str, Any]:
        async with database.reader() as session:
            rows = await session.scalars(select(BadgeAward).where(col(BadgeAward.shown).is_(True)))
            return {row.badge: row.awarded_on for row in rows if row.employee_id == cast["Max"].id}

    assert await read() == {}
    async with database.writer() as session:
        max_, sign = await cast.actor(session, "Max"), EditIdea(anonymous=False)
        await ideas.edit(session, max_, idea, sign, version=preconditions.ANY, now=START + timedelta(days=6))
    await days.look(7, CATALOGUE)
    assert (await read())["first_idea"] == START.date() + timedelta(days=3)
