"""Rings are found, honest voters are left alone, and nothing tells who voted for what."""

import json
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update
from sqlmodel import col

from app.core import clock, ids
from app.core.db import Database
from app.models.authorships import Authorship
from app.models.campaigns import Campaign
from app.models.employees import Employee
from app.models.events import Event
from app.models.ideas import Idea, Tally
from app.models.vote_flags import VoteFlag
from app.models.votes import Vote
from app.models.votings import Voting
from app.services import vote_flags
from tests.support.client import Client
from tests.support.world import Cast

Speak = Callable[[str], Client]
NOW = clock.now().replace(hour=12, minute=30, second=0, microsecond=0)


class World:
    """Made-up people, ideas and votes, many at a time."""

    def __init__(self, database: Database, cast: Cast, seed: int = 1) -> None:
        self.database, self.cast = database, cast
        self.random = Random(seed)
        self.people: list[str] = []
        self.ideas: dict[str, str] = {}
        self.votes: dict[tuple[str, str], datetime] = {}

    async def hire(self, number: int) -> list[str]:
        rows = [
            {"id": ids.new(), "name": f"Voter {place}", "external_id": ids.new(), "created_at": NOW}
            for place in range(number)
        ]
        async with self.database.writer() as session:
            await session.execute(insert(Employee), rows)
        hired = [str(row["id"]) for row in rows]
        self.people += hired
        return hired

    async def write(
        self, authors: Iterable[str], *, anonymous: bool = False, stage: str = "submitted", campaign: str = ""
    ) -> list[str]:
        made = []
        async with self.database.writer() as session:
            for author in authors:
                idea = Idea(
                    title=f"Idea {len(self.ideas)}",
                    problem="p",
                    solution="s",
                    theme_id=self.cast.themes["brand"],
                    campaign_id=campaign or self.cast.permanent_box,
                    anonymous=anonymous,
                    stage=stage,
                    created_at=NOW - timedelta(days=40),
                    submitted_at=NOW - timedelta(days=40),
                    updated_at=NOW,
                )
                session.add(idea)
                await session.flush()
                session.add(Tally(idea_id=idea.id))
                session.add(Authorship(idea_id=idea.id, employee_id=author, invited_at=NOW, answered_at=NOW))
                made.append(idea.id)
                self.ideas[idea.id] = author
        return made

    def vote(self, voter: str, idea_id: str, moment: datetime) -> None:
        if self.ideas[idea_id] != voter:
            self.votes.setdefault((idea_id, voter), moment)

    def any_moment(self) -> datetime:
        day = NOW.replace(hour=8, minute=0) - timedelta(days=self.random.randint(1, 28))
        return day + timedelta(seconds=self.random.randint(0, 9 * 3600))

    async def go_on(self, number: int) -> None:
        """Let people vote as they do: some ideas please more, some people vote more."""
        ideas, people = list(self.ideas), self.people
        for _ in range(number):
            idea = ideas[int(len(ideas) * self.random.random() ** 2)]
            voter = people[int(len(people) * self.random.random() ** 2)]
            self.vote(voter, idea, self.any_moment())

    async def look(self, *, now: datetime = NOW) -> list[VoteFlag]:
        rows = [
            {"id": ids.new(), "idea_id": idea, "voter_id": voter, "cast_at": moment}
            for (idea, voter), moment in sorted(self.votes.items(), key=lambda each: each[1])
        ]
        async with self.database.writer() as session:
            for start in range(0, len(rows), 500):
                await session.execute(insert(Vote), rows[start : start + 500])
        self.votes.clear()
        await vote_flags.look(self.database, now=now)
        async with self.database.reader() as session:
            return list(await session.scalars(select(VoteFlag).order_by(col(VoteFlag.id))))


@pytest.fixture
async def world(database: Database, cast: Cast) -> World:
    made = World(database, cast)
    people = await made.hire(120)
    await made.write(people[:80])
    await made.go_on(1200)
    return made


async def plant_ring(world: World, size: int, *, each: int = 2, anonymous: bool = False) -> list[str]:
    """People who write some ideas each, and all vote for all of them."""
    ring = await world.hire(size)
    planted = [idea for _ in range(each) for idea in await world.write(ring, anonymous=anonymous)]
    for voter in ring:
        for idea in planted:
            world.vote(voter, idea, world.any_moment())
    return planted


