"""Boards: what is read from settled sums equals what is counted from the history, on any day, whatever happened."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from sqlalchemy import delete, func, insert, select, update
from sqlmodel import col

from app.core import ids
from app.core.db import Database, ReadSession, WriteSession
from app.domain.actors import Actor
from app.models.authorships import Authorship
from app.models.comments import Comment
from app.models.employees import Employee, Employment
from app.models.entities import Entity
from app.models.gates import Gate
from app.models.ideas import Idea
from app.models.itinerary import ItineraryActor, ItineraryEntry
from app.models.reviews import Review
from app.models.rollups import ParticipationMark, RollUp, RollUpChange, RollUpMark, RollUpState
from app.models.sessions import SignIn
from app.models.votes import Vote
from app.models.votings import Voting
from app.queries import (
    benefits,
    boards,
    funnels,
    idea_rates,
    idea_times,
    loads,
    participation,
    pipeline_figures,
    rollup_audit,
    travels,
)
from app.queries.statistics import Filters
from app.schemas.figures import Loads
from app.services import nameless, rollups
from tests.queries.test_statistics import NOW
from tests.support import grounds
from tests.support.figures import FIRST, LAST, ZONE
from tests.support.grounds import Ground
from tests.support.world import Cast


async def get_loads(
    session: ReadSession, actor: Actor, _filters: Filters, *, zone: str, now: datetime
) -> Loads:
    assert session.zone == zone
    return await loads.get_loads(session, actor, now=now)


FIGURES = (
    funnels.get_funnel,
    idea_times.get_times,
    pipeline_figures.get_pipeline_figures,
    benefits.get_benefits,
    idea_rates.get_rates,
    participation.get_participation,
    idea_rates.list_campaigns,
    travels.get_travel,
    get_loads,
)


def list_filters(ground: Ground, luck: Random) -> Iterator[Filters]:
    past = ground.past
    days: list[date | None] = [None, *(draw_day(luck) for _ in range(2))]
    for day in days:
        yield Filters(as_of=day)
        yield Filters(as_of=day, campaign=luck.choice(past.campaigns).id)
        yield Filters(as_of=day, theme=luck.choice(past.ideas).theme_id)
        yield Filters(as_of=day, function=luck.choice(past.ideas).function_id)
        yield Filters(as_of=day, entity=luck.choice(past.entities).id)
        first = date(2026, luck.randint(2, 3), 1)
        yield Filters(as_of=day, since=first)
        yield Filters(as_of=day, to=date(2026, luck.randint(4, 6), 1) - timedelta(days=1))
        yield Filters(as_of=day, since=first, to=first)
        yield Filters(as_of=day, since=first, theme=past.ideas[0].theme_id)


def draw_day(luck: Random) -> date:
    return FIRST + timedelta(days=luck.randrange((LAST - FIRST).days + 40))


async def ask(database: Database, cast: Cast, what: Any, filters: Filters) -> Any:
    async with database.reader() as session:
        hana = await cast.actor(session, "Hana")  # type: ignore[arg-type]
        return await what(session, hana, filters, zone=ZONE, now=NOW)


@contextmanager
def counting_by_hand() -> Iterator[None]:
    """Have no board: everything is counted from the history."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(boards, "VERSION", -1)
        yield


@contextmanager
def watching() -> Iterator[list[bool]]:
    """Note whether there was a board, each time one was asked for."""
    found: list[bool] = []
    read = boards.read_chosen

    async def note(*given: Any) -> Any:
        sums = await read(*given)
        found.append(sums is not None)
        return sums

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(boards, "read_chosen", note)
        yield found


async def compare(database: Database, cast: Cast, ground: Ground, luck: Random) -> list[bool]:
    """Compare the figures of boards with those of the history; returns for which of them there was a board."""
    found: list[bool] = []
    whole, *others = list_filters(ground, luck)
    for filters in (whole, *luck.sample(others, 9)):
        for figure in FIGURES:
            with watching() as seen:
                rolled = await ask(database, cast, figure, filters)
            with counting_by_hand():
                counted = await ask(database, cast, figure, filters)
            assert rolled == counted, (figure, filters)
            found += seen
    return found


