"""Counting participation: who of the headcount connected, submitted, commented, voted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, exists, func, or_, select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain import breakdowns, measures, privacy, release_tables
from app.domain.actors import Actor
from app.domain.breakdowns import WHOLE, Counts
from app.domain.measures import FIGURES, UNDER_ANONYMITY, Period
from app.domain.release_tables import HEADCOUNT, Weighed
from app.models.authorships import Authorship
from app.models.comments import Comment
from app.models.employees import Employee, Employment
from app.models.ideas import Idea
from app.models.sessions import SignIn
from app.models.votes import Vote
from app.queries import boards, released_figures, statistics, votings
from app.queries.statistics import Filters, Scope
from app.schemas.statistics import HIDDEN, Hidden, Participation, Share


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted: the headcount by entity, and each figure."""

    headcount: Mapping[str, int]
    figures: Mapping[str, Counts]


async def get_participation(
    session: ReadSession, actor: Actor, filters: Filters, *, zone: str, now: datetime
) -> Participation:
    """Return the headcount at the end of a day, and how many of these people took part until then.

    Of a part of the company it is what the last release on or before that day told. `zone` is the company's time zone.
    One to four statements, whatever the number of people; definitions are in docs/measures.md.

    Raises: RoleMissing, DayToCome, DaysReversed, UnknownFilter.
    """
    scope = await statistics.get_scope(session, actor, filters, zone=zone, now=now)
    if scope.entity is not None and not scope.is_whole:
        return await released_figures.show(session, scope, scope.entity)
    counted = await count(session, scope, scope.period, scope.campaign)
    entire = await count(session, scope, scope.entire, None) if scope.sliced else None
    told = tell_whole(counted, entire)
    headcount = told[HEADCOUNT]
    hidden = [name for name, people in told.items() if people is None]
    shares = {name: Share(people=told[name], rate=measures.share(told[name], headcount)) for name in FIGURES}
    return Participation(
        as_of=scope.period.as_of,
        headcount=headcount,
        **shares,
        hidden=Hidden(figures=hidden, detail=HIDDEN) if hidden else None,
        release=None,
    )


def tell_whole(counted: Counted, entire: Counted | None) -> dict[str, int | None]:
    """Return the figures of the whole company, None for those that are hidden."""
    size = sum(counted.headcount.values())
    told = {HEADCOUNT: privacy.publish(size, whole=True)}
    for name in FIGURES:
        people = sum(counted.figures[name].everybody.values())
        told[name] = privacy.publish(people, size, whole=entire is None)
        if entire is not None:
            away = sum(entire.figures[name].everybody.values()) - people
            told[name] = None if 0 < away < privacy.FLOOR else told[name]
    return told


def weigh(scope: Scope, counted: Counted) -> Weighed:
    """Add up what was counted over the entities in which somebody works or did in the month, and what is above."""
    # Entities that have ended would cost their neighbours, which hide what is empty.
    tree = (scope.tree or breakdowns.grow({})).keep(scope.living)
    return release_tables.weigh(tree, counted.headcount, counted.figures)


async def count(session: ReadSession, scope: Scope, period: Period, campaign: str | None) -> Counted:
    """Count the people of a period, by entity where a figure is about one; one statement, or one board."""
    # Part of the company's time is told with the whole of it, and both have to be of one moment.
    if scope.tree is None and not scope.sliced:
        sums = await boards.read_people(session, period.as_of)
        if sums is not None:
            whole = {name: {WHOLE: sums.get(name, {}).get(0, 0)} for name in (HEADCOUNT, *FIGURES)}
            return Counted(whole[HEADCOUNT], {name: Counts(whole[name], whole[name], {}) for name in FIGURES})
    rows = (await session.execute(_select_counts(period, campaign, apart=scope.tree is not None))).all()
    headcount = {row.entity: row.headcount for row in rows}

    def read(column: str) -> dict[str, int]:
        return {row.entity: int(getattr(row, column)) for row in rows}

    figures = {
        name: Counts(everybody, read(f"{name}_named"), read(f"{name}_unnamed"))
        if scope.tree is not None and name in UNDER_ANONYMITY
        else Counts(everybody, everybody, {})
        for name in FIGURES
        for everybody in [read(name)]
    }
    return Counted(headcount, figures)


