"""Reading what people earned under their name, by season and campaign and the unit that they were in then."""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Collection, Mapping
from datetime import date

from sqlalchemy import exists, func, or_, select
from sqlmodel import col

from app.core import clock
from app.core.db import ReadSession
from app.domain import seasons
from app.domain.leaderboards import Job, find_entity, name_campaign
from app.domain.measures import Period
from app.models.activity import ActivityDay
from app.models.authorships import Authorship
from app.models.campaigns import Campaign
from app.models.employees import Employee, Employment
from app.models.entities import Entity
from app.models.ideas import Idea
from app.models.leaderboards import SeasonPoints
from app.models.rewards import PointEntry
from app.queries.milestones import RULES

Place = tuple[str, str, str]
"""A person, a season or campaign, and a unit."""


async def count_points(session: ReadSession, people: Collection[str]) -> Counter[Place]:
    """Return what some people earned, straight from their days of activity and the ledger; three statements.

    To a campaign belong the points of its ideas, those for votes and comments under them not among them.
    """
    jobs = await _read_jobs(session, people)
    counted: Counter[Place] = Counter()
    async for person, scope, day, points in _read_points(session, people):
        counted[person, scope, find_entity(jobs[person], day)] += points
    return counted


async def read_points(session: ReadSession, people: Collection[str]) -> dict[Place, int]:
    """Return what is kept of some people."""
    rows = await session.scalars(select(SeasonPoints).where(col(SeasonPoints.employee_id).in_(people)))
    return {(row.employee_id, row.scope, row.entity_id): row.points for row in rows}


async def find_last_day(session: ReadSession, scope: str) -> date | None:
    """Return the day on which a season or campaign ends; None for what has no end, or where no end is known."""
    season = seasons.find_season(scope)
    if season is not None:
        return season.last_day
    campaign = await session.get(Campaign, scope.removeprefix(name_campaign("")))
    ends_at = campaign.ends_at if campaign is not None else None
    return None if ends_at is None else clock.day_in(session.zone, ends_at)


async def sum_units(session: ReadSession, scope: str | None) -> dict[str, int]:
    """Return the points of a season or campaign by unit, without those below it; of all seasons for None."""
    statement = select(col(SeasonPoints.entity_id), func.sum(col(SeasonPoints.points)))
    if scope is None:
        statement = statement.where(~col(SeasonPoints.scope).startswith(name_campaign("")))
    else:
        statement = statement.where(col(SeasonPoints.scope) == scope)
    return {
        entity: int(points)
        for entity, points in await session.execute(statement.group_by(col(SeasonPoints.entity_id)))
    }


async def count_heads(session: ReadSession, period: Period) -> dict[str, int]:
    """Return the headcount by unit at the end of a day, without those below it."""
    rows = await session.execute(
        select(col(Employment.entity_id), func.count())
        .join(Employee, col(Employee.id) == col(Employment.employee_id))
        .where(
            col(Employee.kind) == "employee",
            col(Employment.started_at) < period.until,
            or_(col(Employment.ended_at).is_(None), col(Employment.ended_at) >= period.until),
        )
        .group_by(col(Employment.entity_id))
    )
    return dict(rows.all())


async def read_parents(session: ReadSession) -> Mapping[str, str | None]:
    """Return each unit with the one above it."""
    rows = await session.execute(select(col(Entity.id), col(Entity.parent_id)))
    return dict(rows.all())


async def _read_jobs(session: ReadSession, people: Collection[str]) -> defaultdict[str, list[Job]]:
    rows = await session.scalars(select(Employment).where(col(Employment.employee_id).in_(people)))
    jobs: defaultdict[str, list[Job]] = defaultdict(list)
    for row in rows:
        ended = None if row.ended_at is None else clock.day_in(session.zone, row.ended_at)
        job = Job(row.entity_id, clock.day_in(session.zone, row.started_at), ended)
        jobs[row.employee_id].append(job)
    return jobs


async def _read_points(
    session: ReadSession, people: Collection[str]
) -> AsyncIterator[tuple[str, str, date, int]]:
    """Give persons, scopes, days and points."""
    days = await session.execute(
        select(col(ActivityDay.employee_id), col(ActivityDay.day), col(ActivityDay.named_points)).where(
            col(ActivityDay.employee_id).in_(people), col(ActivityDay.named_points) != 0
        )
    )
    for person, day, points in days:
        yield person, seasons.get_season(day).name, day, points
    own = exists().where(
        col(Authorship.idea_id) == col(Idea.id),
        col(Authorship.employee_id) == col(PointEntry.employee_id),
    )
    entries = await session.execute(
        select(
            col(PointEntry.employee_id),
            col(Idea.campaign_id),
            col(PointEntry.day),
            func.sum(col(PointEntry.points)),
        )
        .join(Idea, col(Idea.id) == col(PointEntry.subject))
        .join(Campaign, col(Campaign.id) == col(Idea.campaign_id))
        .where(
            col(PointEntry.employee_id).in_(people),
            col(PointEntry.rule).in_([rule.value for rule in RULES]),
            col(Campaign.permanent).is_(False),
            ~(col(Idea.anonymous) & own),
        )
        .group_by(col(PointEntry.employee_id), col(Idea.campaign_id), col(PointEntry.day))
    )
    for person, campaign, day, points in entries:
        yield person, name_campaign(campaign), day, int(points)
