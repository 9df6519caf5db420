"""Auditing restricted ideas: each stands as a draft beside its restriction, and somebody can read it."""

from sqlalchemy import and_, func, or_, select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain.pipeline import Stage
from app.domain.restrictions import State
from app.models.ideas import Idea
from app.models.restrictions import Restriction
from app.queries.findings import Finding, report

_STANDING = col(Restriction.lifted_at).is_(None)


async def check(session: ReadSession) -> list[Finding]:
    """Compare restricted ideas with their restrictions, and tell which wait for nobody; two statements."""
    idea = col(Idea.restriction)
    wrong = await session.scalars(
        select(col(Idea.id))
        .outerjoin(Restriction, and_(col(Restriction.idea_id) == col(Idea.id), _STANDING))
        .where(
            or_(idea.is_not(None), col(Restriction.id).is_not(None)),
            or_(
                idea.is_distinct_from(col(Restriction.kind)),
                col(Idea.stage) != Stage.DRAFT.value,
                col(Idea.submitted_at).is_not(None),
            ),
        )
        .order_by(col(Idea.id))
    )
    remedy = "Restore from a backup, and look for who wrote past the application."
    found = report("Restricted ideas differ from their restrictions", list(wrong), remedy)
    waiting = await session.execute(
        select(col(Restriction.kind), func.count())
        .where(_STANDING, col(Restriction.state) == State.OPEN.value, col(Restriction.reader_id).is_(None))
        .group_by(col(Restriction.kind))
        .order_by(col(Restriction.kind))
    )
    for kind, ideas in waiting:
        what = f"{ideas} restricted ideas of the lane {kind} have no reader"
        found.append(Finding("warning", what, f"Have an admin name readers: PUT /restriction-lanes/{kind}."))
    return found
