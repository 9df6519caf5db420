"""The clock: an idea that is left alone moves by itself, each step exactly once, never towards the author's line."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.core.config import Settings
from app.core.db import Database, WriteSession
from app.domain.roles import Role
from app.models.absences import Absence
from app.models.calendars import Calendar, Closure
from app.models.conflicts import ConflictDeclaration
from app.models.employees import Employee
from app.models.entities import Entity
from app.models.events import Event
from app.models.ideas import Idea
from app.models.reviews import Review
from app.models.roles import RoleGrant
from app.queries import deadlines as reading
from app.schemas.decisions import Decide
from app.schemas.ideas import SubmitIdea
from app.services import deadlines, decisions, ideas, rerouting
from tests.support import world
from tests.support.world import Cast

# Thursday; the clocks go forward on Sunday, and Monday the sixth of April is a holiday.
SUBMITTED = datetime.fromisoformat("2026-03-26T10:00+01:00")
KINDS = ("reviews.reminded", "reviews.late", "reviews.reassigned", "reviews.escalated")


@pytest.fixture
async def other(database: Database, settings: Settings) -> AsyncIterator[Database]:
    """What a second worker has: connections of its own, but on SQLite, where there is one process."""
    if settings.on_sqlite:
        yield database
        return
    second = Database(settings)
    yield second
    await second.close()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


async def submit(
    database: Database, cast: Cast, *, now: datetime = SUBMITTED, anonymous: bool = False
) -> str:
    async with database.writer() as session:
        values = SubmitIdea(
            title="A lamp",
            problem="dark",
            solution="a lamp",
            theme=cast.themes["brand"],
            function=cast.functions["Finance"],
            anonymous=anonymous,
        )
        return (await ideas.create(session, await cast.actor(session, "Alice"), values, now=now)).id


async def act(database: Database, cast: Cast, name: str, idea_id: str, *, now: datetime, **act: Any) -> None:
    async with database.writer() as session:
        actor = await cast.actor(session, name)
        await decisions.decide(session, actor, idea_id, Decide.model_validate(act), now=now)


async def find_holder(database: Database, cast: Cast, idea_id: str) -> str:
    async with database.reader() as session:
        holder = await session.scalar(select(col(Idea.holder_id)).where(col(Idea.id) == idea_id))
    return next(name for name, person in cast.people.items() if person.id == holder)


async def find_open(database: Database, idea_id: str) -> Review:
    async with database.reader() as session:
        statement = select(Review).where(col(Review.idea_id) == idea_id, col(Review.closed_at).is_(None))
        return (await session.scalars(statement)).one()


async def list_steps(database: Database, cast: Cast) -> list[tuple[str, datetime, list[str]]]:
    """What the clock did: kind, when, and the first names of those who hear of it."""
    names = {person.id: name for name, person in cast.people.items()}
    async with database.reader() as session:
        rows = await session.scalars(
            select(Event).where(col(Event.kind).in_(KINDS)).order_by(col(Event.sequence))
        )
        return [
            (row.kind.removeprefix("reviews."), row.at, sorted(names[each] for each in row.payload["to"]))
            for row in rows
        ]


async def let_pass(*workers: Database, since: datetime, until: datetime, hours: int = 1) -> None:
    """Let the time go by; all the workers look at the same moments."""
    now = since
    while now <= until:
        await asyncio.gather(*(deadlines.advance(worker, now=now) for worker in workers))
        now += timedelta(hours=hours)


async def arm_the_line(session: WriteSession, cast: Cast) -> set[str]:
    """Give those in the author's line every role by which they could hold the idea, or hear of it."""
    line = ("Alice", "Bob", "Carol", "Rita")
    for name in line:
        person = cast[name]
        await world.grant(session, person, Role.INNOVATION_MANAGER)
        session.add(
            RoleGrant(
                employee_id=person.id,
                role=Role.CORRESPONDENT,
                function_id=cast.functions["Finance"],
                granted_at=world.START,
            )
        )
    return set(line)


@pytest.mark.parametrize("anonymous", [False, True])
async def test_an_idea_left_alone_is_moved_once_a_step_by_two_workers(
    database: Database, other: Database, cast: Cast, anonymous: bool
) -> None:
    async with database.writer() as session:
        line = await arm_the_line(session, cast)
    idea_id = await submit(database, cast, anonymous=anonymous)
    first = await find_holder(database, cast, idea_id)
    await let_pass(database, other, since=SUBMITTED, until=at("2026-05-05T10:00+02:00"))
    second = await find_holder(database, cast, idea_id)
    assert {first, second} == {"Dan", "Dora"}
    assert await list_steps(database, cast) == [
        ("reminded", at("2026-04-01T10:00+02:00"), [first]),
        ("late", at("2026-04-02T10:00+02:00"), []),
        ("reassigned", at("2026-04-07T10:00+02:00"), [second]),
        ("escalated", at("2026-04-14T10:00+02:00"), ["Ian", "Irma"]),
    ]
    assert not line & {first, second}
    async with database.reader() as session:
        turns = list(await session.scalars(select(Review).where(col(Review.idea_id) == idea_id)))
    assert sorted(turn.outcome or "" for turn in turns) == ["", "reassign"]


