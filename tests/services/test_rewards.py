"""Points follow from events, exactly once, whatever is undone, repeated or interrupted."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from random import Random

import pytest
from sqlalchemy import func, select, text, update
from sqlmodel import col

from app.core import clock, ids
from app.core.db import Database, ReadSession
from app.core.lanes import SessionLane
from app.domain.rewards import BalanceTooSmall
from app.jobs import reactions
from app.jobs.drain import drain
from app.models.events import Event
from app.models.ideas import Idea
from app.models.rewards import PointEntry
from app.queries import ledger_audit, recomputation, rewards
from app.schemas.comments import WriteComment
from app.schemas.ideas import SubmitIdea
from app.services import campaigns, comments, ideas, votes
from app.services import rewards as giving
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


async def give(database: Database, cast: Cast, name: str, points: int) -> None:
    async with database.writer() as session:
        day = clock.day_in("Europe/Paris", START)
        session.add(
            PointEntry(
                employee_id=cast[name].id,
                rule="gift",
                subject=ids.new(),
                points=points,
                day=day,
                at=START,
            )
        )


async def spend(database: Database, cast: Cast, subject: str, points: int) -> bool:
    try:
        async with database.writer() as session:
            await giving.spend(session, cast["Max"].id, subject=subject, points=points, now=START)
            return True
    except BalanceTooSmall:
        return False


async def test_points_are_spent_once_given_back_and_spent_again(database: Database, cast: Cast) -> None:
    await give(database, cast, "Max", 30)
    claim, other = ids.new(), ids.new()
    assert await spend(database, cast, claim, 20)
    assert await spend(database, cast, claim, 20), "asked twice, spent once"
    assert await balance(database, cast, "Max") == 10
    assert not await spend(database, cast, other, 11)
    async with database.writer() as session:
        for _ in range(2):
            await giving.give_back(session, cast["Max"].id, subject=claim, now=START)
    assert await balance(database, cast, "Max") == 30
    assert await spend(database, cast, other, 30)
    assert not await spend(database, cast, claim, 1)
    assert await balance(database, cast, "Max") == 0
    async with database.reader() as session:
        assert [found.level for found in await ledger_audit.check(session)] == ["note"]


async def test_of_many_who_spend_the_last_points_at_once_one_does(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    await give(database, cast, "Max", 30)
    met = asyncio.Barrier(2)

    async def read_together(session: ReadSession, employee_id: str) -> int:
        """Wait for somebody else who has read as well: who holds the person is alone."""
        found = await rewards.get_balance(session, employee_id)
        with suppress(TimeoutError, asyncio.BrokenBarrierError):
            await asyncio.wait_for(met.wait(), 0.3)
        return found

    monkeypatch.setattr("app.services.rewards.get_balance", read_together)
    done = await asyncio.gather(*(spend(database, cast, ids.new(), 20) for _ in range(4)))
    assert sum(done) == 1
    assert await balance(database, cast, "Max") == 10


async def test_points_are_shown_by_rule_and_by_season(database: Database, cast: Cast, speak: Speak) -> None:
    idea_id = await submit(database, cast, "Alice")
    async with database.writer() as session:
        await votes.cast(session, await cast.actor(session, "Max"), idea_id, now=START + timedelta(days=90))
    await drain_all(database)
    await give(database, cast, "Max", 30)
    assert await spend(database, cast, ids.new(), 20)
    points = await speak("Max").get("/me/points")
    assert points["balance"] == 11
    assert points["by_rule"] == [
        {"rule": "gift", "points": 30},
        {"rule": "prize", "points": -20},
        {"rule": "vote", "points": 1},
    ]
    assert points["by_season"] == [
        {"season": "2026-Q2", "from": "2026-04-01", "until": "2026-06-30", "points": 1},
        {"season": "2026-Q1", "from": "2026-01-01", "until": "2026-03-31", "points": 10},
    ]
    assert {item["rule"]: item["idea"] for item in points["items"]} == {
        "vote": idea_id,
        "prize": None,
        "gift": None,
    }


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("UPDATE point_entries SET points = 11 WHERE rule = 'submitted'", "differs from what happened"),
        ("UPDATE point_entries SET occurrence = 3 WHERE rule = 'vote'", "does not add up"),
        ("UPDATE point_entries SET subject = 'nothing' WHERE rule = 'submitted'", "don't exist"),
        ("DELETE FROM point_entries WHERE rule = 'vote'", "differs from what happened"),
        ("UPDATE votes SET withdrawn_at = cast_at", "differs from what happened"),
        ("UPDATE point_entries SET points = 0 WHERE rule = 'vote'", "does not add up"),
    ],
)
async def test_an_audit_finds_what_was_changed_by_hand(
    database: Database, cast: Cast, change: str, what: str
) -> None:
    idea_id = await submit(database, cast, "Alice")
    async with database.writer() as session:
        await votes.cast(session, await cast.actor(session, "Max"), idea_id, now=START)
    await drain_all(database)

    async def find() -> list[str]:
        async with database.reader() as session:
            return [found.what for found in await ledger_audit.check(session) if found.level == "error"]

    assert await find() == []
    async with database.writer() as session:
        await session.execute(text(change))
    assert [each for each in await find() if what in each]
    async with database.writer() as session:
        await session.execute(update(Event).values(worked_off_at=None))
    assert not [each for each in await find() if "what happened" in each], "events wait: nobody can know"


async def test_an_audit_of_many_compares_some(database: Database, cast: Cast) -> None:
    for number in range(4):
        await submit(database, cast, "Alice", f"Idea {number}")
    await drain_all(database)
    async with database.reader() as session:
        some = await recomputation.compare(session, most=3)
    assert (some.people, some.ideas, some.of_ideas) == (3, 3, 4)
    assert some.of_people == len(cast.people)
    assert some.differing == []


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