def _select_counts(period: Period, campaign: str | None, *, apart: bool) -> Select[Any]:
    """Return the statement of all counts: one row an entity if they are wanted `apart`, else one in all.

    Each person is looked up in the acts by index, as acts are many more than people.
    """
    people = _select_people(period).subquery()
    done = _list_acts(people, period, campaign)
    if not apart:
        done = {name: act for name, act in done.items() if name in FIGURES}
    flags = select(people.c.entity_id, *(act.label(name) for name, act in done.items())).subquery()
    columns = [func.coalesce(func.sum(case((flags.c[name], 1), else_=0)), 0).label(name) for name in done]
    if apart:
        for name in sorted(UNDER_ANONYMITY):
            only = and_(flags.c[f"{name}_unnamed"], flags.c[f"{name}_named"].is_(False))
            unnamed = func.coalesce(func.sum(case((only, 1), else_=0)), 0).label(f"{name}_unnamed")
            columns[list(done).index(f"{name}_unnamed")] = unnamed
        return select(flags.c.entity_id.label("entity"), func.count().label("headcount"), *columns).group_by(
            flags.c.entity_id
        )
    return select(func.max(WHOLE).label("entity"), func.count().label("headcount"), *columns).select_from(
        flags
    )


def _select_people(period: Period) -> Select[str, str]:
    """Return the headcount: each employee once, in one entity."""
    return (
        select(col(Employment.employee_id), func.max(col(Employment.entity_id)).label("entity_id"))
        .join(Employee, col(Employee.id) == col(Employment.employee_id))
        .where(
            col(Employee.kind) == "employee",
            col(Employment.started_at) < period.until,
            or_(col(Employment.ended_at).is_(None), col(Employment.ended_at) >= period.until),
        )
        .group_by(col(Employment.employee_id))
    )


def _list_acts(people: Subquery, period: Period, campaign: str | None) -> dict[str, ColumnElement[bool]]:
    """Return for a person the conditions of having done something; those under anonymity also apart."""
    person = people.c.employee_id
    submitted, submitted_at = _submitted(person, period), col(Idea.submitted_at)
    commented, commented_at = _commented(person, period), col(Comment.created_at)
    written = exists().where(
        col(Authorship.idea_id) == col(Comment.idea_id),
        col(Authorship.employee_id) == col(Comment.author_id),
        col(Authorship.state) == "accepted",
    )
    unnamed = col(Idea.anonymous).is_(True)
    voted = and_(
        col(Vote.voter_id) == person,
        statistics.is_within(col(Vote.cast_at), period),
        or_(col(Vote.withdrawn_at).is_(None), col(Vote.withdrawn_at) >= period.until),
        # Of the only idea of a campaign the number of voters would be the number of votes.
        col(Vote.idea_id).not_in(votings.SEALED_IDEAS),
    )
    if campaign is not None:
        # Not the bare column: SQLite would go through the ideas of the campaign for each person, for seconds.
        there = func.coalesce(col(Idea.campaign_id), "") == campaign
        submitted, commented = and_(submitted, there), and_(commented, there)
        voted = and_(voted, col(Idea.id) == col(Vote.idea_id), there)
    return {
        "connected": exists().where(
            col(SignIn.employee_id) == person, statistics.is_within(col(SignIn.at), period)
        ),
        "submitted": exists().where(submitted),
        "submitted_named": exists().where(submitted, ~unnamed),
        "submitted_unnamed": exists().where(submitted, unnamed, statistics.is_released(submitted_at, period)),
        "commented": exists().where(commented),
        "commented_named": exists().where(commented, ~and_(unnamed, written)),
        "commented_unnamed": exists().where(
            commented, unnamed, written, statistics.is_released(commented_at, period)
        ),
        "voted": exists().where(voted),
    }


def _submitted(person: Any, period: Period) -> ColumnElement[bool]:
    return and_(
        col(Authorship.employee_id) == person,
        col(Authorship.state) == "accepted",
        func.coalesce(col(Authorship.answered_at), col(Authorship.invited_at)) < period.until,
        col(Idea.id) == col(Authorship.idea_id),
        col(Idea.source).is_(None),
        statistics.is_within(col(Idea.submitted_at), period),
    )


def _commented(person: Any, period: Period) -> ColumnElement[bool]:
    return and_(
        col(Comment.author_id) == person,
        col(Comment.source).is_(None),
        statistics.is_within(col(Comment.created_at), period),
        or_(col(Comment.deleted_at).is_(None), col(Comment.deleted_at) >= period.until),
        col(Idea.id) == col(Comment.idea_id),
    )
