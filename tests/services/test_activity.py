"""Days of activity are what the record says, in whatever order and however often they are counted."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.core import clock
from app.core.db import Database
from app.core.lanes import SessionLane
from app.jobs.drain import drain
from app.models.activity import ActivityChange, ActivityDay
from app.models.authorships import Authorship
from app.models.comments import Comment
from app.models.employees import Employee
from app.models.ideas import Idea
from app.models.votes import Vote
from app.queries.activity import COUNTS
from app.schemas.comments import WriteComment
from app.schemas.ideas import SubmitIdea
from app.services import activity, comments, endings, ideas, votes
from tests.support.world import START, Cast

PEOPLE = ("Alice", "Bob", "Max", "Pete", "Mia", "Dan")

Days = dict[tuple[str, date], dict[str, int]]


async def work_off(database: Database, now: datetime) -> None:
    while await drain(database, now=now):
        pass


async def read_days(database: Database) -> Days:
    async with database.reader() as session:
        rows = (await session.scalars(select(ActivityDay))).all()
    return {(row.employee_id, row.day): {name: getattr(row, name) for name in COUNTS} for row in rows}


async def count_by_hand(database: Database) -> Days:
    """Count ideas, comments and votes plainly in Python."""
    found: defaultdict[tuple[str, date], Counter[str]] = defaultdict(Counter)

    def add(person: str, at: datetime | None, names: Iterable[str]) -> None:
        assert at is not None
        found[person, clock.day_in(database.zone, at)].update(names)

    async with database.reader() as session:
        for vote in await session.scalars(select(Vote).where(col(Vote.withdrawn_at).is_(None))):
            add(vote.voter_id, vote.cast_at, ["votes"])
        for comment in await session.scalars(select(Comment).where(col(Comment.deleted_at).is_(None))):
            named = [] if comment.unnamed else ["named_comments"]
            add(comment.author_id, comment.created_at, ["comments", *named])
        for idea in await session.scalars(select(Idea).where(col(Idea.stage).not_in(("draft", "withdrawn")))):
            authors = select(col(Authorship.employee_id)).where(col(Authorship.idea_id) == idea.id)
            for person in await session.scalars(authors.where(col(Authorship.state) == "accepted")):
                named = [] if idea.anonymous else ["named_ideas"]
                add(person, idea.submitted_at, ["ideas", *named])
    return {pair: dict(counts) for pair, counts in found.items()}


class Life:
    """A few people who write, vote and take things back at random."""

    def __init__(self, database: Database, cast: Cast, rng: Random) -> None:
        self.database, self.cast, self.rng = database, cast, rng
        self.now = START
        self.ideas: list[tuple[str, str]] = []
        self.comments: list[tuple[str, str]] = []
        self.votes: list[tuple[str, str]] = []

    async def act(self) -> None:
        self.now += timedelta(hours=self.rng.choice((0, 1, 7, 30)))
        acts = [self.submit, self.submit, self.vote, self.vote, self.vote, self.comment, self.comment]
        await self.rng.choice([*acts, self.take_back_vote, self.take_back_comment, self.take_back_idea])()

    async def submit(self) -> None:
        name = self.rng.choice(PEOPLE)
        async with self.database.writer() as session:
            values = SubmitIdea(
                title="An idea",
                problem="p",
                solution="s",
                theme=self.cast.themes["brand"],
                anonymous=self.rng.random() < 0.4,
            )
            idea = await ideas.create(session, await self.cast.actor(session, name), values, now=self.now)
            self.ideas.append((idea.id, name))

    async def vote(self) -> None:
        if self.ideas:
            idea_id, author = self.rng.choice(self.ideas)
            name = self.rng.choice([person for person in PEOPLE if person != author])
            async with self.database.writer() as session:
                await votes.cast(session, await self.cast.actor(session, name), idea_id, now=self.now)
            self.votes.append((idea_id, name))

    async def comment(self) -> None:
        if self.ideas:
            idea_id, _ = self.rng.choice(self.ideas)
            name = self.rng.choice(PEOPLE)
            async with self.database.writer() as session:
                lane, actor = SessionLane(session), await self.cast.actor(session, name)
                written = await comments.write(lane, actor, idea_id, WriteComment(body="so"), now=self.now)
            self.comments.append((written.id, name))

    async def take_back_vote(self) -> None:
        if self.votes:
            idea_id, name = self.votes.pop(self.rng.randrange(len(self.votes)))
            async with self.database.writer() as session:
                await votes.withdraw(session, await self.cast.actor(session, name), idea_id, now=self.now)

    async def take_back_comment(self) -> None:
        if self.comments:
            comment_id, name = self.comments.pop(self.rng.randrange(len(self.comments)))
            async with self.database.writer() as session:
                actor = await self.cast.actor(session, name)
                await comments.delete(session, actor, comment_id, version=1, now=self.now)

    async def take_back_idea(self) -> None:
        if self.ideas:
            idea_id, name = self.ideas.pop(self.rng.randrange(len(self.ideas)))
            self.votes = [vote for vote in self.votes if vote[0] != idea_id]
            async with self.database.writer() as session:
                await endings.withdraw(session, await self.cast.actor(session, name), idea_id, now=self.now)


@pytest.mark.parametrize("seed", range(4))
async def test_days_are_what_the_record_says(database: Database, cast: Cast, seed: int) -> None:
    rng = Random(seed)
    life = Life(database, cast, rng)
    for _ in range(60):
        await life.act()
        if rng.random() < 0.2:
            await work_off(database, life.now)
        if rng.random() < 0.2:
            await activity.refresh(database, now=life.now)
    await work_off(database, life.now)
    await activity.refresh(database, now=life.now)
    counted = await read_days(database)
    by_hand = await count_by_hand(database)
    assert any(day["ideas"] > day["named_ideas"] for day in counted.values())
    for pair in counted.keys() | by_hand.keys():
        expected = by_hand.get(pair, {})
        found = counted.get(pair, {})
        for name in ("ideas", "named_ideas", "comments", "named_comments", "votes"):
            assert found.get(name, 0) == expected.get(name, 0), (pair, name)
    assert await recount(database) == counted


async def recount(database: Database) -> Days:
    """Count everybody again from the beginning."""
    async with database.writer() as session:
        for person in await session.scalars(select(col(Employee.id))):
            session.add(ActivityChange(employee_id=person, since=date(1970, 1, 1)))
    await activity.refresh(database, now=START)
    return await read_days(database)
