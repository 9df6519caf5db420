"""Where restricted ideas stood: points stay earned, whether an idea is shown or not."""

from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from app.models.ideas import Idea
from app.models.restrictions import Restriction


def _find(column: Any) -> Any:
    standing = col(Restriction.idea_id) == col(Idea.id), col(Restriction.lifted_at).is_(None)
    return select(col(column)).where(*standing).correlate(Idea).scalar_subquery()


SUBMITTED_AT: Any = func.coalesce(col(Idea.submitted_at), _find(Restriction.former_submitted_at))
"""When an idea was submitted, whether it is restricted by now or not."""

STAGE: Any = func.coalesce(_find(Restriction.former_stage), col(Idea.stage))
"""Where an idea stands, or stood when it was restricted."""
