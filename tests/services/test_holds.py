"""Ideas on hold: the clock stands still until their wake-up date, and goes on by itself."""

import asyncio
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlmodel import col

from app.core.db import Database
from app.jobs.drain import drain
from app.models.events import Event
from app.models.ideas import Idea
from app.models.notifications import Notification
from app.models.reviews import Review
from app.schemas.decisions import Decide, MoveIdea
from app.schemas.ideas import SubmitIdea
from app.services import deadlines, decisions, holds, ideas, transitions
from tests.support.world import Cast

NOW = datetime.fromisoformat("2026-06-01T10:00+02:00")
TEXT = "A text that is long enough to explain it."


async def hold(database: Database, cast: Cast) -> str:
    """Bring an idea to the committee, which lets it rest until September."""
    async with database.writer() as session:
        values = SubmitIdea(
            title="A lamp",
            problem="dark",
            solution="a lamp",
            theme=cast.themes["brand"],
            function=cast.functions["Finance"],
        )
        idea = await ideas.create(session, await cast.actor(session, "Alice"), values, now=NOW)
        holder = next(name for name, person in cast.people.items() if person.id == idea.holder_id)
    for act in (Decide(action="acknowledge"), Decide(action="recommend", text=TEXT)):
        async with database.writer() as session:
            await decisions.decide(session, await cast.actor(session, holder), idea.id, act, now=NOW)
    async with database.writer() as session:
        resting = MoveIdea(to="on_hold", text=TEXT, wake_on=date(2026, 9, 1))
        await transitions.move(session, await cast.actor(session, "Ian"), idea.id, resting, now=NOW)
    return idea.id


async def find_review(database: Database, idea_id: str) -> Review:
    async with database.reader() as session:
        statement = select(Review).where(col(Review.idea_id) == idea_id, col(Review.closed_at).is_(None))
        return (await session.scalars(statement)).one()


async def test_a_held_idea_sleeps_until_its_day_and_is_woken_once(database: Database, cast: Cast) -> None:
    idea_id = await hold(database, cast)
    held = await find_review(database, idea_id)
    assert held.paused_at == NOW
    assert await deadlines.advance(database, now=NOW + timedelta(days=91)) == 0
    assert await holds.wake(database, now=datetime.fromisoformat("2026-08-31T23:59+02:00")) == 0
    morning = datetime.fromisoformat("2026-09-01T10:00+02:00")
    assert sum(await asyncio.gather(*(holds.wake(database, now=morning) for _ in range(2)))) == 1
    woken = await find_review(database, idea_id)
    # As many working days are left as there were; a committee has thirty.
    assert woken.paused_at is None
    assert woken.due_at == datetime.fromisoformat("2026-10-13T10:00+02:00")
    async with database.reader() as session:
        kinds = list(await session.scalars(select(col(Event.kind)).where(col(Event.subject) == woken.id)))
    assert kinds.count("reviews.woken") == 1
    reminder = datetime.fromisoformat("2026-10-12T10:00+02:00")
    assert await deadlines.advance(database, now=reminder) == 1


async def test_resuming_what_was_woken_changes_nothing_on_its_clock(database: Database, cast: Cast) -> None:
    idea_id = await hold(database, cast)
    morning = datetime.fromisoformat("2026-09-01T10:00+02:00")
    await holds.wake(database, now=morning)
    before = await find_review(database, idea_id)
    async with database.writer() as session:
        act = MoveIdea(to="resumed")
        await transitions.move(session, await cast.actor(session, "Ian"), idea_id, act, now=morning)
    after = await find_review(database, idea_id)
    assert (after.due_at, after.step_due_at) == (before.due_at, before.step_due_at)


async def test_a_question_to_the_author_is_no_hold(database: Database, cast: Cast) -> None:
    idea_id = await hold(database, cast)
    async with database.writer() as session:
        await session.execute(update(Idea).where(col(Idea.id) == idea_id).values(on_hold=False))
    assert await holds.wake(database, now=NOW + timedelta(days=365)) == 0


async def test_who_holds_a_woken_idea_is_told_once(database: Database, cast: Cast) -> None:
    idea_id = await hold(database, cast)
    reviewer = next(name for name in ("Ian", "Irma") if cast[name].entity_id)
    async with database.writer() as session:
        await session.execute(
            update(Review)
            .where(col(Review.idea_id) == idea_id, col(Review.closed_at).is_(None))
            .values(reviewer_id=cast[reviewer].id)
        )
    morning = datetime.fromisoformat("2026-09-01T10:00+02:00")
    await holds.wake(database, now=morning)
    while await drain(database, now=morning):
        pass
    async with database.reader() as session:
        told = (
            await session.scalars(
                select(Notification).where(
                    col(Notification.kind) == "reviews.woken", col(Notification.idea_id) == idea_id
                )
            )
        ).all()
    assert [(each.employee_id, each.asks, each.resolved_at) for each in told] == [
        (cast[reviewer].id, True, None)
    ]
    assert told[0].facts["due_on"] == "2026-10-13"
