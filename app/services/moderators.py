"""Finding who decides on a case: one person, drawn among those who are not too close to its author.

Every case is in one hand, like an anonymous idea. So nobody else learns by a refusal, or by what is missing from a
queue, that they are too close to whoever wrote without a name.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from app.core.db import ReadSession, WriteSession
from app.domain.conflicts import Conflicts
from app.domain.moderation import WAITING
from app.domain.roles import Role
from app.models.comments import Comment
from app.models.employees import Employee
from app.models.moderation import ContentReport, ModerationCase, ModerationDecision
from app.models.roles import RoleGrant
from app.queries import conflicts

TIERS = (Role.COMMUNITY_MANAGER, Role.INNOVATION_MANAGER, Role.ADMIN)
"""Who moderates: the first, and the next ones where nobody before them can."""


async def assign(session: WriteSession, case: ModerationCase) -> None:
    """Give a case to somebody who may decide on it: whoever has it if they may, else one of the others by lot."""
    eligible = await _list_eligible(session, case)
    if case.moderator_id not in eligible:
        case.moderator_id = secrets.choice(eligible) if eligible else None


async def settle_all(session: WriteSession, *, now: datetime) -> None:  # noqa: ARG001  as all that settles
    """Take cases off whoever may no longer decide on them; called when people, managers or roles change."""
    await session.flush()
    waiting = await session.scalars(
        select(ModerationCase)
        .where(col(ModerationCase.state).in_([state.value for state in WAITING]))
        .order_by(col(ModerationCase.id))
        .with_for_update(key_share=True)
    )
    for case in waiting.all():
        await assign(session, case)
    await session.flush()


async def find_conflicts(session: ReadSession, case: ModerationCase) -> Conflicts:
    """Return who is too close: to the authors of an idea, or to who wrote the comment."""
    if case.comment_id is None:
        return (await conflicts.get_circle(session, case.idea_id)).conflicts
    author = await session.scalar(select(col(Comment.author_id)).where(col(Comment.id) == case.comment_id))
    return (await conflicts.list_conflicts_of(session, [author or ""]))[author or ""]


async def _list_eligible(session: WriteSession, case: ModerationCase) -> Sequence[str]:
    """Return the people of the first tier in which anybody may decide; who reported or decided before may not."""
    close = await find_conflicts(session, case)
    taken = set(
        await session.scalars(
            select(col(ContentReport.reporter_id)).where(col(ContentReport.case_id) == case.id)
        )
    )
    if case.appealed_at is not None:
        decided = select(col(ModerationDecision.moderator_id)).where(
            col(ModerationDecision.case_id) == case.id
        )
        taken |= set(await session.scalars(decided))
    rows = await session.execute(
        select(col(RoleGrant.role), col(Employee.id), col(Employee.entity_id))
        .join(Employee, col(Employee.id) == col(RoleGrant.employee_id))
        .where(
            col(RoleGrant.role).in_([role.value for role in TIERS]),
            col(RoleGrant.ended_at).is_(None),
            col(Employee.active).is_(True),
        )
    )
    tiers: dict[str, set[str]] = {}
    for role, person, entity_id in rows:
        if person not in taken and not close.bars(person, entity_id):
            tiers.setdefault(role, set()).add(person)
    return next((sorted(tiers[tier]) for tier in TIERS if tier in tiers), [])
