"""Who would not stay unknown is told so before the idea is submitted, and nobody else hears of it."""

from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import func, select, update
from sqlmodel import col

from app.core.db import Database
from app.domain.conflicts import Conflicts
from app.models.campaigns import Campaign, CampaignEntity
from app.models.employees import Employee, Management
from app.models.events import Event
from app.models.ideas import Idea
from app.queries import conflicts, covers
from app.services import campaigns
from tests.support import world
from tests.support.client import Client
from tests.support.helping import draft, submit
from tests.support.world import START, Cast

Speak = Callable[[str], Client]
DAY = timedelta(days=1)
MANY = 1000


async def announce(database: Database, entity_id: str) -> str:
    async with database.writer() as session:
        made = await campaigns.announce(
            session,
            name="Quiet",
            question="?",
            sponsor_id=None,
            starts_at=START - DAY,
            ends_at=START + 3000 * DAY,
            now=START - DAY,
        )
        session.add(CampaignEntity(campaign_id=made.id, entity_id=entity_id))
        await session.flush()
        return made.id


async def count_written(database: Database) -> tuple[int, int]:
    async with database.reader() as session:
        ideas = await session.scalar(select(func.count()).select_from(Idea))
        happened = await session.scalar(select(func.count()).select_from(Event))
        return ideas or 0, happened or 0


async def people_of(database: Database, cast: Cast, number: int) -> str:
    """Make an entity of Alice and so many others; return it."""
    async with database.writer() as session:
        unit = await world.make_entity(session, "Company/Moon")
        for each in range(number):
            await world.make_employee(session, f"Moon {each}", entity="Company/Moon", manager=cast["Bob"])
        await session.execute(
            update(Employee).where(col(Employee.id) == cast["Alice"].id).values(entity_id=unit.id)
        )
        return unit.id


@pytest.mark.parametrize(("others", "passes"), [(3, False), (4, True)])
async def test_in_a_campaign_for_few_nobody_is_anonymous(
    speak: Speak, database: Database, cast: Cast, others: int, passes: bool
) -> None:
    campaign = await announce(database, await people_of(database, cast, others))
    before = await count_written(database)
    body = {
        "title": "Éteindre",
        "problem": "p",
        "solution": "s",
        "theme": cast.themes["brand"],
        "function": cast.functions["Finance"],
        "campaign": campaign,
        "anonymous": True,
    }
    answer = await speak("Alice").request("POST", "/ideas", json=body)
    if passes:
        assert answer.status_code == 201, answer.text
        return
    assert (answer.status_code, answer.json()["code"]) == (422, "ideas.cover-too-small")
    assert answer.json()["errors"][0]["pointer"] == "/anonymous"
    assert await count_written(database) == before, "nothing is written, nothing happened"
    named = await speak("Alice").request("POST", "/ideas", json=body | {"anonymous": False})
    assert named.status_code == 201


@pytest.mark.parametrize(("others", "passes"), [(4, False), (5, True)])
async def test_nobody_joins_an_idea_that_would_then_be_too_few_to_hide_among(
    speak: Speak, database: Database, cast: Cast, others: int, passes: bool
) -> None:
    campaign = await announce(database, await people_of(database, cast, others))
    idea = await submit(speak, cast, campaign=campaign, anonymous=True)
    async with database.writer() as session:
        asked = await session.scalar(select(Employee).where(col(Employee.name).startswith("Moon 0")))
    assert asked is not None
    cast.people["Moon 0"] = asked
    await speak("Alice").post(f"/ideas/{idea}/authors", json={"employee": asked.id})
    before = await count_written(database)
    held = (await speak("Alice").get(f"/ideas/{idea}"))["holder"]
    path = f"/ideas/{idea}/authors/me"
    answer = await speak("Moon 0").request("PUT", path, json={"answer": "accept"})
    authors = await speak("Alice").get(f"/ideas/{idea}/authors")
    state = {each["employee"]["id"]: each["state"] for each in authors["items"]}[asked.id]
    if passes:
        assert (answer.status_code, state) == (204, "accepted"), answer.text
        return
    assert (answer.status_code, answer.json()["code"], state) == (409, "authorships.cover-lost", "invited")
    assert not any(letter.isdigit() for letter in answer.json()["detail"]), "it tells no number"
    assert await count_written(database) == before, "nothing is written, nothing happened"
    assert (await speak("Alice").get(f"/ideas/{idea}"))["holder"] == held
    refused = await speak("Moon 0").request("PUT", path, json={"answer": "refuse"})
    assert refused.status_code == 204, "one can still say no"


async def test_a_draft_that_is_refused_stays_as_it_was(speak: Speak, database: Database, cast: Cast) -> None:
    campaign = await announce(database, await people_of(database, cast, 2))
    idea = await draft(speak, cast, campaign=campaign, anonymous=True)
    before = (await speak("Alice").get(f"/ideas/{idea}"))["version"]
    refused = await speak("Alice").request("POST", f"/ideas/{idea}/submission")
    assert refused.json()["code"] == "ideas.cover-too-small"
    kept = await speak("Alice").get(f"/ideas/{idea}")
    assert (kept["stage"], kept["version"], kept["holder"]) == ("draft", before, None)


async def test_a_holder_above_nearly_everybody_leaves_nobody_to_hide_among(
    speak: Speak, database: Database, cast: Cast
) -> None:
    """Who is below the holder can't have written it: where that is everybody but three, those three are known."""
    idea = await submit(speak, cast)
    async with database.writer() as session:
        found = await session.get_one(Idea, idea)
        everybody = await covers.count_people(session, found, most=MANY)
        others = [
            person.id
            for name, person in cast.people.items()
            if person.id not in (found.holder_id, cast["Alice"].id)
        ]
        await session.execute(
            update(Management)
            .where(col(Management.employee_id).in_(others))
            .values(manager_id=found.holder_id)
        )
        assert await covers.count_people(session, found, most=MANY) < everybody - len(others) // 2


@pytest.mark.parametrize("seed", range(6))
async def test_the_count_is_that_of_those_whom_the_rule_does_not_exclude(
    speak: Speak, database: Database, cast: Cast, seed: int
) -> None:
    """By the conflict rule itself: whoever could be the author without the holder being too close to them."""
    luck = Random(seed)
    async with database.writer() as session:
        people = list(cast.people.values())
        for number in range(12):
            manager = luck.choice(people)
            people.append(
                await world.make_employee(session, f"R{number}", entity="Company/Sales/Lyon", manager=manager)
            )
    idea = await submit(speak, cast)
    async with database.reader() as session:
        found = await session.get_one(Idea, idea)
        holder = await session.get_one(Employee, found.holder_id or "")
        active = (
            await session.scalars(
                select(Employee).where(col(Employee.active).is_(True), col(Employee.kind) == "employee")
            )
        ).all()
        lines = await conflicts.list_conflicts_of(session, [each.id for each in active])
        possible = {each.id for each in active if not _is_close(lines[each.id], holder)}
        counted = await covers.count_people(session, found, most=MANY)
        assert counted == len(possible)
        assert await covers.count_people(session, found, most=3) == 3


def _is_close(line: Conflicts, holder: Employee) -> bool:
    return line.bars(holder.id, holder.entity_id)


async def test_a_named_idea_asks_nothing(speak: Speak, database: Database, cast: Cast) -> None:
    campaign = await announce(database, await people_of(database, cast, 0))
    idea = await submit(speak, cast, campaign=campaign)
    async with database.reader() as session:
        assert (await session.get_one(Campaign, campaign)).name == "Quiet"
        assert (await session.get_one(Idea, idea)).stage == "submitted"
