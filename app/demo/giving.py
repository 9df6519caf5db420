"""What is given in the made-up world: a catalogue of prizes, claims of those who earned them, prizes of a jury."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlmodel import col

from app.core.db import Database, WriteSession
from app.demo.people import Troupe
from app.demo.topics import list_words
from app.domain.actors import Actor
from app.domain.errors import Refusal
from app.domain.pipeline import Stage
from app.domain.prizes import Way
from app.domain.roles import Role
from app.models.ideas import Idea
from app.models.prizes import Prize
from app.models.rewards import PointEntry
from app.models.roles import RoleGrant
from app.schemas.awards import ProposeAward
from app.schemas.prices import StatedPrice
from app.schemas.prizes import AddPrize
from app.services import awards, prizes

_CLAIMS = 14
_UNDECIDED = 3
"""The last claims, which nobody has decided on yet."""


async def give(database: Database, troupe: Troupe, *, now: datetime) -> None:
    """Fill the catalogue, let those with most points claim, and propose deployed ideas to the jury."""
    async with database.writer() as session:
        givers = await _list_givers(session, troupe)
        offered = await _fill(session, givers[0], now=now)
    async with database.reader() as session:
        rich = await session.execute(
            select(col(PointEntry.employee_id), func.sum(col(PointEntry.points)).label("balance"))
            .group_by(col(PointEntry.employee_id))
            .order_by(func.sum(col(PointEntry.points)).desc(), col(PointEntry.employee_id))
            .limit(4 * _CLAIMS)
        )
        claimants = [person for person, _ in rich][::4]
        deployed = await session.scalars(
            select(col(Idea.id))
            .where(col(Idea.stage) == Stage.DEPLOYED, col(Idea.anonymous).is_(False))
            .order_by(col(Idea.submitted_at), col(Idea.id))
            .limit(3)
        )
        ideas = list(deployed)
    for number, person in enumerate(claimants):
        undecided = number >= len(claimants) - _UNDECIDED
        await _claim(database, troupe, offered, person, [] if undecided else givers, now=now)
    for idea_id in ideas:
        await _award(database, offered, idea_id, givers, now=now)


async def _list_givers(session: WriteSession, troupe: Troupe) -> list[Actor]:
    roles = [Role.COMMUNITY_MANAGER.value, Role.INNOVATION_MANAGER.value]
    people = await session.scalars(
        select(col(RoleGrant.employee_id))
        .where(col(RoleGrant.role).in_(roles), col(RoleGrant.ended_at).is_(None))
        .order_by(col(RoleGrant.role), col(RoleGrant.granted_at), col(RoleGrant.employee_id))
    )
    return [await troupe.actor(session, person) for person in people]


async def _fill(session: WriteSession, manager: Actor, *, now: datetime) -> list[Prize]:
    words, offered = list_words("animation"), []
    for line in words["cadeaux"]:
        name, text, cost, price, stock = (part.strip() for part in line.split("|"))
        values = AddPrize(
            name=name,
            description=text,
            way=Way.POINTS.value,
            cost=int(cost),
            price=_price(price),
            stock=int(stock) if stock else None,
        )
        offered.append(await prizes.add(session, manager, values, now=now))
    for line in words["prix"]:
        name, text, price, stock = (part.strip() for part in line.split("|"))
        values = AddPrize(
            name=name,
            description=text,
            way=Way.JURY.value,
            price=_price(price),
            stock=int(stock),
            jury=[manager.id],
        )
        offered.append(await prizes.add(session, manager, values, now=now))
    return offered


def _price(euros: str) -> StatedPrice:
    return StatedPrice(amount=Decimal(euros), currency="EUR")


async def _claim(
    database: Database,
    troupe: Troupe,
    offered: list[Prize],
    person: str,
    givers: list[Actor],
    *,
    now: datetime,
) -> None:
    for prize in sorted(offered, key=lambda each: -(each.cost or 0)):
        if prize.cost is None:
            continue
        try:
            async with database.writer() as session:
                award = await awards.claim(session, await troupe.actor(session, person), prize.id, now=now)
        except Refusal:
            continue
        await _agree(database, award.id, givers, now=now)
        return


async def _award(
    database: Database, offered: list[Prize], idea_id: str, givers: list[Actor], *, now: datetime
) -> None:
    prize = next(each for each in offered if each.way == Way.JURY)
    reason = list_words("animation")["motifs"][0]
    for giver in givers:
        try:
            async with database.writer() as session:
                values = ProposeAward(idea=idea_id, reason=reason)
                award = await awards.propose(session, giver, prize.id, values, now=now)
        except Refusal:
            continue
        await _agree(database, award.id, givers, now=now)
        return


async def _agree(database: Database, award_id: str, givers: list[Actor], *, now: datetime) -> None:
    """Ask one after the other, until two have said yes; who stands too close is refused by the application."""
    for giver in givers:
        try:
            async with database.writer() as session:
                await awards.approve(session, giver, award_id, now=now)
        except Refusal:
            continue
