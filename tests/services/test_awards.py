"""Giving prizes: stock and points under races, two people behind each gift, everything back exactly once."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlmodel import col

from app.core.db import Database
from app.domain.actors import Actor
from app.domain.awards import (
    AlreadyDecided,
    NotYoursToGive,
    RecipientGone,
    SecondPersonNeeded,
    TooCloseToGive,
)
from app.domain.errors import Refusal
from app.domain.prizes import PrizeGone
from app.domain.rewards import BalanceTooSmall
from app.domain.roles import Role
from app.models.awards import PrizeAward, PrizeRecipient
from app.models.employees import Employee, Management
from app.models.prizes import Prize
from app.models.rewards import PointEntry
from app.queries import rewards
from app.schemas.awards import ProposeAward
from app.services import awards, employees
from tests.services.test_rewards import balance, drain_all, submit
from tests.support import world
from tests.support.prizes import give_points, list_errors, offer
from tests.support.world import START, Cast

Act = Callable[..., Awaitable[Any]]


async def do(database: Database, cast: Cast, name: str, act: Act, *given: Any, **named: Any) -> Any:
    """Have somebody of the cast do something in a transaction of its own."""
    async with database.writer() as session:
        return await act(session, await cast.actor(session, name), *given, now=START, **named)


async def look_up(database: Database, cast: Cast, name: str) -> Actor:
    """Return somebody of the cast as the rules see them now."""
    async with database.writer() as session:
        return await cast.actor(session, name)


async def attempt(database: Database, actor: Actor, act: Act, *given: Any, **named: Any) -> Any:
    """Do something in a transaction of its own, and return what refused it."""
    try:
        async with database.writer() as session:
            return await act(session, actor, *given, now=START, **named)
    except Refusal as refusal:
        return type(refusal)


async def claim(database: Database, cast: Cast, name: str, prize_id: str) -> str:
    await give_points(database, cast[name].id, 10)
    award: PrizeAward = await do(database, cast, name, awards.claim, prize_id)
    return award.id


async def read(database: Database, award_id: str) -> PrizeAward:
    async with database.reader() as session:
        return await session.get_one(PrizeAward, award_id)


async def count_left(database: Database, prize_id: str) -> int | None:
    async with database.reader() as session:
        return (await session.get_one(Prize, prize_id)).pieces_left


async def count_entries(database: Database, award_id: str) -> int:
    async with database.reader() as session:
        found = await session.scalar(select(func.count()).where(col(PointEntry.subject) == award_id))
        return found or 0


async def test_a_claim_takes_a_piece_and_points_and_waits_for_two_people(
    database: Database, cast: Cast
) -> None:
    prize_id = await offer(database, cast, stock=3)
    award_id = await claim(database, cast, "Max", prize_id)
    assert (await count_left(database, prize_id), await balance(database, cast, "Max")) == (2, 0)
    await do(database, cast, "Mia", awards.approve, award_id)
    assert (await read(database, award_id)).state == "proposed"
    with pytest.raises(SecondPersonNeeded):
        await do(database, cast, "Mia", awards.approve, award_id)
    for name in ("Dan", "Hana", "Walt", "Adam"):
        assert await attempt(database, Actor(cast[name].id), awards.approve, award_id) is not None
    await do(database, cast, "Ian", awards.approve, award_id)
    given = await read(database, award_id)
    assert (given.state, given.first_id, given.second_id) == ("granted", cast["Mia"].id, cast["Ian"].id)
    with pytest.raises(AlreadyDecided):
        await do(database, cast, "Irma", awards.refuse, award_id, text="No")
    assert await list_errors(database) == []


async def test_a_hundred_people_contest_the_last_piece(database: Database, cast: Cast) -> None:
    prize_id = await offer(database, cast)
    async with database.writer() as session:
        people = [await world.make_employee(session) for _ in range(100)]
    for person in people:
        await give_points(database, person.id, 10)
    answers = await asyncio.gather(
        *(attempt(database, Actor(person.id), awards.claim, prize_id) for person in people)
    )
    assert sum(isinstance(answer, PrizeAward) for answer in answers) == 1
    assert sum(answer is PrizeGone for answer in answers) == 99
    assert await count_left(database, prize_id) == 0
    async with database.reader() as session:
        spent = [await rewards.get_balance(session, person.id) for person in people]
    assert sorted(spent) == [0] + [10] * 99
    assert await list_errors(database) == []


async def test_points_for_one_pay_for_one_of_many_things_at_once(database: Database, cast: Cast) -> None:
    prize_ids = [await offer(database, cast) for _ in range(8)]
    await give_points(database, cast["Max"].id, 10)
    actor = Actor(cast["Max"].id)
    answers = await asyncio.gather(
        *(attempt(database, actor, awards.claim, prize_id) for prize_id in prize_ids)
    )
    assert sum(isinstance(answer, PrizeAward) for answer in answers) == 1
    assert sum(answer is BalanceTooSmall for answer in answers) == 7
    assert await balance(database, cast, "Max") == 0
    assert sum([await count_left(database, prize_id) or 0 for prize_id in prize_ids]) == 7
    assert await list_errors(database) == []


@pytest.mark.parametrize("refused", [True, False])
async def test_points_and_piece_come_back_exactly_once(
    database: Database,
    cast: Cast,
    refused: bool,
) -> None:
    prize_id = await offer(database, cast)
    award_id = await claim(database, cast, "Max", prize_id)
    await do(database, cast, "Mia", awards.approve, award_id)
    ian, max_ = await look_up(database, cast, "Ian"), await look_up(database, cast, "Max")
    undo: tuple[Any, ...] = (ian, awards.refuse, award_id) if refused else (max_, awards.withdraw, award_id)
    named: dict[str, Any] = {"text": "Too many books"} if refused else {}
    answers = await asyncio.gather(*(attempt(database, *undo, **named) for _ in range(6)))
    assert sorted(answer is AlreadyDecided for answer in answers) == [False] + [True] * 5
    assert (await count_left(database, prize_id), await balance(database, cast, "Max")) == (1, 10)
    assert await count_entries(database, award_id) == 2
    assert await attempt(database, ian, awards.approve, award_id) is AlreadyDecided
    assert await list_errors(database) == []


async def test_of_a_yes_a_no_and_a_withdrawal_at_once_one_stands(database: Database, cast: Cast) -> None:
    prize_id = await offer(database, cast, stock=20)
    irma, ian, max_ = [await look_up(database, cast, name) for name in ("Irma", "Ian", "Max")]
    for _ in range(8):
        award_id = await claim(database, cast, "Max", prize_id)
        await do(database, cast, "Mia", awards.approve, award_id)
        answers = await asyncio.gather(
            attempt(database, irma, awards.approve, award_id),
            attempt(database, ian, awards.refuse, award_id, text="No"),
            attempt(database, max_, awards.withdraw, award_id),
        )
        assert sum(answer is None for answer in answers) == 1
        assert sum(answer is AlreadyDecided for answer in answers) == 2
    assert await list_errors(database) == []


async def test_two_yes_at_once_grant_it_once(database: Database, cast: Cast) -> None:
    prize_id = await offer(database, cast)
    award_id = await claim(database, cast, "Max", prize_id)
    people = [await look_up(database, cast, name) for name in ("Irma", "Ian", "Mia")]
    answers = await asyncio.gather(*(attempt(database, who, awards.approve, award_id) for who in people))
    assert sorted(str(answer) for answer in answers if answer is not None) == [str(AlreadyDecided)]
    given = await read(database, award_id)
    assert given.state == "granted"
    assert given.first_id != given.second_id


async def test_nobody_of_the_claimants_line_decides(database: Database, cast: Cast) -> None:
    """Neither who is above, nor who is directly below, nor the claimant; a stood-up yes falls with the distance."""
    async with database.writer() as session:
        for name in ("Alice", "Bob", "Carol", "Rita", "Pete"):
            await world.grant(session, cast[name], Role.COMMUNITY_MANAGER)
    prize_id = await offer(database, cast)
    award_id = await claim(database, cast, "Alice", prize_id)
    for name in ("Alice", "Bob", "Carol", "Rita"):
        with pytest.raises(TooCloseToGive):
            await do(database, cast, name, awards.approve, award_id)
        with pytest.raises(TooCloseToGive):
            await do(database, cast, name, awards.refuse, award_id, text="No")
    await do(database, cast, "Pete", awards.approve, award_id)
    async with database.writer() as session:
        await session.execute(
            update(Management)
            .where(col(Management.employee_id) == cast["Alice"].id)
            .values(manager_id=cast["Pete"].id)
        )
    await do(database, cast, "Mia", awards.approve, award_id)
    assert (await read(database, award_id)).state == "proposed", "Pete is Alice's manager now"
    await do(database, cast, "Ian", awards.approve, award_id)
    given = await read(database, award_id)
    assert (given.first_id, given.second_id) == (cast["Mia"].id, cast["Ian"].id)


async def test_a_doubtful_line_goes_to_somebody_else(database: Database, cast: Cast) -> None:
    """Who works where the line of the claimant breaks might stand above: others decide."""
    async with database.writer() as session:
        await session.execute(
            update(Management)
            .where(col(Management.employee_id) == cast["Alice"].id)
            .values(manager_id=None, certain=False)
        )
        await world.grant(session, cast["Pete"], Role.COMMUNITY_MANAGER)
    award_id = await claim(database, cast, "Alice", await offer(database, cast))
    with pytest.raises(TooCloseToGive):
        await do(database, cast, "Pete", awards.approve, award_id)


async def test_what_leavers_asked_for_is_refused_and_paid_back(database: Database, cast: Cast) -> None:
    prize_id = await offer(database, cast, stock=5)
    kept, first = [await claim(database, cast, name, prize_id) for name in ("Pete", "Max")]
    granted = await claim(database, cast, "Max", prize_id)
    for name in ("Mia", "Ian"):
        await do(database, cast, name, awards.approve, granted)
    await do(database, cast, "Mia", awards.approve, first)
    jury = await offer(database, cast, way="jury")
    proposed = await do(
        database, cast, "Mia", awards.propose, jury, ProposeAward(employee=cast["Max"].id, reason="All")
    )
    async with database.writer() as session:
        await session.execute(update(PrizeRecipient).values(shown=True))
    await do(database, cast, "Adam", employees.deactivate, cast["Max"].id)
    assert await attempt(database, Actor(cast["Max"].id), awards.claim, prize_id) is RecipientGone
    ian = await look_up(database, cast, "Ian")
    assert await attempt(database, ian, awards.approve, first) is RecipientGone
    for _ in range(2):
        await drain_all(database)
        states = [(await read(database, each)).state for each in (kept, first, granted, proposed.id)]
        assert states == ["waiting", "refused", "granted", "refused"]
        assert (await count_left(database, prize_id), await count_left(database, jury)) == (3, 1)
        assert await balance(database, cast, "Max") == 10
        async with database.writer() as session:
            await session.execute(
                update(Employee).where(col(Employee.id) == cast["Max"].id).values(active=False)
            )
    async with database.reader() as session:
        assert list(await session.scalars(select(col(PrizeRecipient.shown)))) == [False]
    assert await list_errors(database) == []


async def test_authors_of_an_idea_receive_what_it_wins_and_their_line_has_no_hand(
    database: Database, cast: Cast
) -> None:
    idea_id = await submit(database, cast, "Alice")
    async with database.writer() as session:
        for name in ("Alice", "Bob", "Rita"):
            await world.grant(session, cast[name], Role.COMMUNITY_MANAGER)
    prize_id = await offer(database, cast, way="jury", jury=[cast["Dan"].id])
    wish = ProposeAward(idea=idea_id, reason="Simple")
    for name in ("Alice", "Bob", "Rita"):
        with pytest.raises(TooCloseToGive):
            await do(database, cast, name, awards.propose, prize_id, wish)
    with pytest.raises(NotYoursToGive):
        await do(database, cast, "Eve", awards.propose, prize_id, wish)
    award = await do(database, cast, "Dan", awards.propose, prize_id, wish)
    with pytest.raises(SecondPersonNeeded):
        await do(database, cast, "Dan", awards.approve, award.id)
    with pytest.raises(TooCloseToGive):
        await do(database, cast, "Bob", awards.approve, award.id)
    await do(database, cast, "Ian", awards.approve, award.id)
    async with database.reader() as session:
        rows = await session.scalars(select(col(PrizeRecipient.employee_id)))
        assert list(rows) == [cast["Alice"].id]
    assert await list_errors(database) == []


async def test_an_audit_sees_what_contradicts_itself(database: Database, cast: Cast) -> None:
    prize_id = await offer(database, cast, stock=3)
    award_id = await claim(database, cast, "Max", prize_id)
    for name in ("Mia", "Ian"):
        await do(database, cast, name, awards.approve, award_id)

    async def plant(change: Any) -> list[str]:
        before = await read(database, award_id)
        async with database.writer() as session:
            await session.execute(change)
        found = await list_errors(database)
        await restore(before)
        return found

    async def restore(before: PrizeAward) -> None:
        async with database.writer() as session:
            await session.execute(
                update(PrizeAward).values(
                    state=before.state, first_id=before.first_id, second_id=before.second_id, points=10
                )
            )
            await session.execute(update(Prize).values(pieces_left=2))
            await session.execute(update(PrizeRecipient).values(employee_id=cast["Max"].id))
            await session.execute(
                update(PointEntry).where(col(PointEntry.rule) == "prize").values(points=-10)
            )

    assert await list_errors(database) == []
    for change, what in (
        (update(Prize).values(pieces_left=3), "stock"),
        (update(PrizeAward).values(points=9), "ledger"),
        (update(PointEntry).where(col(PointEntry.rule) == "prize").values(points=-9), "ledger"),
        (update(PrizeAward).values(state="refused"), "ledger"),
        (update(PrizeAward).values(second_id=None), "two people"),
        (update(PrizeRecipient).values(employee_id=cast["Mia"].id), "two people"),
    ):
        assert any(what in found for found in await plant(change)), (what, str(change))
    assert await list_errors(database) == []


async def test_a_yes_and_a_departure_at_once_leave_no_claim_behind(database: Database, cast: Cast) -> None:
    """A claim made while its claimant leaves is either never made, or refused and paid back."""
    prize_id = await offer(database, cast, stock=50)
    async with database.writer() as session:
        people = [await world.make_employee(session) for _ in range(6)]
    for person in people:
        await give_points(database, person.id, 10)
    adam = await look_up(database, cast, "Adam")
    await asyncio.gather(
        *(
            attempt(database, who, act, subject)
            for person in people
            for who, act, subject in (
                (Actor(person.id), awards.claim, prize_id),
                (adam, employees.deactivate, person.id),
            )
        )
    )
    await drain_all(database)
    assert await count_left(database, prize_id) == 50
    assert await list_errors(database) == []
