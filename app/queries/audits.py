"""Auditing an installation: does what is stored contradict itself, in one read snapshot."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import and_, exists, func, or_, select, text
from sqlmodel import col

from app.core.db import Database, ReadSession
from app.domain.pipeline import OPEN_STAGES, Stage
from app.domain.roles import Role
from app.models.comments import Comment
from app.models.employees import Employee
from app.models.events import Event
from app.models.ideas import Idea, Tally
from app.models.reviews import Review
from app.models.rewards import PointEntry
from app.models.roles import RoleGrant
from app.models.votes import Vote
from app.queries import chains, conflicts

_BATCH = 500
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """Something found: an `error` is data that contradict themselves, a `warning` something to look after."""

    level: Literal["error", "warning"]
    what: str
    remedy: str


Check = Callable[[ReadSession], Awaitable[list[Finding]]]


async def audit(database: Database) -> list[Finding]:
    """Run every check on the data in one snapshot, beside a live server if there is one."""
    found: list[Finding] = []
    async with _snapshot(database) as session:
        for check in CHECKS:
            found += await check(session)
    return found


@asynccontextmanager
async def _snapshot(database: Database) -> AsyncIterator[ReadSession]:
    async with database.read_engine.connect() as opened:
        snapshot = opened
        if not database.on_sqlite:
            snapshot = await opened.execution_options(isolation_level="REPEATABLE READ")
            await snapshot.execute(text("SET LOCAL statement_timeout = 0"))
        yield ReadSession(snapshot, expire_on_commit=False, autoflush=False)


def _report(what: str, rows: list[str], remedy: str) -> list[Finding]:
    if not rows:
        return []
    shown = ", ".join(rows[:_SHOWN]) + (f" and {len(rows) - _SHOWN} more" if len(rows) > _SHOWN else "")
    return [Finding("error", f"{what}: {shown}", remedy)]


async def check_counters(session: ReadSession) -> list[Finding]:
    """Compare the counters of every idea with its rows."""
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
    wrong = await session.scalars(
        select(col(Idea.id))
        .outerjoin(Tally, col(Tally.idea_id) == col(Idea.id))
        .outerjoin(votes, votes.c.idea_id == col(Idea.id))
        .outerjoin(comments, comments.c.idea_id == col(Idea.id))
        .where(
            or_(
                col(Tally.idea_id).is_(None),
                col(Tally.votes) != func.coalesce(votes.c.rows, 0),
                col(Tally.comments) != func.coalesce(comments.c.rows, 0),
            )
        )
    )
    remedy = "Restore from a backup, and look for who wrote past the application."
    return _report("Counters differ from their rows", list(wrong), remedy)


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
    found = _report("Ideas and their open reviews disagree", list(wrong), "Restore from a backup.")
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
    return _report(
        "Ideas are held by somebody from their authors' line", wrong, "Import the directory again."
    )


async def check_ledger(session: ReadSession) -> list[Finding]:
    """Check that entries alternate between award and reversal, without a gap, and that undone causes are paid back."""
    sums = (
        select(
            col(PointEntry.rule).label("rule"),
            col(PointEntry.subject).label("subject"),
            col(PointEntry.employee_id).label("employee_id"),
            func.sum(col(PointEntry.points)).label("net"),
            func.max(col(PointEntry.points)).label("award"),
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
    found = _report(
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
    return found + _report("Withdrawn votes are still paid", list(unpaid), "Run `ideabox jobs --replay`.")


async def check_chains(session: ReadSession) -> list[Finding]:
    """Verify every itinerary, that it ends where its idea stands, and the last anchor."""
    broken, astray = await chains.verify_all(session)
    found = _report(
        "Itineraries whose chain is broken", broken, "Compare with a backup: a row was changed or cut."
    )
    found += _report("Ideas that do not stand where their itinerary ends", astray, "Compare with a backup.")
    if not await chains.holds_anchor(session):
        found.append(Finding("error", "Itineraries differ from their last anchor", "Compare with a backup."))
    return found


async def check_work(session: ReadSession) -> list[Finding]:
    """Tell what waits for a worker or for a person."""
    found: list[Finding] = []
    waiting = await session.scalar(select(func.count()).where(col(Event.worked_off_at).is_(None)))
    if waiting:
        what = f"{waiting} events wait to be worked off"
        found.append(
            Finding("warning", what, "Make sure that `ideabox worker` (or the server on SQLite) runs.")
        )
    failed = await session.scalar(
        select(func.count()).where(col(Event.worked_off_at).is_(None), col(Event.attempts) > 0)
    )
    if failed:
        found.append(Finding("warning", f"{failed} events failed", "See `ideabox jobs`."))
    admins = await session.scalar(
        select(func.count())
        .select_from(RoleGrant)
        .join(Employee, col(Employee.id) == col(RoleGrant.employee_id))
        .where(
            col(RoleGrant.role) == Role.ADMIN,
            col(RoleGrant.ended_at).is_(None),
            col(Employee.active).is_(True),
        )
    )
    if not admins:
        found.append(Finding("warning", "There is no active admin", "Run `ideabox create-admin`."))
    return found


async def check_drafts(session: ReadSession) -> list[Finding]:
    """Check that drafts have no holder, no votes and no itinerary."""
    wrong = await session.scalars(
        select(col(Idea.id)).where(
            col(Idea.stage) == Stage.DRAFT,
            or_(col(Idea.holder_id).is_not(None), exists().where(col(Vote.idea_id) == col(Idea.id))),
        )
    )
    return _report("Drafts that others had a hand in", list(wrong), "Restore from a backup.")


async def check_storage(session: ReadSession) -> list[Finding]:
    """Ask SQLite whether the file is sound; PostgreSQL guards its references itself."""
    if session.get_bind().dialect.name != "sqlite":
        return []
    broken = (await session.execute(text("PRAGMA quick_check"))).scalars().all()
    found = (
        []
        if broken == ["ok"]
        else _report("The database file is damaged", list(broken), "Restore from a backup.")
    )
    orphans = (await session.execute(text("PRAGMA foreign_key_check"))).all()
    return found + _report(
        "Rows without their parents", [str(row[0]) for row in orphans], "Restore from a backup."
    )


CHECKS: tuple[Check, ...] = (
    check_storage,
    check_counters,
    check_reviews,
    check_holders,
    check_drafts,
    check_ledger,
    check_chains,
    check_work,
)