async def test_many_at_once_are_each_done_once(database: Database, other: Database, cast: Cast) -> None:
    async with database.writer() as session:
        for _ in range(3):
            person = await world.make_employee(session)
            finance = await world.make_function(session, "Finance")
            await world.grant(session, person, Role.CORRESPONDENT, function=finance)
            cast.people[person.name] = person
    for _ in range(12):
        await submit(database, cast)
    await let_pass(database, other, database, since=SUBMITTED, until=at("2026-04-20T10:00+02:00"), hours=24)
    await let_pass(database, other, since=SUBMITTED, until=at("2026-04-20T10:00+02:00"), hours=24)
    done = [kind for kind, _, _ in await list_steps(database, cast)]
    assert {kind: done.count(kind) for kind in set(done)} == dict.fromkeys(
        ("reminded", "late", "reassigned", "escalated"), 12
    )


async def test_an_acknowledged_idea_waits_for_its_decision(database: Database, cast: Cast) -> None:
    idea_id = await submit(database, cast)
    holder = await find_holder(database, cast, idea_id)
    await act(database, cast, holder, idea_id, now=at("2026-03-30T10:00+02:00"), action="acknowledge")
    review = await find_open(database, idea_id)
    # Easter Monday, the first and the eighth of May are off.
    assert review.due_at == review.decision_due_at == at("2026-05-12T10:00+02:00")
    await let_pass(database, since=SUBMITTED, until=at("2026-05-12T09:00+02:00"), hours=6)
    assert await list_steps(database, cast) == [("reminded", at("2026-05-11T11:00+02:00"), [holder])]
    await act(
        database, cast, holder, idea_id, now=at("2026-05-12T09:30+02:00"), action="recommend", text="Yes"
    )
    committee = await find_open(database, idea_id)
    assert (committee.kind, committee.first_answer_due_at) == ("committee", None)
    await let_pass(database, since=at("2026-05-12T10:00+02:00"), until=at("2026-06-10T10:00+02:00"), hours=12)
    assert len(await list_steps(database, cast)) == 1


async def test_a_question_to_the_author_stops_the_clock(database: Database, cast: Cast) -> None:
    idea_id = await submit(database, cast)
    holder = await find_holder(database, cast, idea_id)
    await act(
        database, cast, holder, idea_id, now=at("2026-04-01T09:00+02:00"), action="clarify", text="Where?"
    )
    asked = await find_open(database, idea_id)
    await let_pass(database, since=SUBMITTED, until=at("2026-08-01T10:00+02:00"), hours=24)
    assert await list_steps(database, cast) == []
    await act(
        database, cast, "Alice", idea_id, now=at("2026-08-03T09:00+02:00"), action="answer", text="Here"
    )
    answered = await find_open(database, idea_id)
    assert asked.due_at == at("2026-05-12T10:00+02:00")
    # 26 working days and an hour were left; the fifteenth of August is a Saturday.
    assert answered.due_at == at("2026-09-08T10:00+02:00")
    assert answered.step_due_at == at("2026-09-07T10:00+02:00")


async def test_who_is_away_is_not_reminded_and_somebody_else_gets_the_idea_at_once(
    database: Database, cast: Cast
) -> None:
    idea_id = await submit(database, cast)
    away = await find_holder(database, cast, idea_id)
    async with database.writer() as session:
        absence = Absence(
            employee_id=cast[away].id,
            first_day=date(2026, 4, 1),
            last_day=date(2026, 4, 3),
            updated_at=SUBMITTED,
        )
        session.add(absence)
    await let_pass(database, since=SUBMITTED, until=at("2026-05-01T10:00+02:00"), hours=1)
    present = await find_holder(database, cast, idea_id)
    assert await list_steps(database, cast) == [
        ("reassigned", at("2026-04-01T10:00+02:00"), [present]),
        ("reminded", at("2026-04-08T10:00+02:00"), [present]),
        ("late", at("2026-04-09T10:00+02:00"), []),
        ("escalated", at("2026-04-09T10:00+02:00"), ["Ian", "Irma"]),
    ]
    assert present != away


async def leave_alone(session: WriteSession, cast: Cast, *kept: str) -> None:
    """End the roles of everybody else who could hold the idea, or hear of it."""
    people = {cast[name].id for name in kept}
    for grant in await session.scalars(select(RoleGrant)):
        if grant.employee_id not in people:
            grant.ended_at = world.START