async def stir(database: Database, ground: Ground, luck: Random) -> None:
    """Change a few ideas as the years would, each in one way only, so that no change covers for another."""
    ideas = [idea for idea in ground.past.ideas if idea.submitted_at]
    async with database.writer() as session:
        for idea in luck.sample(ideas, 5):
            await advance(session, idea.id, ground, luck)
        for idea, gone_elsewhere in zip(luck.sample(ideas, 5), list_moves(ground, luck), strict=True):
            await session.execute(update(Idea).where(col(Idea.id) == idea.id).values(**gone_elsewhere))
        turns = list_turns(ground, luck)
        waiting = [review.idea_id for review in ground.reviews if review.closed_at is None]
        for idea_id, values in zip(luck.sample(waiting, len(turns)), turns, strict=True):
            await session.execute(update(Review).where(col(Review.idea_id) == idea_id).values(**values))
        for actor in luck.sample(ground.actors, 2):
            another = luck.choice(ground.past.people).id
            await session.execute(
                update(ItineraryActor).where(col(ItineraryActor.ref) == actor.ref).values(employee_id=another)
            )
        for idea in luck.sample(ideas, 5):
            session.add(
                Gate(
                    idea_id=idea.id,
                    stage=luck.choice(["project", "deployed"]),
                    at=ground.past.moment(),
                    amount=Decimal(luck.randrange(10**7)) / 100,
                    currency="EUR",
                    per="year",
                )
            )
            due = ground.past.moment()
            session.add(
                Review(idea_id=luck.choice(ideas).id, opened_at=due, first_answer_due_at=due, closed_at=due)
            )
            session.add(
                Gate(
                    idea_id=luck.choice(ideas).id,
                    stage="pilot",
                    at=ground.past.moment(),
                    cost=Decimal(luck.randrange(10**7)) / 100,
                    cost_currency="EUR",
                )
            )
        changes: list[dict[str, Any]] = [
            {"amount": luck.randint(1, 9)},
            {"cost": 7, "cost_currency": "GBP"},
            {"cost": None},
        ]
        for gate, values in zip(luck.sample(ground.gates, 3), changes, strict=True):
            await session.execute(update(Gate).where(col(Gate.id) == gate.id).values(**values))


async def move_people(database: Database, ground: Ground, luck: Random) -> None:
    """Have a few people come, go and take part, each in one way only."""
    past = ground.past
    working = [row for row in past.employments if row.ended_at is None]
    async with database.writer() as session:
        change = session.execute
        for row, ended_at in zip(luck.sample(working, 2), [past.moment(), past.moment()], strict=True):
            await change(update(Employment).where(col(Employment.id) == row.id).values(ended_at=ended_at))
        answerers = sorted(set(ground.answered_by.values()) - set(ground.unplaced))
        if ground.unplaced:
            entity = luck.choice(past.entities).id
            came = ground.unplaced.pop(0)
            session.add(Employment(employee_id=came, entity_id=entity, started_at=past.moment()))
        if len(ground.unplaced) < 2:
            ground.unplaced += luck.sample(answerers, 2)
            await change(delete(Employment).where(col(Employment.employee_id).in_(ground.unplaced)))
        for vote in luck.sample(past.votes, 4):
            undone = luck.choice([None, past.after(vote.cast_at)])
            await change(update(Vote).where(col(Vote.id) == vote.id).values(withdrawn_at=undone))
        for comment in luck.sample(past.comments, 4):
            gone = luck.choice([None, past.after(comment.created_at)])
            await change(update(Comment).where(col(Comment.id) == comment.id).values(deleted_at=gone))
        for sign_in in luck.sample(past.sign_ins, 2):
            await change(delete(SignIn).where(col(SignIn.id) == sign_in.id))
        for author in luck.sample(past.authorships, 4):
            state = luck.choice(["accepted", "ended"])
            its = (
                col(Authorship.idea_id) == author.idea_id,
                col(Authorship.employee_id) == author.employee_id,
            )
            await change(update(Authorship).where(*its).values(state=state))
        for idea_id in {row.idea_id for row in luck.sample(past.authorships, 3)}:
            of_idea = col(Authorship.idea_id) == idea_id
            await change(update(Authorship).where(of_idea).values(position=1 - col(Authorship.position)))
        kind = luck.choice(["employee", "operator"])
        await change(
            update(Employee).where(col(Employee.id) == luck.choice(past.people).id).values(kind=kind)
        )
        for person in luck.sample(past.people, 3):
            session.add(SignIn(employee_id=person.id, at=past.moment()))
            idea = luck.choice(past.ideas)
            session.add(
                Comment(
                    idea_id=idea.id, author_id=luck.choice(past.people).id, body="b", created_at=past.moment()
                )
            )


async def advance(session: WriteSession, idea: str, ground: Ground, luck: Random) -> None:
    """Add an entry to the itinerary of an idea, at any moment."""
    last = select(func.max(col(ItineraryEntry.position))).where(col(ItineraryEntry.idea_id) == idea)
    stage = luck.choice(["evaluation", "recommended", "selected", "project", "pilot", "deployed", "declined"])
    actor = ItineraryActor(ref=ids.new(), idea_id=idea, employee_id=luck.choice(ground.past.people).id)
    if not await session.scalar(
        select(col(ItineraryActor.ref)).where(
            col(ItineraryActor.idea_id) == idea, col(ItineraryActor.employee_id) == actor.employee_id
        )
    ):
        session.add(actor)
        await session.flush()
    session.add(
        ItineraryEntry(
            idea_id=idea,
            position=(await session.scalar(last) or 0) + 1,
            at=ground.past.moment(),
            act=luck.choice(["acknowledge", "recommend", "decline", "advance"]),
            actor_ref=actor.ref if actor in session else None,
            from_stage=luck.choice([stage, "submitted"]),
            to_stage=stage,
            commitment="",
            previous="",
            hash="",
        )
    )
    await session.flush()
    await session.execute(update(Idea).where(col(Idea.id) == idea).values(stage=stage))


