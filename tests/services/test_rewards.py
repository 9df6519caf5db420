"""Points follow from events, exactly once, whatever is undone, repeated or interrupted."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

import pytest
from sqlalchemy import func, select, update
from sqlmodel import col

from app.core.db import Database
from app.core.lanes import SessionLane
from app.jobs import reactions
from app.jobs.drain import drain
from app.models.events import Event
from app.models.ideas import Idea
from app.models.rewards import PointEntry
from app.queries import rewards
from app.schemas.comments import WriteComment
from app.schemas.ideas import SubmitIdea
from app.services import campaigns, comments, ideas, votes
from tests.support.client import Client
from tests.support.world import START, Cast

Speak = Callable[[str], Client]


async def drain_all(database: Database) -> None:
    while await drain(database, now=START):
        pass


async def balance(database: Database, cast: Cast, name: str) -> int:
    async with database.reader() as session:
        return await rewards.get_balance(session, cast[name].id)


async def submit(database: Database, cast: Cast, name: str, title: str = "An idea") -> str:
    async with database.writer() as session:
        actor = await cast.actor(session, name)
        values = SubmitIdea(title=title, problem="p", solution="s", theme=cast.themes["brand"])
        return (await ideas.create(session, actor, values, now=START)).id


async def test_a_vote_pays_once_and_a_withdrawal_takes_it_back(database: Database, cast: Cast) -> None:
    idea_id = await submit(database, cast, "Alice")
    for _ in range(3):
        for act in (votes.cast, votes.withdraw):
            async with database.writer() as session:
                await act(session, await cast.actor(session, "Max"), idea_id, now=START)
            await drain_all(database)
        assert await balance(database, cast, "Max") == 0
    async with database.writer() as session:
        await votes.cast(session, await cast.actor(session, "Max"), idea_id, now=START)
    await drain_all(database)
    assert await balance(database, cast, "Max") == 1


async def test_votes_are_capped_at_three_a_day_and_voting_again_takes_no_new_slot(
    database: Database, cast: Cast
) -> None:
    idea_ids = [await submit(database, cast, "Alice", f"Idea {number}") for number in range(6)]
    for idea_id in idea_ids[:5]:
        async with database.writer() as session:
            await votes.cast(session, await cast.actor(session, "Max"), idea_id, now=START)
    await drain_all(database)
    assert await balance(database, cast, "Max") == 3
    for act in (votes.withdraw, votes.cast):
        async with database.writer() as session:
            await act(session, await cast.actor(session, "Max"), idea_ids[0], now=START)
    await drain_all(database)
    assert await balance(database, cast, "Max") == 3
    async with database.writer() as session:
        tomorrow = START + timedelta(days=1)
        await votes.cast(session, await cast.actor(session, "Max"), idea_ids[5], now=tomorrow)
    await drain_all(database)
    assert await balance(database, cast, "Max") == 4


async def test_a_day_is_one_of_the_company_not_of_the_server(database: Database, cast: Cast) -> None:
    """23:30 UTC is already tomorrow in Paris: four votes on two local days are all paid."""
    idea_ids = [await submit(database, cast, "Alice", f"Idea {number}") for number in range(4)]
    evening = START.replace(hour=22, minute=30)
    for place, idea_id in enumerate(idea_ids):
        async with database.writer() as session:
            moment = evening + timedelta(minutes=60 if place == 3 else 0)
            await votes.cast(session, await cast.actor(session, "Max"), idea_id, now=moment)
    await drain_all(database)
    assert await balance(database, cast, "Max") == 4


async def test_one_idea_pays_for_one_comment_and_deleting_it_takes_the_point_back(
    database: Database, cast: Cast
) -> None:
    idea_id = await submit(database, cast, "Alice")
    written = []
    for body in ("first", "second"):
        async with database.writer() as session:
            actor = await cast.actor(session, "Max")
            written.append(
                await comments.write(SessionLane(session), actor, idea_id, WriteComment(body=body), now=START)
            )
    await drain_all(database)
    assert await balance(database, cast, "Max") == 1
    for comment, left in zip(written, (1, 0), strict=True):
        async with database.writer() as session:
            actor = await cast.actor(session, "Max")
            await comments.delete(session, actor, comment.id, version=1, now=START)
        await drain_all(database)
        assert await balance(database, cast, "Max") == left


async def test_submission_is_shared_and_taken_back_on_withdrawal(
    database: Database, cast: Cast, speak: Speak
) -> None:
    alice, pete = speak("Alice"), speak("Max")
    body = {
        "title": "Together",
        "problem": "p",
        "solution": "s",
        "theme": cast.themes["brand"],
        "draft": True,
    }
    idea = await alice.post("/ideas", body)
    await alice.post(f"/ideas/{idea['id']}/authors", {"employee": cast["Max"].id})
    await pete.put(f"/ideas/{idea['id']}/authors/me", {"answer": "accept"})
    await alice.post(f"/ideas/{idea['id']}/submission")
    await drain_all(database)
    assert (await balance(database, cast, "Alice"), await balance(database, cast, "Max")) == (5, 5)
    points = await alice.get("/me/points")
    assert points["balance"] == 5
    assert points["items"][0]["rule"] == "submitted"
    await alice.post(f"/ideas/{idea['id']}/withdrawal")
    await drain_all(database)
    assert (await balance(database, cast, "Alice"), await balance(database, cast, "Max")) == (0, 0)


@pytest.mark.parametrize("seed", range(3))
async def test_replaying_events_in_any_batches_and_order_writes_nothing_more(
    database: Database, cast: Cast, seed: int
) -> None:
    rng = Random(seed)
    idea_ids = [await submit(database, cast, name, f"Idea {name}") for name in ("Alice", "Pete", "Olga")]
    voters = ["Max", "Eve", "Dan", "Mia"]
    for _ in range(30):
        async with database.writer() as session:
            actor = await cast.actor(session, rng.choice(voters))
            await rng.choice((votes.cast, votes.withdraw))(session, actor, rng.choice(idea_ids), now=START)
    await drain_all(database)
    before = await read_ledger(database)
    async with database.writer() as session:
        events = list(await session.scalars(select(Event).order_by(col(Event.sequence))))
        rng.shuffle(events)
        for start in range(0, len(events), 7):
            await reactions.react(session, events[start : start + 7], now=START)
    assert await read_ledger(database) == before


async def read_ledger(database: Database) -> list[tuple[str, str, int]]:
    async with database.reader() as session:
        rows = await session.execute(
            select(col(PointEntry.employee_id), col(PointEntry.rule), func.sum(col(PointEntry.points)))
            .group_by(col(PointEntry.employee_id), col(PointEntry.rule))
            .order_by(col(PointEntry.employee_id), col(PointEntry.rule))
        )
        return [(person, rule, int(points)) for person, rule, points in rows]


async def test_a_poisoned_event_waits_while_the_others_go_on(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    idea_id = await submit(database, cast, "Alice")
    async with database.writer() as session:
        await votes.cast(session, await cast.actor(session, "Max"), idea_id, now=START)
    healthy = reactions.react

    async def poisoned(session: object, events: list[Event], **kwargs: object) -> None:
        if any(event.kind == "ideas.submitted" for event in events):
            raise ValueError("poisoned")
        await healthy(session, events, **kwargs)  # type: ignore[arg-type]  # the shape of the real one

    monkeypatch.setattr(reactions, "react", poisoned)
    while await drain(database, now=START):
        pass
    assert await balance(database, cast, "Max") == 1
    monkeypatch.undo()
    assert await drain(database, now=START) == 0, "it waits before it is tried again"
    assert await drain(database, now=START + timedelta(seconds=5)) == 1
    assert await balance(database, cast, "Alice") == 10


async def test_imported_ideas_earn_nothing(database: Database, cast: Cast) -> None:
    idea_id = await submit(database, cast, "Alice")
    async with database.writer() as session:
        await session.execute(
            update(Idea).where(col(Idea.id) == idea_id).values(source="elsewhere", source_id="1")
        )
    await drain_all(database)
    assert await balance(database, cast, "Alice") == 0


async def test_who_was_first_in_a_campaign_is_paid_though_another_was_seen_before(
    database: Database, cast: Cast
) -> None:
    """A submission that began earlier may be committed after the points of another one were given."""
    async with database.writer() as session:
        challenge = await campaigns.announce(
            session,
            name="Challenge",
            question="",
            sponsor_id=None,
            starts_at=START - timedelta(days=1),
            ends_at=START + timedelta(days=30),
            now=START,
        )

    async def enter(name: str, moment: datetime) -> None:
        values = SubmitIdea(
            title="First", problem="p", solution="s", theme=cast.themes["brand"], campaign=challenge.id
        )
        async with database.writer() as session:
            await ideas.create(session, await cast.actor(session, name), values, now=moment)
        await drain_all(database)

    await enter("Max", START + timedelta(milliseconds=5))
    assert await balance(database, cast, "Max") == 60
    await enter("Pete", START)
    assert [await balance(database, cast, name) for name in ("Max", "Pete")] == [10, 60]
    await enter("Eve", START + timedelta(milliseconds=1))
    assert [await balance(database, cast, name) for name in ("Max", "Pete", "Eve")] == [10, 60, 10]
