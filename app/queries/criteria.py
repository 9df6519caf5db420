"""Reading the criteria of the scorecard."""

from sqlalchemy import select
from sqlmodel import col

from app.core.db import ReadSession
from app.models.scorecards import ScorecardCriterion
from app.schemas.decisions import Criterion


async def list_criteria(session: ReadSession) -> list[Criterion]:
    """Return the criteria in use, in their order."""
    rows = await session.scalars(
        select(ScorecardCriterion)
        .where(col(ScorecardCriterion.active).is_(True))
        .order_by(col(ScorecardCriterion.position), col(ScorecardCriterion.id))
    )
    return [Criterion.model_validate(row) for row in rows]
