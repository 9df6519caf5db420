"""What every figure is narrowed by: its days, an entity with the tree around it, a campaign."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, or_, select, true
from sqlmodel import col

from app.core import ids
from app.core.db import ReadSession
from app.domain import breakdowns, measures, permissions
from app.domain.actors import Actor
from app.domain.breakdowns import WHOLE, Tree
from app.domain.measures import Period
from app.domain.permissions import Permission
from app.domain.pipeline import Stage
from app.models.campaigns import Campaign
from app.models.employees import Employment
from app.models.entities import Entity
from app.models.functions import Function
from app.models.ideas import Idea
from app.models.releases import Release
from app.models.themes import Theme


@dataclass(frozen=True, slots=True)
class Filters:
    """What a figure is narrowed to, as it was asked; None means not narrowed."""

    as_of: date | datetime | None = None
    entity: str | None = None
    campaign: str | None = None
    since: date | datetime | None = None
    to: date | datetime | None = None
    theme: str | None = None
    function: str | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """What a figure is about: its days, an entity in the tree of all, a campaign.

    `entire` is the same day without a window. `living` are the entities in which somebody works at the end
    of the day or did in its month: the others have ended, or don't exist yet. For the whole company `entity`
    is None and there is no tree. Figures of ideas know a theme and a function too.
    """

    period: Period
    entire: Period
    campaign: str | None
    entity: str | None = None
    tree: Tree | None = None
    living: frozenset[str] = frozenset()
    theme: str | None = None
    function: str | None = None

    @property
    def parents(self) -> dict[str, str | None]:
        """The entities, with the one above each."""
        tree = self.tree or breakdowns.grow({})
        return {node: above or None for node, above in tree.parents.items() if node != WHOLE}

    @property
    def is_whole(self) -> bool:
        """Whether the figure is about the whole company, or about the entity that is all of it."""
        return self.tree is None or self.entity is None or self.tree.is_whole(self.entity)

    @property
    def sliced(self) -> bool:
        """Whether the figure is about a campaign or about some days only."""
        return self.campaign is not None or self.period.windowed

    @property
    def narrowed(self) -> bool:
        """Whether the figure is about anything less than the whole company until the day."""
        return self.sliced or not self.is_whole or self.theme is not None or self.function is not None


async def get_scope(
    session: ReadSession, actor: Actor, filters: Filters, *, zone: str, now: datetime
) -> Scope:
    """Return what a figure is about, for somebody who may know it.

    One statement when an entity or a campaign is given; one more for an entity as of a day that is over, whose tree is
    that of the last release before.

    Raises: RoleMissing, DayToCome, DaysReversed, UnknownFilter.
    """
    permissions.check(actor, Permission.STATISTICS_READ)
    if filters.entity is not None:
        scope = await grow_scope(session, filters, zone=zone, now=now)
        before = {} if scope.period.current else await _find_parents(session, scope.period.as_of)
        return replace(scope, tree=breakdowns.grow(scope.parents | before)) if before else scope
    period, entire = _resolve(filters, zone=zone, now=now)
    campaign = filters.campaign
    measures.check_known(
        campaign=campaign is None or await session.scalar(_select_campaign(campaign)) is not None
    )
    return Scope(period, entire, campaign)


async def get_idea_scope(
    session: ReadSession, actor: Actor, filters: Filters, *, zone: str, now: datetime
) -> Scope:
    """Return what a figure of ideas is about, which knows a theme and a function; one statement more where given.

    Raises: RoleMissing, DayToCome, DaysReversed, UnknownFilter.
    """
    scope = await get_scope(session, actor, filters, zone=zone, now=now)
    if filters.theme is None and filters.function is None:
        return scope
    theme, function = filters.theme or "", filters.function or ""
    known = select(
        select(col(Theme.id)).where(col(Theme.id) == theme).exists(),
        select(col(Function.id)).where(col(Function.id) == function).exists(),
    )
    has_theme, has_function = (await session.execute(known)).one()
    measures.check_known(
        theme=filters.theme is None or has_theme, function=filters.function is None or has_function
    )
    return replace(scope, theme=filters.theme, function=filters.function)


async def grow_scope(session: ReadSession, filters: Filters, *, zone: str, now: datetime) -> Scope:
    """Return what a figure is about with the tree around it as it is now, also where no entity is given.

    Raises: DayToCome, DaysReversed, UnknownFilter.
    """
    period, entire = _resolve(filters, zone=zone, now=now)
    inhabited = exists().where(
        col(Employment.entity_id) == col(Entity.id),
        col(Employment.started_at) < period.until,
        or_(col(Employment.ended_at).is_(None), col(Employment.ended_at) >= entire.released_before),
    )
    known = _select_campaign(filters.campaign or "").scalar_subquery()
    rows = (await session.execute(select(col(Entity.id), col(Entity.parent_id), inhabited, known))).all()
    measures.check_known(
        entity=filters.entity is None or any(row[0] == filters.entity for row in rows),
        campaign=filters.campaign is None or any(row[3] for row in rows),
    )
    parents = {row[0]: row[1] for row in rows}
    living = frozenset(row[0] for row in rows if row[2])
    return Scope(period, entire, filters.campaign, filters.entity, breakdowns.grow(parents), living)


def is_within(moment: Any, period: Period) -> ColumnElement[bool]:
    """Return the condition that something happened in a period."""
    until = moment < period.before
    return until if period.since is None else and_(moment >= period.since, until)


def is_meant(scope: Scope) -> ColumnElement[bool]:
    """Return the condition that an idea was submitted in the days and to the campaign of a figure, on its topics."""
    given = {Idea.campaign_id: scope.campaign, Idea.theme_id: scope.theme, Idea.function_id: scope.function}
    narrowed = (col(column) == value for column, value in given.items() if value is not None)
    return and_(is_within(col(Idea.submitted_at), scope.period), *narrowed)


def rank_stage(stage: Any, steps: Sequence[Stage]) -> ColumnElement[int | None]:
    """Return the place of a stage among some steps, null for any other."""
    return case(*((stage == step.value, place) for place, step in enumerate(steps)), else_=None)


def is_from(scope: Scope) -> ColumnElement[bool]:
    """Return the condition that an idea comes from the entity of a figure: below the whole company signed ones only."""
    if scope.is_whole or scope.tree is None or scope.entity is None:
        return true()
    below = sorted(scope.tree.list_below(scope.entity))
    return and_(col(Idea.origin_id).in_(below), col(Idea.anonymous).is_(False))


def is_released(moment: Any, period: Period) -> ColumnElement[bool]:
    """Return the condition that something done without a name may be told of below the company."""
    until = moment < period.released_before
    return until if period.released_since is None else and_(moment >= period.released_since, until)


def _resolve(filters: Filters, *, zone: str, now: datetime) -> tuple[Period, Period]:
    """Return the days of a figure, and the same without a first and a last one."""
    period = measures.resolve(as_of=filters.as_of, since=filters.since, to=filters.to, zone=zone, now=now)
    return period, measures.resolve(as_of=period.as_of, since=None, to=None, zone=zone, now=now)


def _select_campaign(given: str) -> Select[str]:
    return select(col(Campaign.id)).where(col(Campaign.id) == (given if ids.is_valid(given) else ""))


async def _find_parents(session: ReadSession, day: date) -> dict[str, str | None]:
    """Return the entities of the last release on or before a day, with the one above each."""
    statement = select(col(Release.parents)).where(col(Release.day) <= day)
    found: dict[str, str | None] | None = await session.scalar(
        statement.order_by(col(Release.day).desc()).limit(1)
    )
    return found or {}