@pytest.mark.parametrize("seed", range(3))
async def test_an_honest_world_is_left_alone(database: Database, cast: Cast, seed: int) -> None:
    world = World(database, cast, seed)
    people = await world.hire(150)
    await world.write(people[:100])
    await world.write(people[:20])
    await world.go_on(3000)
    assert await world.look() == []


async def test_a_meeting_that_votes_together_once_is_no_ring(world: World) -> None:
    """Forty people in a room go through eight ideas: all vote for each of them within minutes."""
    ideas, room = await world.write(world.people[40:48]), world.people[50:90]
    begin = NOW - timedelta(days=3)
    for place, idea in enumerate(ideas):
        for voter in room:
            world.vote(voter, idea, begin + timedelta(seconds=45 * place + world.random.randint(0, 40)))
    assert await world.look() == []


async def test_a_team_that_votes_side_by_side_for_an_afternoon_is_no_ring(world: World) -> None:
    ideas, team = await world.write(world.people[40:48]), await world.hire(4)
    begin = (NOW - timedelta(days=3)).replace(hour=9)
    for place, idea in enumerate(ideas):
        for voter in team:
            moment = begin + timedelta(minutes=20 * place, seconds=world.random.randint(0, 50))
            world.vote(voter, idea, moment)
    assert await world.look() == []


@pytest.mark.parametrize(
    ("size", "each", "shown"), [(2, 5, False), (4, 5, False), (5, 4, False), (7, 4, True)]
)
async def test_reciprocal_votes_are_flagged_and_a_small_ring_keeps_its_ideas_to_itself(
    world: World, speak: Speak, size: int, each: int, shown: bool
) -> None:
    planted = await plant_ring(world, size, each=each)
    (flag,) = await world.look()
    assert (flag.kind, flag.people, flag.votes) == ("reciprocal", size, each * size * (size - 1))
    (item,) = (await speak("Mia").get("/vote-flags"))["items"]
    assert item["people"] == (size if size >= 5 else None)
    assert item["votes"] == (flag.votes if size >= 5 else None)
    assert item["idea_count"] == len(planted)
    assert {idea["id"] for idea in item["ideas"]} == (set(planted) if shown else set())


async def test_anonymous_ideas_are_no_part_of_a_ring(world: World) -> None:
    """That authors vote for each other would tell who they are."""
    await plant_ring(world, 7, each=4, anonymous=True)
    assert await world.look() == []


async def test_a_burst_is_flagged_with_what_was_usual(world: World, speak: Speak) -> None:
    (idea,) = await world.write(world.people[:1])
    for place, voter in enumerate(world.people[60:85]):
        world.vote(voter, idea, NOW - timedelta(days=2, seconds=15 * place))
    (flag,) = await world.look()
    assert (flag.kind, flag.votes, flag.people) == ("burst", 25, 25)
    (item,) = (await speak("Mia").get("/vote-flags"))["items"]
    assert [each["id"] for each in item["ideas"]] == [idea]
    assert item["usual"] <= 3 < item["votes"]
    assert timedelta(minutes=10) == datetime.fromisoformat(item["until"]) - datetime.fromisoformat(
        item["since"]
    )


async def test_sealed_votes_are_looked_at_when_their_voting_is_over(
    world: World, database: Database, cast: Cast
) -> None:
    async with database.writer() as session:
        challenge = Campaign(
            name="Sealed", starts_at=NOW - timedelta(days=30), ends_at=NOW + timedelta(days=30)
        )
        session.add(challenge)
        await session.flush()
        session.add(Voting(campaign_id=challenge.id, hidden=True, set_at=NOW))
    (idea,) = await world.write(world.people[:1], campaign=challenge.id)
    for place, voter in enumerate(world.people[60:85]):
        world.vote(voter, idea, NOW - timedelta(days=2, seconds=15 * place))
    assert await world.look() == []
    async with database.writer() as session:
        await session.execute(update(Voting).values(closed_at=NOW))
    assert [flag.kind for flag in await world.look()] == ["burst"]


@pytest.mark.parametrize("size", [3, 8])
async def test_a_set_of_people_who_vote_in_the_same_minute_is_flagged(
    world: World, speak: Speak, size: int
) -> None:
    puppets, ideas = await world.hire(size), await world.write(world.people[:9])
    for place, idea in enumerate(ideas):
        moment = (NOW - timedelta(days=2 + 2 * place)).replace(second=0)
        for voter in puppets:
            world.vote(voter, idea, moment + timedelta(seconds=world.random.randint(0, 50)))
    flags = await world.look()
    assert [flag.kind for flag in flags] == ["same_minute"]
    (item,) = (await speak("Mia").get("/vote-flags"))["items"]
    assert {each["id"] for each in item["ideas"]} == set(ideas)
    assert item["people"] == (size if size >= 5 else None)
    assert item["votes"] == (size * 9 if size >= 5 else None), "votes by ideas would give the people"
    assert item["minutes"] == 9


