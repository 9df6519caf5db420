"""Votes counted together: nobody takes the others along, and each person's ballots keep their order."""

import asyncio
from collections.abc import Callable

import pytest
from sqlalchemy import text

from app.core import ids
from app.core.config import Settings
from app.core.db import Database
from app.domain.actors import Actor
from app.domain.ideas import NoSuchIdea
from app.domain.votes import OwnIdea, VotingClosed
from app.schemas.votes import VoteTally
from app.services import votes
from app.services.ballots import BallotBox
from tests.services.test_rewards import submit
from tests.services.test_votes import count
from tests.support import world
from tests.support.client import Client
from tests.support.statements import counted
from tests.support.world import START, Cast

Speak = Callable[[str], Client]


@pytest.fixture
def box(database: Database) -> BallotBox:
    return BallotBox(database)


async def test_a_ballot_that_fails_takes_nobody_along(box: BallotBox, database: Database, cast: Cast) -> None:
    idea_id = await submit(database, cast, "Alice")
    voters = [Actor(cast["Max"].id), Actor(ids.new()), Actor(cast["Eve"].id), Actor(cast["Alice"].id)]
    first, unknown, third, author = await asyncio.gather(
        *(box.put(voter, idea_id, casts=True) for voter in voters), return_exceptions=True
    )
    assert {type(first), type(third)} == {VoteTally}
    assert type(unknown).__name__ in ("IntegrityError", "ForeignKeyViolationError")
    assert isinstance(author, OwnIdea)
    assert await count(database, idea_id) == (2, 2)


async def test_ballots_of_one_person_are_counted_in_their_order(
    box: BallotBox, database: Database, cast: Cast
) -> None:
    idea_id = await submit(database, cast, "Alice")
    voter = Actor(cast["Max"].id)
    answers = await asyncio.gather(
        *(box.put(voter, idea_id, casts=casts) for casts in (True, False, True, False, True))
    )
    assert [answer.votes for answer in answers] == [1, 0, 1, 0, 1]
    assert await count(database, idea_id) == (1, 5)


async def test_a_crowd_takes_a_few_statements(box: BallotBox, database: Database, cast: Cast) -> None:
    idea_id = await submit(database, cast, "Alice")
    async with database.writer() as session:
        people = [await world.make_employee(session) for _ in range(50)]
    with counted(database) as statements:
        answers = await asyncio.gather(*(box.put(Actor(one.id), idea_id, casts=True) for one in people))
    assert max(answer.votes for answer in answers) == 50
    assert await count(database, idea_id) == (50, 50)
    assert len(statements) <= 8


async def test_a_draft_is_unknown_to_who_votes_for_it(box: BallotBox, speak: Speak, cast: Cast) -> None:
    body = {"title": "Not yet", "problem": "p", "solution": "s", "theme": cast.themes["brand"], "draft": True}
    idea_id = (await speak("Alice").post("/ideas", body))["id"]
    for wanted in (idea_id, ids.new(), "not an id"):
        with pytest.raises(NoSuchIdea):
            await box.put(Actor(cast["Max"].id), wanted, casts=True)


async def test_a_withdrawal_that_waited_for_the_vote_takes_it_back(
    box: BallotBox, database: Database, settings: Settings, cast: Cast
) -> None:
    """Another replica's vote is committed while the withdrawal waits for the tally."""
    idea_id = await submit(database, cast, "Alice")
    voter = Actor(cast["Max"].id)
    other = database if settings.on_sqlite else Database(settings)
    async with other.writer() as session:
        await votes.cast(session, voter, idea_id, now=START)
        withdrawing = asyncio.create_task(box.put(voter, idea_id, casts=False))
        if not settings.on_sqlite:
            await waits_for_a_lock(database)
    answer = await withdrawing
    assert (answer.votes, answer.voted) == (0, False)
    assert await count(database, idea_id) == (0, 2)
    if other is not database:
        await other.close()


async def waits_for_a_lock(database: Database) -> None:
    """Return once a statement waits for a row lock (PostgreSQL)."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    async with asyncio.timeout(10):
        while True:
            async with database.reader() as session:
                if await session.scalar(waiting):
                    return
            await asyncio.sleep(0.01)


async def test_a_tally_that_lost_its_stage_ends_a_vote(
    box: BallotBox, database: Database, cast: Cast
) -> None:
    idea_id = await submit(database, cast, "Alice")
    async with database.writer() as session:
        await session.execute(text("UPDATE tallies SET stage = 'draft'"))
    async with asyncio.timeout(10):
        with pytest.raises(VotingClosed):
            await box.put(Actor(cast["Max"].id), idea_id, casts=True)
