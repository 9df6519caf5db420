"""Reading who received a prize, as far as they want to be named."""

from typing import Any

from sqlalchemy import and_, exists, func, or_, select, tuple_
from sqlmodel import col

from app.core import keysets
from app.core.db import ReadSession
from app.core.keysets import Place
from app.domain.awards import AwardState
from app.models.awards import PrizeAward, PrizeRecipient
from app.models.employees import Employee
from app.models.ideas import Idea
from app.queries import prizes
from app.schemas.awards import AwardedIdea, PublicAward, PublicAwards
from app.schemas.shapes import Named


async def list_public(
    session: ReadSession, prize_id: str, *, after: Place | None, limit: int
) -> tuple[PublicAwards, Place | None]:
    """Return a page of the awards of a prize to which everybody who received it agrees, and how many were given.

    What an anonymous idea won is shown without people, whatever they chose.

    Raises: NoSuchPrize.
    """
    prize = await prizes.get_visible(session, prize_id)
    granted = and_(col(PrizeAward.prize_id) == prize.id, col(PrizeAward.state) == AwardState.GRANTED)
    given = await session.scalar(select(func.count()).select_from(PrizeAward).where(granted))
    order = (col(PrizeAward.decided_at), col(PrizeAward.id))
    statement: Any = (
        select(PrizeAward, Idea)
        .outerjoin(Idea, col(Idea.id) == col(PrizeAward.idea_id))
        .where(granted, or_(col(Idea.anonymous).is_(True), _all_agree()))
    )
    if after is not None:
        statement = statement.where(tuple_(*order) < keysets.read_time(after))
    descending = [column.desc() for column in order]
    rows = (await session.execute(statement.order_by(*descending).limit(limit + 1))).all()
    shown = rows[:limit]
    named = await _list_people(
        session, [award.id for award, idea in shown if idea is None or not idea.anonymous]
    )
    items = [
        PublicAward(
            id=award.id,
            people=named.get(award.id, []),
            idea=None if idea is None else AwardedIdea(id=idea.id, title=idea.title),
            points=award.points,
            reason=award.reason,
            granted_at=award.decided_at,
        )
        for award, idea in shown
    ]
    last = shown[-1][0] if len(rows) > limit else None
    place = keysets.write(last.decided_at, last.id) if last is not None else None
    return PublicAwards(given=given or 0, items=items, next_cursor=None), place


def _all_agree() -> Any:
    received = col(PrizeRecipient.award_id) == col(PrizeAward.id)
    return and_(exists().where(received), ~exists().where(received, col(PrizeRecipient.shown).is_(False)))


async def _list_people(session: ReadSession, award_ids: list[str]) -> dict[str, list[Named]]:
    found: dict[str, list[Named]] = {}
    rows = await session.execute(
        select(col(PrizeRecipient.award_id), col(Employee.id), col(Employee.name))
        .join(Employee, col(Employee.id) == col(PrizeRecipient.employee_id))
        .where(col(PrizeRecipient.award_id).in_(award_ids))
        .order_by(col(Employee.folded_name), col(Employee.id))
    )
    for award_id, person_id, name in rows:
        found.setdefault(award_id, []).append(Named(id=person_id, name=name))
    return found