def list_turns(ground: Ground, luck: Random) -> list[dict[str, Any]]:
    moment, someone = ground.past.moment, luck.choice(ground.past.people).id
    return [
        {"acknowledged_at": moment()},
        {"closed_at": moment()},
        {"closed_at": None},
        {"function_id": luck.choice(ground.functions)},
        {"reviewer_id": someone},
        {"reviewer_id": None},
        {"kind": "appeal"},
        {"opened_at": moment()},
        {"due_at": moment()},
        {"paused_at": luck.choice([None, moment()])},
    ]


def list_moves(ground: Ground, luck: Random) -> list[dict[str, Any]]:
    another = luck.choice(ground.past.ideas)
    return [
        {"anonymous": True},
        {"anonymous": False},
        {"theme_id": another.theme_id},
        {"campaign_id": another.campaign_id, "function_id": another.function_id},
        {"submitted_at": ground.past.moment(), "origin_id": luck.choice(ground.past.entities).id},
    ]


@pytest.mark.parametrize("seed", [41, 42])
async def test_figures_of_boards_equal_the_history_whatever_happens(
    database: Database, cast: Cast, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(boards, "MOST_PEOPLE", 1_000)
    ground, luck = await grounds.lay(database, cast, seed), Random(seed)
    assert not any(await compare(database, cast, ground, luck))
    await rollups.settle(database, now=NOW)
    assert all(await compare(database, cast, ground, luck))
    for turn in range(4):
        await stir(database, ground, luck)
        await move_people(database, ground, luck)
        assert all(await compare(database, cast, ground, luck))
        if turn != 1:
            await rollups.settle(database, now=NOW)
    assert all(await compare(database, cast, ground, luck))


async def test_a_reorganisation_is_counted_again(database: Database, cast: Cast) -> None:
    ground, luck = await grounds.lay(database, cast, 43), Random(43)
    await rollups.settle(database, now=NOW)
    top, moved = next(
        (one, other)
        for one in ground.past.entities
        for other in ground.past.entities
        if other.parent_id == one.id
    )
    async with database.writer() as session:
        await session.execute(update(Entity).where(col(Entity.id) == moved.id).values(parent_id=None))
    for settled in (False, True):
        for figure in (funnels.get_funnel, travels.get_travel):
            with watching() as seen:
                rolled = await ask(database, cast, figure, Filters(entity=top.id))
            assert seen == [settled]
            with counting_by_hand():
                assert rolled == await ask(database, cast, figure, Filters(entity=top.id))
        assert all(await compare(database, cast, ground, luck)) is settled
        await rollups.settle(database, now=NOW)
    async with database.reader() as session:
        assert set(await session.scalars(select(col(RollUpState.regrouping)))) == {0}


async def test_what_is_gone_is_taken_away(database: Database, cast: Cast) -> None:
    ground = await grounds.lay(database, cast, 44)
    await rollups.settle(database, now=NOW)
    async with database.writer() as session:
        await session.execute(update(Idea).values(stage="draft", submitted_at=None))
    await rollups.settle(database, now=NOW)
    async with database.reader() as session:
        of_ideas = select(col(RollUp.sums)).where(col(RollUp.dimension) != "people")
        assert set(await session.scalars(of_ideas)) == {"{}"}
        assert (await session.scalar(select(func.count()).select_from(RollUpMark))) == 0
        assert (await session.scalar(select(func.count()).select_from(RollUpChange))) == 0
    assert ground.past.ideas


async def test_what_is_settled_again_or_rebuilt_stays_the_same(database: Database, cast: Cast) -> None:
    await grounds.lay(database, cast, 45)
    assert await rollups.settle(database, now=NOW)
    before = await read_all(database)
    async with database.writer() as session:
        await session.execute(insert(RollUpChange).from_select(["subject"], select(col(Idea.id))))
    assert await rollups.settle(database, now=NOW)
    assert await read_all(database) == before
    assert await rollups.settle(database, now=NOW) == 0
    await rollups.rebuild(database, now=NOW)
    assert await read_all(database) == before


async def test_sums_of_another_zone_or_meaning_are_built_anew(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ground, luck = await grounds.lay(database, cast, 46), Random(46)
    await rollups.settle(database, now=NOW)
    async with database.writer() as session:
        await session.execute(update(RollUpState).values(zone="Asia/Tokyo"))
        await session.execute(update(RollUp).values(sums="{}"))
    assert not any(await compare(database, cast, ground, luck))
    monkeypatch.setattr(rollups, "BUILDING", 7)
    await rollups.settle(database, now=NOW)
    assert all(await compare(database, cast, ground, luck))


async def test_far_behind_the_history_is_counted(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ground, luck = await grounds.lay(database, cast, 47), Random(47)
    await rollups.settle(database, now=NOW)
    await stir(database, ground, luck)
    monkeypatch.setattr(boards, "MOST", 5)
    with watching() as seen:
        rolled = await ask(database, cast, funnels.get_funnel, Filters())
    assert seen == [False]
    with counting_by_hand():
        assert rolled == await ask(database, cast, funnels.get_funnel, Filters())


async def test_participation_of_many_who_changed_is_as_it_was_settled(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ground, luck = await grounds.lay(database, cast, 50), Random(50)
    await rollups.settle(database, now=NOW)
    before = await ask(database, cast, participation.get_participation, Filters())
    await move_people(database, ground, luck)
    now = await ask(database, cast, participation.get_participation, Filters())
    assert now != before
    monkeypatch.setattr(boards, "MOST_PEOPLE", 3)
    assert await ask(database, cast, participation.get_participation, Filters()) == before
    await rollups.settle(database, now=NOW)
    assert await ask(database, cast, participation.get_participation, Filters()) == now


async def test_an_erasure_changes_no_figure(database: Database, cast: Cast) -> None:
    ground, luck = await grounds.lay(database, cast, 52), Random(52)
    await rollups.settle(database, now=NOW)
    before = {day: await look_at(database, cast, day) for day in (None, *(draw_day(luck) for _ in range(4)))}
    person = luck.choice([vote.voter_id for vote in ground.past.votes])
    async with database.writer() as session:
        await nameless.replace(session, await session.get_one(Employee, person), now=NOW)
    for _ in range(2):
        for day, told in before.items():
            assert await look_at(database, cast, day) == told
        await rollups.settle(database, now=NOW)
    async with database.reader() as session:
        assert await rollup_audit.check(session) == []
        assert await session.get(ParticipationMark, person) is None


async def look_at(database: Database, cast: Cast, day: date | None) -> list[Any]:
    return [await ask(database, cast, figure, Filters(as_of=day)) for figure in FIGURES]


async def test_hidden_votes_count_from_the_end_of_their_voting(database: Database, cast: Cast) -> None:
    ground = await grounds.lay(database, cast, 51)
    await rollups.settle(database, now=NOW)
    figures_before = await ask(database, cast, participation.get_participation, Filters())
    campaign = ground.past.campaigns[0].id
    for values in ({"hidden": True}, {"closed_at": NOW}):
        async with database.writer() as session:
            if "hidden" in values:
                session.add(Voting(campaign_id=campaign, hidden=True, set_at=NOW))
            else:
                await session.execute(update(Voting).values(**values))
        await rollups.settle(database, now=NOW)
        rolled = await ask(database, cast, participation.get_participation, Filters())
        with counting_by_hand():
            assert rolled == await ask(database, cast, participation.get_participation, Filters())
        assert (rolled == figures_before) is ("closed_at" in values)


async def test_two_that_settle_at_once_add_everything_once(database: Database, cast: Cast) -> None:
    ground, luck = await grounds.lay(database, cast, 48), Random(48)
    await asyncio.gather(*(rollups.settle(database, now=NOW) for _ in range(4)))
    await rollups.settle(database, now=NOW)
    before = await read_all(database)
    await rollups.rebuild(database, now=NOW)
    assert await read_all(database) == before
    assert all(await compare(database, cast, ground, luck))


async def test_doctor_finds_an_idea_that_is_counted_wrongly(database: Database, cast: Cast) -> None:
    ground, luck = await grounds.lay(database, cast, 49), Random(49)
    await rollups.settle(database, now=NOW)
    await stir(database, ground, luck)
    async with database.reader() as session:
        assert await rollup_audit.check(session) == []
        marked = (await session.scalars(select(col(RollUpMark.subject)).limit(1))).one()
    await rollups.settle(database, now=NOW)
    async with database.writer() as session:
        wrong = update(RollUpMark).where(col(RollUpMark.subject) == marked)
        await session.execute(wrong.values(marks='[[[["whole",""]],[[739700,"ideas",0,2]]]]'))
    async with database.reader() as session:
        (finding,) = await rollup_audit.check(session)
    assert marked in finding.what


async def read_all(database: Database) -> set[tuple[Any, ...]]:
    async with database.reader() as session:
        rows = await session.execute(select(*RollUp.__table__.columns))  # type: ignore[attr-defined]
        return {tuple(row) for row in rows}
