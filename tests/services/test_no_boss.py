"""The promise: in random organisations nobody from an author's line ever holds, sees a draft of, or acts on an idea."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from app.core import locks
from app.core.db import Database, WriteSession
from app.domain.actors import Actor
from app.domain.errors import Refusal
from app.domain.ideas import NoSuchIdea
from app.domain.pipeline import OPEN_STAGES
from app.domain.roles import Role
from app.models.authorships import Authorship
from app.models.employees import Employee, Management
from app.models.functions import Function
from app.models.ideas import Idea
from app.models.itinerary import ItineraryActor, ItineraryEntry
from app.models.roles import RoleGrant
from app.models.scorecards import ScorecardCriterion
from app.models.themes import Theme
from app.queries import actors
from app.queries.ideas import get_visible
from app.schemas.decisions import Decide, FillScorecard, MergeIdea, MoveIdea
from app.schemas.ideas import EditIdea, SubmitIdea
from app.services import authorships, decisions, endings, ideas, rerouting, scorecards, transitions
from tests.support import world
from tests.support.world import START

PEOPLE, IDEAS, ATTEMPTS = 120, 60, 420
HANDS = {"acknowledge", "clarify", "forward", "recommend", "decline", "select", "hold", "merge"}


@dataclass
class Company:
    """A random organisation, with an independent record of who manages whom."""

    rng: Random
    people: list[Employee] = field(default_factory=list)
    manager: dict[str, str | None] = field(default_factory=dict)
    authors: dict[str, list[str]] = field(default_factory=dict)
    themes: list[str] = field(default_factory=list)
    functions: list[Function] = field(default_factory=list)

    def line(self, idea_id: str) -> set[str]:
        """Authors, everybody above them and everybody directly below, by a walk of its own."""
        close = set(self.authors[idea_id])
        for author in self.authors[idea_id]:
            here = self.manager.get(author)
            seen = set()
            while here is not None and here not in seen:
                seen.add(here)
                here = self.manager.get(here)
            close |= seen | {person for person, above in self.manager.items() if above == author}
        return close


async def found(session: WriteSession, rng: Random) -> Company:
    """Build a company in which every role also sits inside the lines."""
    company = Company(rng)
    entities = [f"Company/{name}" for name in "ABCDEF"]
    for number in range(PEOPLE):
        above = rng.choice(company.people) if number > 1 else None
        person = await world.make_employee(session, entity=rng.choice(entities), manager=above)
        company.people.append(person)
        company.manager[person.id] = above.id if above else None
    company.functions = [await world.make_function(session, name) for name in ("Finance", "IT", "Sales")]
    for person in rng.sample(company.people, 25):
        await world.grant(session, person, Role.CORRESPONDENT, function=rng.choice(company.functions))
    for role, number in (
        (Role.INNOVATION_MANAGER, 8),
        (Role.SPONSOR, 4),
        (Role.IDEA_DEVELOPER, 6),
        (Role.ADMIN, 3),
    ):
        for person in rng.sample(company.people, number):
            await world.grant(session, person, role)
    company.themes = list(await session.scalars(select(col(Theme.id))))
    return company


async def act_as(session: WriteSession, person_id: str) -> Actor | None:
    return await actors.find_actor(session, person_id, session_id=None, now=START)


async def submit_ideas(database: Database, company: Company) -> None:
    rng = company.rng
    for number in range(IDEAS):
        async with database.writer() as session:
            author = await act_as(session, rng.choice(company.people).id)
            assert author is not None
            values = SubmitIdea(
                title=f"Idea number {number}",
                problem="p",
                solution="s",
                theme=rng.choice(company.themes),
                function=rng.choice([None, *(function.id for function in company.functions)]),
                anonymous=rng.random() < 0.2,
                draft=rng.random() < 0.15,
            )
            idea = await ideas.create(session, author, values, now=START)
            company.authors[idea.id] = [author.id]
        if rng.random() < 0.3:
            await add_coauthor(database, company, idea.id, author)


async def add_coauthor(database: Database, company: Company, idea_id: str, author: Actor) -> None:
    mate = company.rng.choice(company.people).id
    try:
        async with database.writer() as session:
            await authorships.invite(session, author, idea_id, employee_id=mate, now=START)
        async with database.writer() as session:
            actor = await act_as(session, mate)
            assert actor is not None
            await authorships.answer(session, actor, idea_id, accept=True, now=START)
    except Refusal:
        return
    company.authors[idea_id].append(mate)


async def attempt(database: Database, company: Company, person_id: str, idea_id: str, now: datetime) -> bool:
    """Try one act; tell whether it went through."""
    rng = company.rng
    other = rng.choice(list(company.authors))
    text = "A text that is long enough to explain it."
    try:
        async with database.writer() as session:
            actor = await act_as(session, person_id)
            if actor is None:
                return False
            match rng.randrange(5):
                case 0 | 1:
                    action = rng.choice(["acknowledge", "clarify", "forward", "recommend", "decline"])
                    function = rng.choice(company.functions).id
                    act = Decide.model_validate(
                        {"action": action, "text": text, "function": function, "reason_code": "cost"}
                    )
                    await decisions.decide(session, actor, idea_id, act, now=now)
                case 2:
                    to = rng.choice(["selected", "declined", "on_hold", "resumed", "reopened"])
                    move = MoveIdea.model_validate(
                        {"to": to, "text": text, "reason_code": "cost", "wake_on": now.date()}
                    )
                    await transitions.move(session, actor, idea_id, move, now=now)
                case 3:
                    criteria = await session.scalars(select(col(ScorecardCriterion.id)))
                    card = FillScorecard(scores=dict.fromkeys(criteria, 3), text=text)
                    await scorecards.fill(session, actor, idea_id, card, now=now)
                case _:
                    await endings.merge(session, actor, idea_id, MergeIdea(into=other), now=now)
                    assert person_id not in company.line(other)
    except Refusal:
        return False
    return True


async def reorganise(database: Database, company: Company, now: datetime) -> None:
    """Give a few people another manager, end a role, grant one; in one transaction with the re-routing."""
    rng = company.rng
    async with database.writer() as session:
        await locks.take(session, locks.ORGANISATION)
        for person in rng.sample(company.people, 4):
            above = rng.choice(company.people).id
            await session.execute(
                update(Management)
                .where(col(Management.employee_id) == person.id, col(Management.ended_at).is_(None))
                .values(ended_at=now)
            )
            await session.flush()
            session.add(Management(employee_id=person.id, manager_id=above, started_at=now))
            company.manager[person.id] = above
        ended = rng.choice(
            list(await session.scalars(select(RoleGrant).where(col(RoleGrant.ended_at).is_(None))))
        )
        ended.ended_at = now
        taken = set(
            await session.scalars(select(col(RoleGrant.employee_id)).where(col(RoleGrant.ended_at).is_(None)))
        )
        newcomer = rng.choice([person for person in company.people if person.id not in taken])
        await world.grant(session, newcomer, Role.CORRESPONDENT, function=rng.choice(company.functions))
        await session.flush()
        await rerouting.settle_all(session, now=now)


async def check_holders(database: Database, company: Company) -> None:
    async with database.reader() as session:
        for idea in await session.scalars(select(Idea)):
            if idea.stage in OPEN_STAGES:
                assert idea.holder_id is None or idea.holder_id not in company.line(idea.id)


@pytest.mark.parametrize("seed", [1, 2])
async def test_nobody_from_the_line_holds_sees_or_acts(database: Database, seed: int) -> None:
    rng = Random(seed)
    async with database.writer() as session:
        company = await found(session, rng)
    await submit_ideas(database, company)
    await check_holders(database, company)
    went_through = 0
    for step in range(ATTEMPTS):
        now = START + timedelta(minutes=step)
        idea_id = rng.choice(list(company.authors))
        line = company.line(idea_id)
        async with database.reader() as session:
            holder = await session.scalar(select(col(Idea.holder_id)).where(col(Idea.id) == idea_id))
        dangerous = rng.random() < 0.6
        who = rng.choice(sorted(line)) if dangerous else (holder or rng.choice(company.people).id)
        done = await attempt(database, company, who, idea_id, now)
        assert not (done and who in line), "somebody from the author's line acted"
        went_through += done
        if step % 60 == 59:
            await reorganise(database, company, now)
            await check_holders(database, company)
    assert went_through > 30, "the organisation must be alive for the test to mean something"
    await check_drafts(database, company)
    await check_itineraries(database, company)


async def check_drafts(database: Database, company: Company) -> None:
    async with database.writer() as session:
        drafts = list(await session.scalars(select(col(Idea.id)).where(col(Idea.stage) == "draft")))
        assert drafts
        for idea_id in drafts:
            for person_id in company.line(idea_id) - set(company.authors[idea_id]):
                actor = await act_as(session, person_id)
                if actor is not None:
                    with pytest.raises(NoSuchIdea):
                        await get_visible(session, actor, idea_id)
                    with pytest.raises(NoSuchIdea):
                        await ideas.edit(
                            session, actor, idea_id, EditIdea(title="Mine now"), version=1, now=START
                        )


async def check_itineraries(database: Database, company: Company) -> None:
    """What the itineraries say: whoever acted by hand was not an author; bosses were checked as they acted."""
    async with database.reader() as session:
        rows = await session.execute(
            select(
                col(ItineraryEntry.idea_id), col(ItineraryEntry.act), col(ItineraryActor.employee_id)
            ).join(ItineraryActor, col(ItineraryActor.ref) == col(ItineraryEntry.actor_ref))
        )
        for idea_id, act, person_id in rows:
            if act in HANDS:
                first = await session.scalar(
                    select(col(Authorship.employee_id)).where(
                        col(Authorship.idea_id) == idea_id, col(Authorship.position) == 0
                    )
                )
                assert person_id != first
