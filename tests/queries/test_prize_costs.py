"""What prizes have cost: counted when they are granted, at the price of that day, and never told of a part."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col

from app.core.db import Database
from app.models.prizes import Prize
from app.queries import benefits
from app.queries.statistics import Filters
from app.schemas.awards import ProposeAward
from app.schemas.figures import Return
from app.services import awards
from tests.services.test_awards import claim, do
from tests.support.prizes import offer
from tests.support.world import START, Cast

PRICED = {"price": {"amount": "12.50", "currency": "EUR"}, "stock": 9}
LATER = START + timedelta(days=9)


@pytest.fixture(autouse=True)
async def granted(database: Database, cast: Cast) -> str:
    """Two books at the price of 12.50 that were granted, one that was refused, one that is waited for."""
    book = await offer(database, cast, **PRICED)
    claims = [await claim(database, cast, "Max", book) for _ in range(4)]
    for award in claims[:2]:
        await do(database, cast, "Mia", awards.approve, award)
        await do(database, cast, "Ian", awards.approve, award)
    await do(database, cast, "Ian", awards.refuse, claims[2], text="")
    await do(database, cast, "Ian", awards.approve, claims[3])
    return book


async def ask(database: Database, cast: Cast, **filters: Any) -> list[Return]:
    async with database.writer() as session:
        hana = await cast.actor(session, "Hana")
        told = await benefits.get_benefits(session, hana, Filters(**filters), zone="Europe/Paris", now=LATER)
    return told.returns


async def test_what_was_granted_has_cost_what_it_cost_then(
    database: Database, cast: Cast, granted: str
) -> None:
    async with database.writer() as session:
        await session.execute(
            update(Prize).where(col(Prize.id) == granted).values(price=99, price_currency="CHF")
        )
    (told,) = await ask(database, cast)
    assert (told.currency, told.prizes, told.net, told.roi) == ("EUR", Decimal(25), Decimal(-25), -1.0)
    assert await ask(database, cast, as_of=(START - timedelta(days=1)).date()) == []


async def test_prizes_of_a_campaign_are_told_of_it_alone(database: Database, cast: Cast) -> None:
    assert await ask(database, cast, campaign=cast.permanent_box) == []
    trip = await offer(
        database,
        cast,
        way="jury",
        jury=[cast["Dan"].id],
        price={"amount": 300, "currency": "EUR"},
        campaign=cast.permanent_box,
    )
    award = await do(
        database, cast, "Dan", awards.propose, trip, ProposeAward(employee=cast["Max"].id, reason="Well done")
    )
    await do(database, cast, "Ian", awards.approve, award.id)
    (told,) = await ask(database, cast, campaign=cast.permanent_box)
    assert told.prizes == Decimal(300)
    (told,) = await ask(database, cast)
    assert told.prizes == Decimal(325)


async def test_prizes_are_told_of_no_part_of_the_company(database: Database, cast: Cast) -> None:
    for filters in (
        {"entity": cast["Max"].entity_id},
        {"theme": next(iter(cast.themes.values()))},
        {"since": START.date()},
    ):
        assert await ask(database, cast, **filters) == [], filters
