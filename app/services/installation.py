"""Furnishing a fresh database: themes, the fallback function, the permanent box, the criteria."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from app.core.db import WriteSession
from app.models.campaigns import Campaign
from app.models.functions import Function
from app.models.scorecards import ScorecardCriterion
from app.models.themes import Theme

THEMES = (
    ("cost_savings", "Économies"),
    ("process_optimisation", "Optimisation des processus"),
    ("brand", "Marque"),
    ("quality_of_service", "Qualité de service"),
)
CRITERIA = (
    ("impact", "Impact", 3),
    ("feasibility", "Faisabilité", 2),
    ("cost", "Coût", 2),
    ("novelty", "Nouveauté", 1),
)
FALLBACK_FUNCTION = "Innovation"
PERMANENT_BOX = "Boîte à idées permanente"


async def furnish(session: WriteSession, *, now: datetime) -> bool:
    """Put in place what every installation needs; tells whether the database was fresh."""
    if await session.scalar(select(col(Theme.id)).limit(1)) is not None:
        return False
    for position, (key, name) in enumerate(THEMES):
        session.add(Theme(key=key, name=name, position=position))
    for position, (key, name, weight) in enumerate(CRITERIA):
        session.add(ScorecardCriterion(key=key, name=name, weight=weight, position=position))
    session.add(Function(name=FALLBACK_FUNCTION, fallback=True, created_at=now))
    session.add(Campaign(name=PERMANENT_BOX, permanent=True, starts_at=now))
    await session.flush()
    return True
