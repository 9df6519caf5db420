"""Reading what the clock has to do now, and who hears of an escalation."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Date, bindparam, literal, or_, select, tuple_
from sqlmodel import col

from app.core.db import ReadSession, WriteSession
from app.core.types import UtcDateTime
from app.domain.conflicts import Conflicts
from app.domain.roles import Role
from app.models.absences import Absence
from app.models.employees import Employee
from app.models.ideas import Idea
from app.models.reviews import Review
from app.models.roles import RoleGrant

Place = tuple[datetime, str]
"""Where a review stands among those with a step that is due: when, and its identifier."""

_AWAY = select(col(Absence.employee_id)).where(
    col(Absence.employee_id) == bindparam("person"),
    bindparam("today", type_=Date()).between(col(Absence.first_day), col(Absence.last_day)),
)


async def list_due(
    session: ReadSession, *, now: datetime, after: Place | None, limit: int
) -> Sequence[Place]:
    """Return where the next reviews stand whose clock has something to do."""
    here = tuple_(col(Review.step_due_at), col(Review.id))
    statement = (
        select(col(Review.step_due_at), col(Review.id))
        .where(
            col(Review.closed_at).is_(None),
            col(Review.paused_at).is_(None),
            col(Review.step_due_at) <= now,
        )
        .order_by(col(Review.step_due_at), col(Review.id))
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(here > tuple_(literal(after[0], UtcDateTime()), literal(after[1])))
    return [(due, review_id) for due, review_id in await session.execute(statement) if due is not None]


async def find_due(session: WriteSession, review_id: str, *, now: datetime) -> tuple[Idea, Review] | None:
    """Return a review that is still due with its idea, whose row is held until the end of the transaction.

    None when somebody else is at the idea: of two at once, one does it, and who decides goes before.
    """
    idea: Idea | None = await session.scalar(
        select(Idea)
        .join(Review, col(Review.idea_id) == col(Idea.id))
        .where(col(Review.id) == review_id)
        .with_for_update(of=Idea, key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    review: Review | None = await session.scalar(
        select(Review)
        .where(
            col(Review.id) == review_id,
            col(Review.closed_at).is_(None),
            col(Review.paused_at).is_(None),
            col(Review.step_due_at) <= now,
        )
        .execution_options(populate_existing=True)
    )
    return (idea, review) if idea is not None and review is not None else None


async def is_away(session: ReadSession, person_id: str, today: date) -> bool:
    """Tell whether somebody is absent on a day."""
    return await session.scalar(_AWAY, {"person": person_id, "today": today}) is not None


async def list_heads(session: ReadSession, idea: Idea, conflicts: Conflicts) -> list[str]:
    """Return who hears of an escalation: innovation managers who may act on the idea and don't hold it.

    Where there is none, it is admins; nobody who is conflicted.
    """
    rows = await session.execute(
        select(col(RoleGrant.role), col(Employee.id), col(Employee.entity_id))
        .join(Employee, col(Employee.id) == col(RoleGrant.employee_id))
        .where(
            col(RoleGrant.ended_at).is_(None),
            col(RoleGrant.role).in_([Role.INNOVATION_MANAGER.value, Role.ADMIN.value]),
            or_(col(RoleGrant.campaign_id).is_(None), col(RoleGrant.campaign_id) == idea.campaign_id),
            col(Employee.active).is_(True),
        )
    )
    free: dict[str, set[str]] = {Role.INNOVATION_MANAGER: set(), Role.ADMIN: set()}
    for role, person_id, entity_id in rows:
        if person_id != idea.holder_id and not conflicts.bars(person_id, entity_id):
            free[role].add(person_id)
    return sorted(free[Role.INNOVATION_MANAGER] or free[Role.ADMIN])
