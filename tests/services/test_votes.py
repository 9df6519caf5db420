"""Votes under concurrency: the rows decide, the counter follows."""

import asyncio
from collections.abc import Callable

from sqlalchemy import func, select
from sqlmodel import col

from app.core.db import Database
from app.models.events import Event
from app.models.votes import Vote
from app.queries import actors
from app.services import votes
from tests.services.test_rewards import submit
from tests.support import world
from tests.support.client import Client
from tests.support.world import START, Cast

Speak = Callable[[str], Client]


async def count(database: Database, idea_id: str) -> tuple[int, int]:
    """Return standing rows and vote events."""
    async with database.reader() as session:
        rows = await session.scalar(
            select(func.count()).where(col(Vote.idea_id) == idea_id, col(Vote.withdrawn_at).is_(None))
        )
        events = await session.scalar(select(func.count()).where(col(Event.kind).like("votes.%")))
    return rows or 0, events or 0


async def test_a_hundred_simultaneous_votes_of_one_person_are_one(
    database: Database, cast: Cast, speak: Speak
) -> None:
    idea_id = await submit(database, cast, "Alice")
    answers = await asyncio.gather(
        *(speak("Max").request("PUT", f"/ideas/{idea_id}/vote") for _ in range(100))
    )
    assert {(answer.status_code, answer.text) for answer in answers} == {(200, '{"votes":1,"voted":true}')}
    assert await count(database, idea_id) == (1, 1)


async def test_many_people_at_once_are_all_counted(database: Database, cast: Cast) -> None:
    idea_id = await submit(database, cast, "Alice")
    async with database.writer() as session:
        people = [await world.make_employee(session) for _ in range(60)]

    async def vote(person_id: str) -> int:
        async with database.writer() as session:
            actor = await actors.find_actor(session, person_id, session_id=None, now=START)
            assert actor is not None
            return (await votes.cast(session, actor, idea_id, now=START)).votes

    seen = await asyncio.gather(*(vote(person.id) for person in people))
    assert sorted(seen) == list(range(1, 61))
    assert await count(database, idea_id) == (60, 60)


async def test_a_toggle_storm_ends_where_each_person_ended(
    database: Database, cast: Cast, speak: Speak
) -> None:
    idea_id = await submit(database, cast, "Alice")
    names = ["Max", "Eve", "Dan", "Mia", "Hana", "Walt"]

    async def toggle(name: str, times: int) -> None:
        for turn in range(times):
            answer = await speak(name).request("DELETE" if turn % 2 else "PUT", f"/ideas/{idea_id}/vote")
            assert answer.status_code == 200
            assert 0 <= answer.json()["votes"] <= len(names)

    await asyncio.gather(*(toggle(name, 4 + place) for place, name in enumerate(names)))
    standing = sum((4 + place) % 2 for place in range(len(names)))
    assert (await speak("Pete").get(f"/ideas/{idea_id}"))["votes"] == standing
    assert (await count(database, idea_id))[0] == standing


async def test_withdrawing_without_a_vote_writes_nothing(
    database: Database, cast: Cast, speak: Speak
) -> None:
    idea_id = await submit(database, cast, "Alice")
    answer = await speak("Max").request("DELETE", f"/ideas/{idea_id}/vote")
    assert answer.json() == {"votes": 0, "voted": False}
    assert await count(database, idea_id) == (0, 0)


async def test_an_event_never_names_voter_and_idea_together(
    database: Database, cast: Cast, speak: Speak
) -> None:
    idea_id = await submit(database, cast, "Alice")
    await speak("Max").put(f"/ideas/{idea_id}/vote")
    await speak("Max").request("DELETE", f"/ideas/{idea_id}/vote")
    async with database.reader() as session:
        events = list(await session.scalars(select(Event).where(col(Event.kind).like("votes.%"))))
    assert len(events) == 2
    for event in events:
        assert cast["Max"].id not in event.model_dump_json()
        assert idea_id not in event.model_dump_json()


async def test_votes_end_where_the_idea_ends(cast: Cast, speak: Speak, database: Database) -> None:
    idea_id = await submit(database, cast, "Alice")
    await speak("Max").put(f"/ideas/{idea_id}/vote")
    await speak("Alice").post(f"/ideas/{idea_id}/withdrawal")
    await speak("Eve").refused("PUT", f"/ideas/{idea_id}/vote", 409, "votes.closed")
    await speak("Max").refused("DELETE", f"/ideas/{idea_id}/vote", 409, "votes.closed")
    await speak("Max").refused("PUT", "/ideas/aaaaaaaaaaaaaaaaaaaaaaaa/vote", 404, "ideas.unknown")
    await speak("").refused("PUT", f"/ideas/{idea_id}/vote", 401, "auth.required")
