"""Auditing the points ledger."""

from sqlalchemy import and_, case, exists, func, or_, select
from sqlmodel import col

from app.core.db import ReadSession
from app.models.events import Event
from app.models.rewards import PointEntry
from app.models.votes import Vote
from app.queries.findings import Finding, report


async def check(session: ReadSession) -> list[Finding]:
    """Check that entries alternate between award and reversal, without a gap, and that undone causes are paid back."""
    sums = (
        select(
            col(PointEntry.rule).label("rule"),
            col(PointEntry.subject).label("subject"),
            col(PointEntry.employee_id).label("employee_id"),
            func.sum(col(PointEntry.points)).label("net"),
            # What was spent is negative, and stands alone until it is given back.
            func.max(case((col(PointEntry.occurrence) == 1, col(PointEntry.points)))).label("award"),
            func.count().label("entries"),
            func.max(col(PointEntry.occurrence)).label("last"),
        )
        .group_by(col(PointEntry.rule), col(PointEntry.subject), col(PointEntry.employee_id))
        .subquery()
    )
    wrong = await session.execute(
        select(sums.c.rule, sums.c.subject).where(
            or_(
                sums.c.entries != sums.c.last,
                and_(sums.c.entries % 2 == 1, sums.c.net != sums.c.award),
                and_(sums.c.entries % 2 == 0, sums.c.net != 0),
            )
        )
    )
    found = report(
        "The points ledger does not add up",
        [f"{rule} {subject}" for rule, subject in wrong],
        "Restore from a backup.",
    )
    pending = await session.scalar(select(exists().where(col(Event.worked_off_at).is_(None))))
    if pending:
        return found
    standing = exists().where(
        col(Vote.idea_id) == sums.c.subject,
        col(Vote.voter_id) == sums.c.employee_id,
        col(Vote.withdrawn_at).is_(None),
    )
    unpaid = await session.scalars(
        select(sums.c.subject).where(sums.c.rule == "vote", sums.c.net > 0, ~standing)
    )
    return found + report("Withdrawn votes are still paid", list(unpaid), "Run `ideabox jobs --replay`.")
