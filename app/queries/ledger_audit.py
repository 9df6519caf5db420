"""Auditing the points ledger: entry by entry, then against what happened."""

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.core.db import ReadSession
from app.models.events import Event
from app.models.ideas import Idea
from app.models.rewards import PointEntry
from app.queries import recomputation
from app.queries.findings import Finding, report
from app.queries.milestones import RULES

_RESTORE = "Restore from a backup."


async def check(session: ReadSession) -> list[Finding]:
    """Check that entries alternate between award and reversal, and that their sums are what the facts say.

    The second can be known only when no event waits for its reactions.
    """
    found = report("The points ledger does not add up", await _list_broken(session), _RESTORE)
    found += report("Points were given for ideas that don't exist", await _list_lost(session), _RESTORE)
    pending = await session.scalar(select(exists().where(col(Event.worked_off_at).is_(None))))
    if pending:
        return found
    compared = await recomputation.compare(session)
    what = (
        f"The points of {compared.people} of {compared.of_people} people and of {compared.ideas} of "
        f"{compared.of_ideas} ideas were compared with what happened"
    )
    remedy = "Look for who wrote past the application; `ideabox jobs --settle` writes what is missing."
    return [
        *found,
        Finding("note", what, ""),
        *report("The points ledger differs from what happened", compared.differing, remedy),
    ]


async def _list_broken(session: ReadSession) -> list[str]:
    """Return the awards whose entries have a gap, or a reversal of something else than the entry before it."""
    sums = (
        select(
            col(PointEntry.rule).label("rule"),
            col(PointEntry.subject).label("subject"),
            func.count().label("entries"),
            func.max(col(PointEntry.occurrence)).label("last"),
        )
        .group_by(col(PointEntry.rule), col(PointEntry.subject), col(PointEntry.employee_id))
        .subquery()
    )
    gaps = await session.execute(select(sums.c.rule, sums.c.subject).where(sums.c.entries != sums.c.last))
    before = aliased(PointEntry)
    wrong = await session.execute(
        select(col(PointEntry.rule), col(PointEntry.subject))
        .outerjoin(
            before,
            and_(
                col(before.rule) == col(PointEntry.rule),
                col(before.subject) == col(PointEntry.subject),
                col(before.employee_id) == col(PointEntry.employee_id),
                col(before.occurrence) == col(PointEntry.occurrence) - 1,
            ),
        )
        .where(
            or_(
                col(PointEntry.points) == 0,
                and_(
                    col(PointEntry.occurrence) % 2 == 0,
                    func.coalesce(col(before.points), 0) != -col(PointEntry.points),
                ),
            )
        )
    )
    return sorted({f"{rule} {subject}" for rule, subject in [*gaps, *wrong]})


async def _list_lost(session: ReadSession) -> list[str]:
    rows = await session.scalars(
        select(col(PointEntry.subject)).where(
            col(PointEntry.rule).in_(RULES), ~exists().where(col(Idea.id) == col(PointEntry.subject))
        )
    )
    return list(rows)
