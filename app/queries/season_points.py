"""Reading what people earned under their name, by season and campaign and the unit that they were in then."""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlmodel import col

from app.core import clock
from app.core.db import ReadSession
from app.domain import seasons
from app.domain.causes import allot
from app.domain.leaderboards import Job, find_entity, name_campaign
from app.domain.measures import Period
from app.domain.rewards import RuleKey
from app.models.campaigns import Campaign
from app.models.employees import Employee, Employment
from app.models.entities import Entity
from app.models.ideas import Idea
from app.models.leaderboards import SeasonPoints
from app.models.rewards import PointEntry
from app.queries.deeds import list_in_days
from app.queries.levels import NAMED_COMMENTS, has_name
from app.queries.milestones import RULES
from app.queries.point_rules import get_scales

Place = tuple[str, str, str]
"""A person, a season or campaign, and a unit."""


_SECRET = (RuleKey.VOTE, RuleKey.FIRST_SIGN_IN)
"""Rules about what nobody else knows that somebody did."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Points by person, season or campaign, and unit; `open` are those that do not come from secret acts."""

    all: Counter[Place]
    open: Counter[Place]


@dataclass(frozen=True, slots=True)
class _Points:
    """What somebody earned on a day, with an idea of a campaign or for none."""

    person: str
    day: date
    points: int
    campaign: str | None = None
    secret: bool = False


async def count_points(session: ReadSession, people: Collection[str]) -> Counted:
    """Return what some people earned, straight from the record; a fixed number of statements.

    To a campaign belong the points of its ideas, those for votes and comments under them not among them.
    """
    jobs = await _read_jobs(session, people)
    counted = Counted(Counter(), Counter())
    async for each in _list_points(session, people):
        scopes = [seasons.get_season(each.day).name]
        if each.campaign is not None:
            scopes.append(name_campaign(each.campaign))
        for scope in scopes:
            place = (each.person, scope, find_entity(jobs[each.person], each.day))
            counted.all[place] += each.points
            counted.open[place] += 0 if each.secret else each.points
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


async def _list_points(session: ReadSession, people: Collection[str]) -> AsyncIterator[_Points]:
    """Give what people earned that has their name on it, and what they earned by secret acts.

    Comments are reckoned anew: in the ledger one that was written without a name has taken a slot of its day from
    those that are seen.
    """
    grouped = (
        *(col(PointEntry.employee_id), col(PointEntry.day), col(PointEntry.rule)),
        *(col(Idea.campaign_id), col(Campaign.permanent)),
    )
    named = await session.execute(
        select(*grouped, func.sum(col(PointEntry.points)))
        .join(Idea, col(Idea.id) == col(PointEntry.subject))
        .join(Campaign, col(Campaign.id) == col(Idea.campaign_id))
        .where(col(PointEntry.employee_id).in_(people), has_name())
        .group_by(*grouped)
    )
    for person, day, rule, campaign, permanent, points in named:
        raced = rule in RULES and not permanent
        yield _Points(person, day, int(points), campaign=campaign if raced else None)
    scale = (await get_scales(session)).of(RuleKey.COMMENT)
    for due in allot(await list_in_days(session, people, deeds=NAMED_COMMENTS), scale):
        yield _Points(due.employee_id, due.day, due.points)
    secret = await session.execute(
        select(col(PointEntry.employee_id), col(PointEntry.day), func.sum(col(PointEntry.points)))
        .where(col(PointEntry.employee_id).in_(people), col(PointEntry.rule).in_(_SECRET))
        .group_by(col(PointEntry.employee_id), col(PointEntry.day))
    )
    for person, day, points in secret:
        yield _Points(person, day, int(points), secret=True)
