"""What every figure is narrowed by: its days, an entity with the tree around it, a campaign."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlmodel import col

from app.core import ids
from app.core.db import ReadSession
from app.domain import breakdowns, measures, permissions
from app.domain.actors import Actor
from app.domain.breakdowns import Tree
from app.domain.measures import Period
from app.domain.permissions import Permission
from app.models.campaigns import Campaign
from app.models.employees import Employment
from app.models.entities import Entity
from app.models.ideas import Idea


@dataclass(frozen=True, slots=True)
class Filters:
    """What a figure is narrowed to, as it was asked; None means not narrowed."""

    as_of: date | datetime | None = None
    entity: str | None = None
    campaign: str | None = None
    since: date | datetime | None = None
    to: date | datetime | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """What a figure is about: its days, an entity in the tree of all, a campaign.

    `entire` is the same day without a window. `living` are the entities in which somebody works at the end
    of the day or did in its month: the others have ended, or don't exist yet. For the whole company `entity`
    is None and there is no tree.
    """

    period: Period
    entire: Period
    campaign: str | None
    entity: str | None = None
    tree: Tree | None = None
    living: frozenset[str] = frozenset()

    @property
    def sliced(self) -> bool:
        """Whether the figure is about a campaign or about some days only."""
        return self.campaign is not None or self.period.windowed


async def get_scope(
    session: ReadSession, actor: Actor, filters: Filters, *, zone: str, now: datetime
) -> Scope:
    """Return what a figure is about; one statement when an entity or a campaign is given.

    The tree is that of today.

    Raises: RoleMissing, DayToCome, DaysReversed, UnknownFilter.
    """
    permissions.check(actor, Permission.STATISTICS_READ)
    period = measures.resolve(as_of=filters.as_of, since=filters.since, to=filters.to, zone=zone, now=now)
    entire = measures.resolve(as_of=period.as_of, since=None, to=None, zone=zone, now=now)
    campaign = filters.campaign
    known = select(col(Campaign.id)).where(col(Campaign.id) == (campaign if _is_id(campaign) else ""))
    if filters.entity is None:
        there = campaign is None or await session.scalar(known) is not None
        measures.check_known(campaign=there)
        return Scope(period, entire, campaign)
    inhabited = exists().where(
        col(Employment.entity_id) == col(Entity.id),
        col(Employment.started_at) < period.until,
        or_(col(Employment.ended_at).is_(None), col(Employment.ended_at) >= entire.released_before),
    )
    rows = (
        await session.execute(
            select(col(Entity.id), col(Entity.parent_id), inhabited, known.scalar_subquery())
        )
    ).all()
    measures.check_known(
        entity=any(row[0] == filters.entity for row in rows),
        campaign=campaign is None or any(row[3] for row in rows),
    )
    tree = breakdowns.grow({row[0]: row[1] for row in rows})
    living = frozenset(row[0] for row in rows if row[2])
    return Scope(period, entire, campaign, filters.entity, tree, living)


def is_within(moment: Any, period: Period) -> ColumnElement[bool]:
    """Return the condition that something happened in a period."""
    until = moment < period.before
    return until if period.since is None else and_(moment >= period.since, until)


def is_meant(scope: Scope) -> ColumnElement[bool]:
    """Return the condition that an idea was submitted in the days and to the campaign of a figure."""
    within = is_within(col(Idea.submitted_at), scope.period)
    return within if scope.campaign is None else and_(within, col(Idea.campaign_id) == scope.campaign)


def is_released(moment: Any, period: Period) -> ColumnElement[bool]:
    """Return the condition that something done without a name may be told of below the company."""
    until = moment < period.released_before
    return until if period.released_since is None else and_(moment >= period.released_since, until)


def _is_id(text: str | None) -> bool:
    return text is not None and ids.is_valid(text)