async def test_no_answer_event_or_row_names_a_voter(world: World, database: Database, speak: Speak) -> None:
    await plant_ring(world, 7, each=4)
    drafts = await world.write(world.people[:1], stage="draft")
    await world.look()
    text = json.dumps(await speak("Mia").get("/vote-flags"))
    async with database.reader() as session:
        rows = (await session.execute(select(*VoteFlag.__table__.columns))).all()  # type: ignore[attr-defined]  # every column as it is
        text += str(rows)
        for event in await session.scalars(select(Event).where(col(Event.kind) == "vote-flags.raised")):
            assert (event.actor_id, event.payload) == (None, {"kind": "reciprocal"})
            text += event.subject
    assert not [person for person in world.people if person in text]
    assert not [idea for idea in drafts if idea in text]


async def test_looking_again_changes_nothing_and_a_dismissed_flag_stays_dismissed(
    world: World, database: Database, speak: Speak
) -> None:
    await plant_ring(world, 7, each=4)
    (flag,) = await world.look()
    mia = speak("Mia")
    path = f"/vote-flags/{flag.id}"
    etag = (await mia.request("GET", path)).headers["etag"]
    body = {"state": "dismissed", "note": "A working group."}
    done = await mia.request("PATCH", path, json=body, headers={"If-Match": etag})
    assert done.status_code == 200, done.text
    assert (done.json()["state"], done.json()["reviewed_by"]["name"]) == ("dismissed", "Mia")
    same = await mia.request("PATCH", path, json=body, headers={"If-Match": done.headers["etag"]})
    assert same.headers["etag"] == done.headers["etag"], "what is so already writes nothing"
    await mia.refused("PATCH", path, 412, json={"state": "open"}, headers={"If-Match": etag})
    await mia.refused("PATCH", path, 428, json={"state": "open"})
    await mia.refused("PATCH", path, 422, json={"state": "gone"}, headers={"If-Match": "*"})
    (again,) = await world.look(now=NOW + timedelta(days=1))
    assert (again.id, again.state, again.note) == (flag.id, "dismissed", "A working group.")
    assert (await mia.get("/vote-flags?state=open"))["items"] == []
    assert len((await mia.get("/vote-flags?state=dismissed"))["items"]) == 1
    async with database.reader() as session:
        raised = await session.scalar(select(func.count()).where(col(Event.kind) == "vote-flags.raised"))
    assert raised == 1
    assert await world.look(now=NOW + timedelta(days=40)) != [], "it is kept for a while"
    assert await world.look(now=NOW + timedelta(days=400)) == []


async def test_flags_are_for_community_managers_and_never_about_ideas_of_their_own(
    world: World, speak: Speak, cast: Cast
) -> None:
    (idea,) = await world.write([cast["Mia"].id], anonymous=True)
    for place, voter in enumerate(world.people[60:85]):
        world.vote(voter, idea, NOW - timedelta(days=2, seconds=15 * place))
    (flag,) = await world.look()
    path = f"/vote-flags/{flag.id}"
    assert (await speak("Mia").get("/vote-flags"))["items"] == []
    await speak("Mia").refused("GET", path, 404, "vote-flags.unknown")
    await speak("Mia").refused("PATCH", path, 404, json={"state": "open"}, headers={"If-Match": "*"})
    for name in ("Max", "Ian", "Hana", "Adam"):
        await speak(name).refused("GET", path, 403)
        await speak(name).refused("GET", "/vote-flags", 403)


async def test_flags_come_page_by_page(world: World, speak: Speak) -> None:
    for each in range(3):
        (idea,) = await world.write(world.people[:1])
        for place, voter in enumerate(world.people[60:85]):
            world.vote(voter, idea, NOW - timedelta(days=2 + each, seconds=15 * place))
    assert len(await world.look()) == 3
    seen: list[Any] = []
    path = "/vote-flags?limit=2"
    page = await speak("Mia").get(path)
    seen += page["items"]
    page = await speak("Mia").get(f"{path}&cursor={page['next_cursor']}")
    seen += page["items"]
    assert page["next_cursor"] is None
    assert len({each["id"] for each in seen}) == 3
