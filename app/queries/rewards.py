"""Reading one's own points."""

from sqlalchemy import func, select, tuple_
from sqlmodel import col

from app.core import keysets
from app.core.db import ReadSession
from app.core.keysets import Place
from app.domain.actors import Actor
from app.domain.rewards import RuleKey
from app.models.rewards import PointEntry as EntryRow
from app.schemas.rewards import PointEntry

_WITHOUT_IDEA = {RuleKey.FIRST_SIGN_IN, RuleKey.PRIZE}


async def get_balance(session: ReadSession, employee_id: str) -> int:
    """Return a person's balance: the sum of the ledger's entries."""
    balance = await session.scalar(
        select(func.coalesce(func.sum(col(EntryRow.points)), 0)).where(
            col(EntryRow.employee_id) == employee_id
        )
    )
    return int(balance or 0)


async def list_entries(
    session: ReadSession, actor: Actor, *, after: Place | None, limit: int
) -> tuple[list[PointEntry], Place | None]:
    """Return a page of the actor's own entries, the newest first, and where the next page begins."""
    statement = select(EntryRow).where(col(EntryRow.employee_id) == actor.id)
    if after is not None:
        here = tuple_(col(EntryRow.at), col(EntryRow.id))
        statement = statement.where(here < keysets.read_time(after))
    rows = (
        await session.scalars(
            statement.order_by(col(EntryRow.at).desc(), col(EntryRow.id).desc()).limit(limit + 1)
        )
    ).all()
    items = [
        PointEntry(
            id=row.id,
            rule=row.rule,
            points=row.points,
            idea=None if row.rule in _WITHOUT_IDEA else row.subject,
            day=row.day,
            at=row.at,
        )
        for row in rows[:limit]
    ]
    if len(rows) <= limit:
        return items, None
    return items, keysets.write(rows[limit - 1].at, rows[limit - 1].id)
