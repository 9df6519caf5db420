"""Auditing prizes: the stock against what is given, points against claims, two people behind each gift."""

from sqlalchemy import and_, case, exists, func, or_, select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain.awards import STANDING, AwardState
from app.domain.rewards import RuleKey
from app.models.awards import PrizeAward, PrizeRecipient
from app.models.prizes import Prize
from app.models.rewards import PointEntry
from app.queries.findings import Finding, report

_REMEDY = "Restore from a backup, and look for who wrote past the application."
_STANDS = col(PrizeAward.state).in_(sorted(STANDING))


async def check(session: ReadSession) -> list[Finding]:
    """Check the stock of every prize, that standing claims are paid and others paid back, and who said yes."""
    return [
        *report("The stock of prizes differs from what is given", await _list_miscounted(session), _REMEDY),
        *report("Claims and the points ledger disagree", await _list_unsettled(session), _REMEDY),
        *report("Prizes were given without two people", await _list_ungranted(session), _REMEDY),
    ]


async def _list_miscounted(session: ReadSession) -> list[str]:
    standing = (
        select(col(PrizeAward.prize_id).label("prize_id"), func.count().label("rows"))
        .where(_STANDS)
        .group_by(col(PrizeAward.prize_id))
        .subquery()
    )
    wrong = await session.scalars(
        select(col(Prize.id))
        .outerjoin(standing, standing.c.prize_id == col(Prize.id))
        .where(col(Prize.pieces_left) != col(Prize.stock) - func.coalesce(standing.c.rows, 0))
    )
    return list(wrong)


async def _list_unsettled(session: ReadSession) -> list[str]:
    """Return claims for which the ledger has other points than are due, and entries without a claim."""
    spent = (
        select(
            col(PointEntry.subject).label("subject"),
            col(PointEntry.employee_id).label("employee_id"),
            func.sum(col(PointEntry.points)).label("net"),
        )
        .where(col(PointEntry.rule) == RuleKey.PRIZE)
        .group_by(col(PointEntry.subject), col(PointEntry.employee_id))
        .subquery()
    )
    claims = await session.scalars(
        select(col(PrizeAward.id))
        .outerjoin(
            spent,
            and_(
                spent.c.subject == col(PrizeAward.id),
                spent.c.employee_id == col(PrizeAward.employee_id),
            ),
        )
        .where(
            col(PrizeAward.points).is_not(None),
            func.coalesce(spent.c.net, 0) != case((_STANDS, -col(PrizeAward.points)), else_=0),
        )
    )
    claimed = exists().where(
        col(PrizeAward.id) == spent.c.subject,
        col(PrizeAward.employee_id) == spent.c.employee_id,
        col(PrizeAward.points).is_not(None),
    )
    strays = await session.scalars(select(spent.c.subject).where(~claimed))
    return [*claims, *strays]


async def _list_ungranted(session: ReadSession) -> list[str]:
    """Return granted awards to which not two people agreed, or one who receives it."""
    receives = exists().where(
        col(PrizeRecipient.award_id) == col(PrizeAward.id),
        or_(
            col(PrizeRecipient.employee_id) == col(PrizeAward.first_id),
            col(PrizeRecipient.employee_id) == col(PrizeAward.second_id),
        ),
    )
    wrong = await session.scalars(
        select(col(PrizeAward.id)).where(
            col(PrizeAward.state) == AwardState.GRANTED,
            or_(col(PrizeAward.first_id).is_(None), col(PrizeAward.second_id).is_(None), receives),
        )
    )
    return list(wrong)
