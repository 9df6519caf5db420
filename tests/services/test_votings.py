"""Votings of campaigns: tokens are spent once, hidden votes are counted once and for good."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from random import Random

import pytest
from sqlalchemy import func, select, text, update
from sqlmodel import col

from app.core import clock
from app.core.config import Settings
from app.core.db import Database
from app.domain import ranking
from app.domain.actors import Actor
from app.domain.votes import NoTokenLeft, VotingNotRunning
from app.domain.votings import VotingBegun
from app.jobs.drain import drain
from app.models.events import Event
from app.models.ideas import Idea, Tally
from app.models.votes import Vote
from app.queries import votings as reading
from app.schemas.votes import BoundTally, VoteTally
from app.schemas.votings import SetVoting
from app.services import votes, votings
from app.services.ballots import BallotBox
from tests.services.test_ballots import waits_for_a_lock
from tests.support import challenges, world
from tests.support.client import Client
from tests.support.statements import counted
from tests.support.world import Cast

Speak = Callable[[str], Client]
TEXT = "A text that is long enough to explain it."


@pytest.fixture
async def boxes(database: Database, settings: Settings) -> AsyncIterator[list[BallotBox]]:
    """The ballot boxes of two replicas; on SQLite there is one process."""
    if settings.on_sqlite:
        yield [BallotBox(database)]
        return
    other = Database(settings)
    yield [BallotBox(database), BallotBox(other)]
    await other.close()


async def count(database: Database, idea_id: str) -> tuple[int, int]:
    """Return the counter and the standing rows."""
    async with database.reader() as session:
        rows = select(func.count()).where(col(Vote.idea_id) == idea_id, col(Vote.withdrawn_at).is_(None))
        return (await session.get_one(Tally, idea_id)).votes, await session.scalar(rows) or 0


async def count_used(database: Database, voter_id: str, campaign_id: str) -> int:
    async with database.reader() as session:
        purses = await reading.read_purses(session, [voter_id], [campaign_id])
    return purses.used[voter_id, campaign_id]


async def list_kinds(database: Database) -> list[str]:
    async with database.reader() as session:
        return list(await session.scalars(select(col(Event.kind)).where(col(Event.kind).like("vot%"))))


async def check_scores(database: Database, idea_ids: Iterable[str]) -> None:
    """Compare the scores of ideas that nobody answered with those of the rule."""
    async with database.reader() as session:
        for idea in idea_ids:
            tally = await session.get_one(Tally, idea)
            submitted_at = (await session.get_one(Idea, idea)).submitted_at
            assert submitted_at is not None
            hot = ranking.get_hot(tally.votes, tally.comments, submitted_at)
            assert tally.hot == pytest.approx(hot, rel=0, abs=1e-6)
            attention = ranking.get_attention(0, tally.votes, tally.comments, answered=False)
            assert tally.attention == attention


@pytest.mark.parametrize("hidden", [False, True])
async def test_two_hundred_votes_of_one_person_spend_ten_tokens(
    database: Database, cast: Cast, boxes: list[BallotBox], hidden: bool
) -> None:
    campaign = await challenges.announce(database, cast, tokens=10, hidden=hidden)
    ideas = await challenges.submit(database, cast, campaign, count=200)
    voter = Actor(cast["Max"].id)
    answers = await asyncio.gather(
        *(boxes[place % len(boxes)].put(voter, idea, casts=True) for place, idea in enumerate(ideas)),
        return_exceptions=True,
    )
    taken = [answer for answer in answers if isinstance(answer, BoundTally)]
    refused = [answer for answer in answers if isinstance(answer, NoTokenLeft)]
    assert (len(taken), len(refused)) == (10, 190)
    assert sorted(answer.tokens_left or 0 for answer in taken) == list(range(10))
    assert {(answer.votes, answer.hidden) for answer in taken} == {(0 if hidden else 1, hidden)}
    assert "(10)" in refused[0].detail
    assert await count_used(database, voter.id, campaign) == 10
    assert await challenges.list_errors(database) == []


async def test_tokens_that_go_to_and_fro_are_never_spent_twice(
    database: Database, cast: Cast, boxes: list[BallotBox]
) -> None:
    campaign = await challenges.announce(database, cast, tokens=4)
    ideas = await challenges.submit(database, cast, campaign, count=12)
    voter, luck = Actor(cast["Max"].id), Random(5)

    async def wish(box: BallotBox) -> None:
        for _ in range(25):
            idea, casts = luck.choice(ideas), luck.random() < 0.7
            try:
                answer = await box.put(voter, idea, casts=casts)
            except NoTokenLeft:
                assert casts
            else:
                assert isinstance(answer, BoundTally)
                assert answer.voted is casts
                assert answer.tokens_left in range(5)

    running = asyncio.gather(*(wish(boxes[place % len(boxes)]) for place in range(8)))
    while not running.done():
        assert await count_used(database, voter.id, campaign) <= 4
        await asyncio.sleep(0)
    await running
    for idea in ideas:
        votes_now, rows = await count(database, idea)
        assert votes_now == rows
    assert await challenges.list_errors(database) == []


async def test_a_token_comes_back_with_the_vote_and_with_the_end_of_the_idea(
    database: Database, cast: Cast, speak: Speak
) -> None:
    campaign = await challenges.announce(database, cast, tokens=1)
    first, second, third = await challenges.submit(database, cast, campaign, count=3)
    at, max_ = f"/campaigns/{campaign}/voting", speak("Max")
    assert (await max_.get(at))["tokens"] == {"all": 1, "left": 1}
    given = await max_.put(f"/ideas/{first}/vote")
    assert given == {"votes": 1, "voted": True, "hidden": False, "tokens_left": 0}
    assert await max_.put(f"/ideas/{first}/vote") == given
    refused = await max_.refused("PUT", f"/ideas/{second}/vote", 409, "votes.no-token-left")
    assert "(1)" in refused["detail"]
    assert (await speak("Eve").get(at))["tokens"] == {"all": 1, "left": 1}
    back = await max_.request("DELETE", f"/ideas/{first}/vote")
    assert back.json() == {"votes": 0, "voted": False, "hidden": False, "tokens_left": 1}
    await max_.put(f"/ideas/{second}/vote")
    await speak("Alice").post(f"/ideas/{second}/withdrawal")
    assert (await max_.get(at))["tokens"] == {"all": 1, "left": 1}
    await max_.put(f"/ideas/{third}/vote")
    assert (await max_.get(at))["tokens"] == {"all": 1, "left": 0}
    assert await challenges.list_errors(database) == []


async def test_a_reopened_idea_keeps_its_votes_though_their_tokens_were_spent(
    database: Database, cast: Cast, speak: Speak
) -> None:
    campaign = await challenges.announce(database, cast, tokens=1)
    first, second = await challenges.submit(database, cast, campaign, count=2)
    holder = (await speak("Max").get(f"/ideas/{first}"))["holder"]["name"]
    await speak("Max").put(f"/ideas/{first}/vote")
    decline = {"action": "decline", "reason_code": "cost", "text": TEXT}
    await speak(holder).post(f"/ideas/{first}/decisions", decline)
    await speak("Max").put(f"/ideas/{second}/vote")
    await speak("Irma").post(f"/ideas/{first}/transitions", {"to": "reopened", "text": TEXT})
    assert (await speak("Max").get(f"/campaigns/{campaign}/voting"))["tokens"] == {"all": 1, "left": 0}
    assert await count(database, first) == (1, 1)
    back = await speak("Max").request("DELETE", f"/ideas/{first}/vote")
    assert back.json()["tokens_left"] == 0
    assert await challenges.list_errors(database) == []


async def test_whoever_becomes_an_author_loses_a_hidden_vote_that_was_never_counted(
    database: Database, cast: Cast, speak: Speak
) -> None:
    campaign = await challenges.announce(database, cast, tokens=3, hidden=True)
    [idea] = await challenges.submit(database, cast, campaign)
    for name in ("Pete", "Max"):
        await speak(name).put(f"/ideas/{idea}/vote")
    await speak("Alice").post(f"/ideas/{idea}/authors", {"employee": cast["Pete"].id})
    await speak("Pete").put(f"/ideas/{idea}/authors/me", {"answer": "accept"})
    assert await count(database, idea) == (0, 1)
    assert (await speak("Pete").get(f"/campaigns/{campaign}/voting"))["tokens"] == {"all": 3, "left": 3}
    await challenges.let_end(database, campaign)
    await votings.end_due(database, now=clock.now())
    assert await count(database, idea) == (1, 1)
    assert await challenges.list_errors(database) == []


async def test_hidden_votes_are_counted_once_at_the_end_however_many_are_at_it(
    database: Database, settings: Settings, cast: Cast, boxes: list[BallotBox], speak: Speak
) -> None:
    campaign = await challenges.announce(database, cast, hidden=True)
    loved, liked, passed = await challenges.submit(database, cast, campaign, count=3)
    await speak("Olga").post(f"/ideas/{liked}/comments", {"body": "Yes"})
    for idea, names in ((loved, ("Max", "Eve", "Dan")), (liked, ("Max",))):
        for name in names:
            answer = await boxes[0].put(Actor(cast[name].id), idea, casts=True)
            assert answer == BoundTally(votes=0, voted=True, hidden=True, tokens_left=None)
    assert [await count(database, idea) for idea in (loved, liked, passed)] == [(0, 3), (0, 1), (0, 0)]
    assert await challenges.list_errors(database) == []
    await challenges.let_end(database, campaign)
    with pytest.raises(VotingNotRunning):
        await boxes[0].put(Actor(cast["Pete"].id), loved, casts=True)
    async with AsyncExitStack() as opened:
        workers = [database]
        if not settings.on_sqlite:
            workers.append(Database(settings))
            opened.push_async_callback(workers[1].close)
        for _ in range(2):
            await asyncio.gather(*(votings.end_due(each, now=clock.now()) for each in workers * 3))
    assert [await count(database, idea) for idea in (loved, liked, passed)] == [(3, 3), (1, 1), (0, 0)]
    kinds = await list_kinds(database)
    assert (kinds.count("votes.opened"), kinds.count("votings.ended")) == (3, 1)
    await check_scores(database, (loved, liked, passed))
    shown = await speak("Pete").get(f"/ideas/{loved}")
    assert (shown["votes"], shown["votes_hidden"], "vote" in shown["can"]) == (3, False, False)
    for method in ("PUT", "DELETE"):
        await speak("Max").refused(method, f"/ideas/{loved}/vote", 409, "votes.not-running")
    assert await challenges.list_errors(database) == []


async def test_no_vote_is_lost_or_added_while_a_voting_ends(
    database: Database, cast: Cast, boxes: list[BallotBox]
) -> None:
    for attempt in range(6):
        campaign = await challenges.announce(database, cast, tokens=2, hidden=True, name=f"Spring {attempt}")
        ideas = await challenges.submit(database, cast, campaign, count=3)
        async with database.writer() as session:
            people = [await world.make_employee(session) for _ in range(30)]
        # The watch of another process is a little ahead: it ends the voting while people still vote.
        late = clock.now() + timedelta(days=2)

        async def vote(place: int, person_id: str, ideas: list[str]) -> VoteTally | None:
            try:
                box = boxes[place % len(boxes)]
                return await box.put(Actor(person_id), ideas[place % 3], casts=True)
            except VotingNotRunning:
                return None

        async def end(late: datetime, turns: int) -> None:
            for _ in range(turns):
                await asyncio.sleep(0)
            await votings.end_due(database, now=late)

        voting = [vote(place, person.id, list(ideas)) for place, person in enumerate(people)]
        *answers, _ = await asyncio.gather(*voting, end(late, 20 * attempt))
        taken = sum(answer is not None for answer in answers)
        tallies = [await count(database, idea) for idea in ideas]
        assert sum(rows for _, rows in tallies) == taken
        assert all(votes_now == rows for votes_now, rows in tallies), tallies
        assert await challenges.list_errors(database) == []


async def test_the_first_vote_and_another_rule_exclude_each_other(
    database: Database, cast: Cast, boxes: list[BallotBox]
) -> None:
    for attempt in range(12):
        campaign = await challenges.announce(database, cast, name=f"Spring {attempt}")
        [idea] = await challenges.submit(database, cast, campaign)

        async def change(campaign: str) -> bool:
            try:
                async with database.writer() as session:
                    actor = await cast.actor(session, "Ian")
                    await votings.put(session, actor, campaign, SetVoting(hidden=True), now=clock.now())
            except VotingBegun:
                return False
            return True

        voting = [
            boxes[-1].put(Actor(cast[name].id), idea, casts=True) for name in ("Max", "Eve", "Dan", "Pete")
        ]
        racers = [*voting, change(campaign)] if attempt % 2 else [change(campaign), *voting]
        answers = await asyncio.gather(*racers)
        changed = next(answer for answer in answers if isinstance(answer, bool))
        assert await count(database, idea) == (0 if changed else 4, 4)
        assert await challenges.list_errors(database) == []


async def test_a_rule_waits_for_the_vote_that_is_under_way(
    database: Database, settings: Settings, cast: Cast, boxes: list[BallotBox]
) -> None:
    campaign = await challenges.announce(database, cast)
    [idea] = await challenges.submit(database, cast, campaign)

    async def change() -> None:
        async with database.writer() as session:
            actor = await cast.actor(session, "Ian")
            await votings.put(session, actor, campaign, SetVoting(hidden=True), now=clock.now())

    async with AsyncExitStack() as opened:
        other = database if settings.on_sqlite else Database(settings)
        if other is not database:
            opened.push_async_callback(other.close)
        async with other.writer() as session:
            await votes.cast(session, await cast.actor(session, "Max"), idea, now=clock.now())
            changing = asyncio.create_task(change())
            if not settings.on_sqlite:
                await waits_for_a_lock(database)
        with pytest.raises(VotingBegun):
            await changing
    assert await count(database, idea) == (1, 1)
    assert await challenges.list_errors(database) == []


async def test_a_hidden_vote_pays_its_voter_and_nobody_hears_of_it(
    database: Database, cast: Cast, speak: Speak
) -> None:
    campaign = await challenges.announce(database, cast, hidden=True)
    [idea] = await challenges.submit(database, cast, campaign)
    await speak("Max").put(f"/ideas/{idea}/vote")
    while await drain(database, now=clock.now()):
        pass
    assert (await speak("Max").get("/me/points"))["balance"] == 1
    await challenges.let_end(database, campaign)
    await votings.end_due(database, now=clock.now())
    while await drain(database, now=clock.now()):
        pass
    assert (await speak("Max").get("/me/points"))["balance"] == 1
    async with database.reader() as session:
        events = list(await session.scalars(select(Event).where(col(Event.kind).like("vot%"))))
    for event in events:
        assert cast["Max"].id not in event.model_dump_json()


async def test_a_free_vote_takes_no_more_statements_than_it_did(
    database: Database, settings: Settings, cast: Cast, boxes: list[BallotBox]
) -> None:
    [idea] = await challenges.submit(database, cast, None)
    for casts in (True, False):
        with counted(database) as statements:
            answer = await boxes[0].put(Actor(cast["Max"].id), idea, casts=casts)
        assert type(answer) is VoteTally
        assert len(statements) == (4 if settings.on_sqlite else 1), statements


async def test_an_idea_that_leaves_a_campaign_is_counted_as_where_it_goes(
    database: Database, cast: Cast, speak: Speak
) -> None:
    campaign = await challenges.announce(database, cast, hidden=True)
    body = {"title": "Late", "problem": "p", "solution": "s", "theme": cast.themes["brand"], "draft": True}
    draft = (await speak("Alice").post("/ideas", {**body, "campaign": campaign}))["id"]
    await challenges.let_end(database, campaign)
    await votings.end_due(database, now=clock.now())
    moved = {"json": {"campaign": cast.permanent_box}, "headers": {"If-Match": "*"}}
    assert (await speak("Alice").request("PATCH", f"/ideas/{draft}", **moved)).status_code == 200
    await speak("Alice").post(f"/ideas/{draft}/submission")
    assert await speak("Max").put(f"/ideas/{draft}/vote") == {"votes": 1, "voted": True}
    assert await challenges.list_errors(database) == []


async def test_the_doctor_finds_votes_that_are_counted_wrongly(
    database: Database, cast: Cast, speak: Speak
) -> None:
    campaign = await challenges.announce(database, cast, tokens=1, hidden=True)
    first, second = await challenges.submit(database, cast, campaign, count=2)
    await speak("Max").put(f"/ideas/{first}/vote")
    spend_twice = Vote(idea_id=second, voter_id=cast["Max"].id, cast_at=clock.now())
    async with database.writer() as session:
        session.add(spend_twice)
    [found] = await challenges.list_errors(database)
    assert "tokens" in found
    assert campaign in found
    async with database.writer() as session:
        await session.execute(text("DELETE FROM votes WHERE id = :id"), {"id": spend_twice.id})
        await session.execute(update(Tally).where(col(Tally.idea_id) == first).values(votes=1))
    [found] = await challenges.list_errors(database)
    assert "Counters" in found
    async with database.writer() as session:
        await session.execute(update(Tally).where(col(Tally.idea_id) == first).values(counting="free"))
    [found] = await challenges.list_errors(database)
    assert "another way" in found
