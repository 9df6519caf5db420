"""Reading leaderboards: pages of units, pages of people who want to be there, one's own place."""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, func, or_, select, tuple_
from sqlmodel import col

from app.core import ids
from app.core.db import ReadSession
from app.core.keysets import Place as Keyset
from app.domain import measures
from app.domain.actors import Actor
from app.domain.leaderboards import Board
from app.models.campaigns import Campaign
from app.models.employees import Employee
from app.models.entities import Entity
from app.models.leaderboards import Contender, PersonStanding, StandingScope, UnitStanding
from app.schemas.leaderboards import OwnPlace, Place
from app.schemas.shapes import Named

Items = tuple[list[Place], Keyset | None]


async def get_computed_at(session: ReadSession, scope: str) -> datetime | None:
    """Return when the boards of a season or campaign were worked out last."""
    found: datetime | None = await session.scalar(
        select(col(StandingScope.computed_at)).where(col(StandingScope.scope) == scope)
    )
    return found


async def is_contender(session: ReadSession, actor: Actor) -> bool:
    """Tell whether somebody wants to be compared."""
    return await session.get(Contender, actor.id) is not None


async def find_named(session: ReadSession, *, entity: str | None, campaign: str | None) -> Named | None:
    """Return the campaign of a board with its name, and let pass a unit that exists.

    Raises: UnknownFilter.
    """
    about = await session.get(Campaign, campaign) if campaign is not None and ids.is_valid(campaign) else None
    there = entity is None or (ids.is_valid(entity) and await session.get(Entity, entity) is not None)
    measures.check_known(entity=there, campaign=campaign is None or about is not None)
    return None if about is None else Named(id=about.id, name=about.name)


async def list_units(
    session: ReadSession, scope: str, board: Board, *, below: str | None, after: Keyset | None, limit: int
) -> Items:
    """Return a page of a board of units, of those below one where it is given; one statement."""
    statement = (
        select(UnitStanding, col(Entity.name))
        .join(Entity, col(Entity.id) == col(UnitStanding.entity_id))
        .where(col(UnitStanding.scope) == scope, col(UnitStanding.board) == board.value)
    )
    if below is not None:
        top = select(col(Entity.path)).where(col(Entity.id) == below).scalar_subquery()
        statement = statement.where(col(Entity.path).startswith(top + "/", autoescape=False))
    here = tuple_(col(UnitStanding.rank), col(UnitStanding.entity_id))
    if after is not None:
        statement = statement.where(here > tuple_(*after))
    ordered = statement.order_by(col(UnitStanding.rank), col(UnitStanding.entity_id)).limit(limit + 1)
    rows = (await session.execute(ordered)).all()
    items = [
        Place(
            rank=standing.rank,
            entity=Named(id=standing.entity_id, name=name),
            employee=None,
            points=standing.points,
            people=standing.people,
            per_head=standing.per_head / 100,
        )
        for standing, name in rows[:limit]
    ]
    last = rows[limit - 1][0] if len(rows) > limit else None
    return items, [last.rank, last.entity_id] if last else None


async def list_people(session: ReadSession, scope: str, *, after: Keyset | None, limit: int) -> Items:
    """Return a page of the people who want to be compared; whoever withdraws is gone from the next request on."""
    statement = (
        select(col(PersonStanding.employee_id), col(PersonStanding.points), col(Employee.name))
        .join(Employee, col(Employee.id) == col(PersonStanding.employee_id))
        .join(Contender, col(Contender.employee_id) == col(PersonStanding.employee_id))
        .where(col(PersonStanding.scope) == scope, col(Employee.active).is_(True))
    )
    points, person = col(PersonStanding.points), col(PersonStanding.employee_id)
    if after is not None:
        least, last_person = after
        statement = statement.where(or_(points < least, and_(points == least, person > last_person)))
    rows = (await session.execute(statement.order_by(points.desc(), person).limit(limit + 1))).all()
    if not rows:
        return [], None
    place = await _count_better(session, scope, rows[0].points)
    seen = 0 if after is None or rows[0].points != after[0] else await _count_tied(session, scope, after)
    items: list[Place] = []
    for number, row in enumerate(rows[:limit]):
        tied = bool(items) and items[-1].points == row.points
        rank = items[-1].rank if tied else (place + 1 if number == 0 else place + seen + number + 1)
        named = Named(id=row.employee_id, name=row.name)
        items.append(
            Place(rank=rank, entity=None, employee=named, points=row.points, people=None, per_head=None)
        )
    last = rows[limit - 1] if len(rows) > limit else None
    return items, [last.points, last.employee_id] if last else None


async def get_own(session: ReadSession, actor: Actor, scope: str) -> OwnPlace:
    """Return the actor's place among those who want to be compared; three statements."""
    points: int = (
        await session.scalar(
            select(col(PersonStanding.points)).where(
                col(PersonStanding.employee_id) == actor.id, col(PersonStanding.scope) == scope
            )
        )
        or 0
    )
    shown = await is_contender(session, actor)
    others = await session.execute(
        select(func.count(), func.count().filter(col(PersonStanding.points) > points)).where(
            *_compared(scope), col(PersonStanding.employee_id) != actor.id
        )
    )
    number, better = others.one()
    return OwnPlace(shown=shown, rank=better + 1, points=points, of=number + 1)


def _compared(scope: str) -> tuple[Any, ...]:
    """Return the conditions of who is compared, on standings of people."""
    return (
        col(PersonStanding.scope) == scope,
        exists().where(col(Contender.employee_id) == col(PersonStanding.employee_id)),
        exists().where(col(Employee.id) == col(PersonStanding.employee_id), col(Employee.active).is_(True)),
    )


async def _count_better(session: ReadSession, scope: str, points: int) -> int:
    better = select(func.count()).where(*_compared(scope), col(PersonStanding.points) > points)
    return await session.scalar(better) or 0


async def _count_tied(session: ReadSession, scope: str, after: Keyset) -> int:
    """Return how many with the points of the place where a page begins stand before it."""
    points, person = after
    tied = select(func.count()).where(
        *_compared(scope), col(PersonStanding.points) == points, col(PersonStanding.employee_id) <= person
    )
    return await session.scalar(tied) or 0
