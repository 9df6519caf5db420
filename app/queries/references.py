"""Reading reference data: entities, functions, themes, campaigns."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from app.core.db import ReadSession
from app.core.keysets import Place
from app.models.campaigns import Campaign as CampaignRow
from app.models.entities import Entity as EntityRow
from app.models.functions import Function as FunctionRow
from app.models.themes import Theme as ThemeRow
from app.queries import forecasts, votings
from app.schemas.references import Campaign, Entity, Function, Theme
from app.schemas.votings import VotingRule


async def list_entities(
    session: ReadSession, *, after: Place | None, limit: int
) -> tuple[list[Entity], Place | None]:
    """Return a page of the entities in the order of their paths, and where the next page begins."""
    statement = select(EntityRow).order_by(col(EntityRow.path)).limit(limit + 1)
    if after is not None:
        statement = statement.where(col(EntityRow.path) > after[0])
    rows = (await session.scalars(statement)).all()
    items = [Entity(id=row.id, name=row.name, parent=row.parent_id, path=row.path) for row in rows[:limit]]
    return items, [items[-1].path] if len(rows) > limit else None


async def list_functions(
    session: ReadSession, *, now: datetime, after: Place | None, limit: int
) -> tuple[list[Function], Place | None]:
    """Return a page of the functions in the order of their names."""
    statement = select(FunctionRow).order_by(col(FunctionRow.name)).limit(limit + 1)
    if after is not None:
        statement = statement.where(col(FunctionRow.name) > after[0])
    rows = (await session.scalars(statement)).all()
    days = await forecasts.list_forecasts(session, now=now)
    items = [
        Function(id=row.id, name=row.name, fallback=row.fallback, forecast=days.get(row.id))
        for row in rows[:limit]
    ]
    return items, [items[-1].name] if len(rows) > limit else None


async def list_themes(session: ReadSession) -> list[Theme]:
    """Return the themes in their order."""
    rows = await session.scalars(select(ThemeRow).order_by(col(ThemeRow.position), col(ThemeRow.id)))
    return [Theme.model_validate(row) for row in rows]


def shape_campaign(row: CampaignRow, rules: Mapping[str, VotingRule]) -> Campaign:
    """Return a campaign as everybody sees it; `rules` are those of campaigns where votes are not free."""
    return Campaign(
        id=row.id,
        name=row.name,
        question=row.question,
        permanent=row.permanent,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        voting=rules.get(row.id, votings.FREE_RULE),
    )
