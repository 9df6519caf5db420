"""Ideas beside people, and campaigns beside each other: how many ideas came, and how many of them came far."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, Subquery, and_, case, exists, func, select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain import idea_marks
from app.domain.actors import Actor
from app.domain.idea_marks import STEPS
from app.domain.measures import FIRST_ANSWERS
from app.domain.pipeline import Stage
from app.domain.rollups import COUNTS, Sums
from app.models.campaigns import Campaign
from app.models.gates import Gate
from app.models.ideas import Idea
from app.models.itinerary import ItineraryEntry
from app.queries import boards, participation, statistics
from app.queries.statistics import Filters, Scope
from app.schemas.figures import CampaignFigures, Rates

_SELECTED, _DEPLOYED = STEPS.index(Stage.SELECTED), STEPS.index(Stage.DEPLOYED)
_HUNDRED = 100


class _Ideas(NamedTuple):
    """How many ideas there are of a figure, and how far they came; `measured` are deployed with a measured benefit."""

    submitted: int
    answered: int
    selected: int
    deployed: int
    measured: int


_NONE = _Ideas(0, 0, 0, 0, 0)


async def get_rates(
    session: ReadSession, actor: Actor, filters: Filters, *, zone: str, now: datetime
) -> Rates:
    """Return the ideas of the whole company in some days beside its people at their end; two to four statements.

    Raises: RoleMissing, DayToCome, DaysReversed, UnknownFilter.
    """
    scope = await statistics.get_scope(session, actor, filters, zone=zone, now=now)
    counted = await participation.count(session, scope, scope.period, scope.campaign)
    entire = await participation.count(session, scope, scope.entire, None) if scope.sliced else None
    people = participation.tell_whole(counted, entire)
    headcount, active = people["headcount"], people["connected"]
    sums = await boards.read(session, scope, COUNTS)
    ideas = await _count(session, scope) if sums is None else _read(sums)
    return Rates(
        as_of=scope.period.as_of,
        headcount=headcount,
        active=active,
        ideas=ideas.submitted,
        ideas_per_100=_divide(_HUNDRED * ideas.submitted, headcount),
        implementation_rate=_divide(ideas.deployed, ideas.submitted),
        benefit_rate=_divide(ideas.measured, ideas.deployed),
        ideation_rate=_divide(ideas.selected, active),
    )


async def list_campaigns(
    session: ReadSession, actor: Actor, filters: Filters, *, zone: str, now: datetime
) -> list[CampaignFigures]:
    """Return how far the ideas of each campaign came, the latest campaign first; two to four statements.

    Raises: RoleMissing, DayToCome, DaysReversed, UnknownFilter.
    """
    scope = await statistics.get_idea_scope(session, actor, filters, zone=zone, now=now)
    sums = await boards.read_campaigns(session, scope, COUNTS)
    counted = (
        await _count_each(session, scope)
        if sums is None
        else {key: _read(each) for key, each in sums.items()}
    )
    campaigns: Any = await session.execute(
        select(col(Campaign.id), col(Campaign.name))
        .where(col(Campaign.starts_at) < scope.period.until)
        .order_by(col(Campaign.starts_at).desc(), col(Campaign.id))
    )
    told = []
    for campaign, name in campaigns:
        ideas = counted.get(campaign, _NONE)
        told.append(
            CampaignFigures(
                id=campaign,
                name=name,
                ideas=ideas.submitted,
                answered=ideas.answered,
                with_potential=ideas.selected,
                deployed=ideas.deployed,
                implementation_rate=_divide(ideas.deployed, ideas.submitted),
            )
        )
    return told


def _read(sums: Sums) -> _Ideas:
    """Return what stands in sums."""
    farthest = idea_marks.count_farthest(sums)
    return _Ideas(
        submitted=sums.get("ideas", {}).get(0, 0),
        answered=sums.get("answered", {}).get(0, 0),
        selected=sum(farthest[stage] for stage in STEPS[_SELECTED:]),
        deployed=sum(farthest[stage] for stage in STEPS[_DEPLOYED:]),
        measured=sums.get("measured", {}).get(0, 0),
    )


async def _count(session: ReadSession, scope: Scope) -> _Ideas:
    """Return what stands in the history; one statement."""
    ideas = _select_ideas(scope).subquery()
    row = (await session.execute(select(*_list_counts(ideas)))).one()
    return _Ideas(*(int(value or 0) for value in row))


async def _count_each(session: ReadSession, scope: Scope) -> dict[str, _Ideas]:
    """Return what stands in the history, by campaign; one statement."""
    ideas = _select_ideas(scope).subquery()
    rows: Any = await session.execute(
        select(ideas.c.campaign, *_list_counts(ideas)).group_by(ideas.c.campaign)
    )
    return {campaign: _Ideas(*(int(value or 0) for value in counts)) for campaign, *counts in rows}


def _divide(number: int, of: int | None) -> float | None:
    return number / of if of else None


def _list_counts(ideas: Subquery) -> list[Any]:
    """Return the columns of ideas, of those answered, selected, deployed, and deployed with a measured benefit."""
    deployed = ideas.c.rank >= _DEPLOYED
    conditions = (
        ideas.c.answered == 1,
        ideas.c.rank >= _SELECTED,
        deployed,
        and_(deployed, ideas.c.measured),
    )
    return [func.count(ideas.c.id), *(func.sum(case((condition, 1), else_=0)) for condition in conditions)]


def _select_ideas(scope: Scope) -> Select[Any]:
    """Return the ideas of a figure: whether they were answered, how far they came, whether a benefit was measured."""
    entry, until = ItineraryEntry, scope.period.until
    answered = case((col(entry.act).in_(sorted(FIRST_ANSWERS)), 1), else_=0)
    measured = exists().where(
        col(Gate.idea_id) == col(Idea.id),
        col(Gate.stage) == Stage.DEPLOYED.value,
        col(Gate.amount) > 0,
        col(Gate.at) < until,
    )
    statement: Any = (
        select(
            col(Idea.id).label("id"),
            col(Idea.campaign_id).label("campaign"),
            func.max(answered).label("answered"),
            func.max(func.coalesce(statistics.rank_stage(col(entry.to_stage), STEPS), 0)).label("rank"),
            measured.label("measured"),
        )
        .outerjoin(entry, and_(col(entry.idea_id) == col(Idea.id), col(entry.at) < until))
        .where(statistics.is_meant(scope), statistics.is_from(scope), col(Idea.stage) != Stage.DRAFT.value)
        .group_by(col(Idea.id), col(Idea.campaign_id))
    )
    chosen: Select[Any] = statement
    return chosen
