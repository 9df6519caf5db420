"""Auditing an installation: does what is stored contradict itself, in one read snapshot."""

from collections.abc import Awaitable, Callable

from sqlalchemy import and_, case, exists, func, null, or_, select, text
from sqlmodel import col

from app.core import snapshots
from app.core.db import Database, ReadSession
from app.domain.pipeline import OPEN_STAGES, Stage
from app.domain.votings import Counting
from app.models.comments import Comment
from app.models.employees import Employee
from app.models.ideas import Idea, Tally
from app.models.reviews import Review
from app.models.votes import Vote
from app.queries import (
    chains,
    conflicts,
    gathering_audit,
    ledger_audit,
    prize_audit,
    register,
    restriction_audit,
    rollup_audit,
    voting_audit,
    work_audit,
)
from app.queries.findings import Finding, report

_BATCH = 500


Check = Callable[[ReadSession], Awaitable[list[Finding]]]


async def audit(database: Database) -> list[Finding]:
    """Run every check on the data in one snapshot, beside a live server if there is one."""
    found: list[Finding] = []
    async with snapshots.take(database) as session:
        for check in CHECKS:
            found += await check(session)
    return found


async def check_counters(session: ReadSession) -> list[Finding]:
    """Compare the counters of every idea with its rows; those of hidden votes stand at 0 until the end."""
    votes = (
        select(col(Vote.idea_id).label("idea_id"), func.count().label("rows"))
        .where(col(Vote.withdrawn_at).is_(None))
        .group_by(col(Vote.idea_id))
        .subquery()
    )
    comments = (
        select(col(Comment.idea_id).label("idea_id"), func.count().label("rows"))
        .where(col(Comment.deleted_at).is_(None))
        .group_by(col(Comment.idea_id))
        .subquery()
    )
    sealed = col(Tally.counting) == Counting.SEALED.value
    wrong = await session.scalars(
        select(col(Idea.id))
        .outerjoin(Tally, col(Tally.idea_id) == col(Idea.id))
        .outerjoin(votes, votes.c.idea_id == col(Idea.id))
        .outerjoin(comments, comments.c.idea_id == col(Idea.id))
        .where(
            or_(
                col(Tally.idea_id).is_(None),
                col(Tally.votes) != case((sealed, 0), else_=func.coalesce(votes.c.rows, 0)),
                col(Tally.comments) != func.coalesce(comments.c.rows, 0),
            )
        )
    )
    remedy = "Restore from a backup, and look for who wrote past the application."
    return [
        *report("Counters differ from their rows", list(wrong), remedy),
        *report(
            "What the feed is narrowed by differs from the ideas", await _list_misplaced(session), remedy
        ),
    ]


async def _list_misplaced(session: ReadSession) -> list[str]:
    """Return ideas whose tally has other copies than triggers would have put there."""
    copies = [
        (col(Tally.stage), col(Idea.stage)),
        (col(Tally.theme_id), col(Idea.theme_id)),
        (col(Tally.function_id), col(Idea.function_id)),
        (col(Tally.campaign_id), col(Idea.campaign_id)),
        (col(Tally.origin_id), case((col(Idea.anonymous), null()), else_=col(Idea.origin_id))),
    ]
    wrong = await session.scalars(
        select(col(Idea.id))
        .join(Tally, col(Tally.idea_id) == col(Idea.id))
        .where(or_(*(copy.is_distinct_from(there) for copy, there in copies)))
    )
    return list(wrong)


async def check_reviews(session: ReadSession) -> list[Finding]:
    """Check that every open idea has exactly one open review, by its holder, and that ended ones have none."""
    open_now = col(Idea.stage).in_(sorted(OPEN_STAGES))
    running = and_(col(Review.idea_id) == col(Idea.id), col(Review.closed_at).is_(None))
    wrong = await session.scalars(
        select(col(Idea.id))
        .outerjoin(Review, running)
        .where(
            or_(
                and_(open_now, col(Review.id).is_(None)),
                and_(
                    open_now,
                    func.coalesce(col(Review.reviewer_id), "") != func.coalesce(col(Idea.holder_id), ""),
                ),
                and_(~open_now, col(Review.id).is_not(None)),
            )
        )
    )
    found = report("Ideas and their open reviews disagree", list(wrong), "Restore from a backup.")
    waiting = await session.scalar(
        select(func.count()).select_from(Idea).where(open_now, col(Idea.holder_id).is_(None))
    )
    if waiting:
        what = f"{waiting} open ideas have no holder, because nobody in the company may hold them"
        found.append(Finding("warning", what, "Give the role of correspondent to people of other lines."))
    return found


async def check_holders(session: ReadSession) -> list[Finding]:
    """Check that nobody holds an open idea who is conflicted for it."""
    wrong: list[str] = []
    last = ""
    while True:
        rows = (
            await session.execute(
                select(col(Idea.id), col(Idea.holder_id), col(Employee.entity_id))
                .join(Employee, col(Employee.id) == col(Idea.holder_id))
                .where(col(Idea.stage).in_(sorted(OPEN_STAGES)), col(Idea.id) > last)
                .order_by(col(Idea.id))
                .limit(_BATCH)
            )
        ).all()
        if not rows:
            break
        circles = await conflicts.list_circles(session, [row[0] for row in rows])
        wrong += [
            idea_id
            for idea_id, holder, entity_id in rows
            if circles[idea_id].conflicts.bars(holder or "", entity_id)
        ]
        last = rows[-1][0]
    return report("Ideas are held by somebody from their authors' line", wrong, "Import the directory again.")


async def check_chains(session: ReadSession) -> list[Finding]:
    """Verify every itinerary, that it ends where its idea stands, and the last anchor."""
    broken, astray = await chains.verify_all(session)
    found = report(
        "Itineraries whose chain is broken", broken, "Compare with a backup: a row was changed or cut."
    )
    found += report("Ideas that do not stand where their itinerary ends", astray, "Compare with a backup.")
    if not await chains.holds_anchor(session):
        found.append(Finding("error", "Itineraries differ from their last anchor", "Compare with a backup."))
    return found


async def check_drafts(session: ReadSession) -> list[Finding]:
    """Check that drafts have no holder, no votes and no itinerary."""
    wrong = await session.scalars(
        select(col(Idea.id)).where(
            col(Idea.stage) == Stage.DRAFT,
            col(Idea.restriction).is_(None),
            or_(col(Idea.holder_id).is_not(None), exists().where(col(Vote.idea_id) == col(Idea.id))),
        )
    )
    return report("Drafts that others had a hand in", list(wrong), "Restore from a backup.")


async def check_storage(session: ReadSession) -> list[Finding]:
    """Ask SQLite whether the file is sound; PostgreSQL guards its references itself."""
    if session.get_bind().dialect.name != "sqlite":
        return []
    broken = (await session.execute(text("PRAGMA quick_check"))).scalars().all()
    found = (
        []
        if broken == ["ok"]
        else report("The database file is damaged", list(broken), "Restore from a backup.")
    )
    orphans = (await session.execute(text("PRAGMA foreign_key_check"))).all()
    return found + report(
        "Rows without their parents", [str(row[0]) for row in orphans], "Restore from a backup."
    )


CHECKS: tuple[Check, ...] = (
    check_storage,
    check_counters,
    voting_audit.check,
    check_reviews,
    check_holders,
    check_drafts,
    ledger_audit.check,
    gathering_audit.check,
    prize_audit.check,
    restriction_audit.check,
    rollup_audit.check,
    check_chains,
    register.check,
    work_audit.check,
)
