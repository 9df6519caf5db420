"""Votes counted together: nobody takes the others along, and each person's ballots keep their order."""

import asyncio
from collections.abc import Callable

import pytest

from app.core import ids
from app.core.db import Database
from app.domain.actors import Actor
from app.domain.ideas import NoSuchIdea
from app.domain.votes import OwnIdea
from app.schemas.votes import VoteTally
from app.services.ballots import BallotBox
from tests.services.test_rewards import submit
from tests.services.test_votes import count
from tests.support import world
from tests.support.client import Client
from tests.support.statements import counted
from tests.support.world import Cast

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