async def test_where_nobody_else_may_hold_it_it_stays_and_is_escalated(
    database: Database, cast: Cast
) -> None:
    async with database.writer() as session:
        await leave_alone(session, cast, "Dan", "Ian", "Adam")
        for name in ("Ian", "Adam"):
            absence = Absence(
                employee_id=cast[name].id,
                first_day=date(2026, 3, 1),
                last_day=date(2026, 12, 1),
                updated_at=SUBMITTED,
            )
            session.add(absence)
    await submit(database, cast)
    await let_pass(database, since=SUBMITTED, until=at("2026-05-01T10:00+02:00"))
    assert await list_steps(database, cast) == [
        ("reminded", at("2026-04-01T10:00+02:00"), ["Dan"]),
        ("late", at("2026-04-02T10:00+02:00"), []),
        ("escalated", at("2026-04-10T10:00+02:00"), ["Ian"]),
    ]


async def test_an_escalation_passes_over_innovation_managers_who_are_too_close(
    database: Database, cast: Cast
) -> None:
    idea_id = await submit(database, cast)
    async with database.writer() as session:
        for name in ("Ian", "Irma"):
            session.add(
                ConflictDeclaration(idea_id=idea_id, employee_id=cast[name].id, declared_at=SUBMITTED)
            )
    await let_pass(database, since=SUBMITTED, until=at("2026-05-01T10:00+02:00"), hours=6)
    assert (await list_steps(database, cast))[-1][2] == ["Adam"]


async def test_a_holder_who_came_too_close_is_not_reminded(database: Database, cast: Cast) -> None:
    idea_id = await submit(database, cast)
    close = await find_holder(database, cast, idea_id)
    async with database.writer() as session:
        session.add(ConflictDeclaration(idea_id=idea_id, employee_id=cast[close].id, declared_at=SUBMITTED))
    await let_pass(database, since=SUBMITTED, until=at("2026-04-02T09:00+02:00"))
    ((kind, _, told),) = await list_steps(database, cast)
    assert (kind, close in told) == ("reassigned", False)


async def test_another_holder_by_a_change_of_roles_goes_on_in_the_chain(
    database: Database, cast: Cast
) -> None:
    idea_id = await submit(database, cast)
    first = await find_holder(database, cast, idea_id)
    await let_pass(database, since=SUBMITTED, until=at("2026-04-01T11:00+02:00"))
    before = await find_open(database, idea_id)
    now = at("2026-04-01T12:00+02:00")
    async with database.writer() as session:
        for grant in await session.scalars(
            select(RoleGrant).where(col(RoleGrant.employee_id) == cast[first].id)
        ):
            grant.ended_at = now
        await session.flush()
        assert await rerouting.settle_all(session, now=now) == 1
    after = await find_open(database, idea_id)
    assert (before.step, after.step, after.reassigned) == ("late", "late", False)
    assert after.due_at == at("2026-04-09T12:00+02:00")
    await let_pass(database, since=now, until=at("2026-05-05T10:00+02:00"))
    kinds = [kind for kind, _, _ in await list_steps(database, cast)]
    assert kinds == ["reminded", "late", "reassigned", "escalated"]


async def test_one_idea_that_fails_does_not_stop_the_clock_of_others(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    poisoned, healthy = await submit(database, cast), await submit(database, cast)
    await find_open(database, healthy)
    bad = (await find_open(database, poisoned)).id
    real = reading.find_due

    async def find(session: WriteSession, review_id: str, *, now: datetime) -> Any:
        if review_id == bad:
            message = "poison"
            raise RuntimeError(message)
        return await real(session, review_id, now=now)

    monkeypatch.setattr(reading, "find_due", find)
    assert await deadlines.advance(database, now=at("2026-04-01T10:00+02:00")) == 1


async def test_the_calendar_of_the_reviewers_unit_or_the_next_above_decides(
    database: Database, cast: Cast
) -> None:
    async with database.writer() as session:
        works = Calendar(
            name="Six days", region="", weekdays="012345", zone="Asia/Tokyo", created_at=SUBMITTED
        )
        session.add(works)
        await session.flush()
        session.add(
            Closure(
                calendar_id=works.id,
                name="Inventory",
                first_day=date(2026, 3, 30),
                last_day=date(2026, 3, 31),
            )
        )
        top = (await session.scalars(select(Entity).where(col(Entity.path) == "Company/Finance"))).one()
        top.calendar_id = works.id
    review = await find_open(database, await submit(database, cast))
    # Friday, Saturday, then Wednesday to Friday; there is no change of clocks in Tokyo.
    assert review.due_at == at("2026-04-03T18:00+09:00")


async def test_people_who_are_away_or_full_are_passed_over_while_others_can(
    database: Database, cast: Cast
) -> None:
    async with database.writer() as session:
        session.add(
            Absence(
                employee_id=cast["Dan"].id,
                first_day=date(2026, 3, 26),
                last_day=date(2026, 3, 26),
                updated_at=SUBMITTED,
            )
        )
    holders = [await find_holder(database, cast, await submit(database, cast)) for _ in range(3)]
    assert holders == ["Dora"] * 3
    tomorrow = await submit(database, cast, now=SUBMITTED + timedelta(days=1))
    assert await find_holder(database, cast, tomorrow) == "Dan"
    async with database.reader() as session:
        assert await session.get(Employee, cast["Dan"].id) is not None
