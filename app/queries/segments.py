"""Reading segments: the facts they are found by, one's own, and how many people there are in each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain import measures, permissions, privacy, segments
from app.domain.actors import Actor
from app.domain.authorships import AuthorshipState
from app.domain.permissions import Permission
from app.domain.pipeline import Stage
from app.domain.privacy import Group
from app.domain.roles import Role
from app.domain.segments import Fact, Measure, Segment
from app.models.activity import ActivityDay
from app.models.authorships import Authorship
from app.models.comments import Comment
from app.models.employees import Employee
from app.models.ideas import Idea, Tally
from app.models.roles import RoleGrant
from app.models.segments import Membership, SegmentThreshold, Unaddressed
from app.schemas.segments import (
    Distance,
    OwnSegment,
    SegmentCount,
    SegmentCounts,
    SegmentFact,
    Threshold,
)

_HATS = {
    Fact.FACILITATES: Role.FACILITATOR,
    Fact.DEVELOPS: Role.IDEA_DEVELOPER,
    Fact.SPONSORS: Role.SPONSOR,
}


@dataclass(frozen=True, slots=True)
class Window:
    """The days that count: from `since`, which began at the moment `began`, to `today`."""

    since: date
    began: datetime
    today: date


def open_window(today: date, zone: str) -> Window:
    """Return the days that count on a day of a time zone."""
    since = today - timedelta(days=segments.WINDOW_DAYS - 1)
    return Window(since, measures.start_day(since, zone), today)


async def read_facts(
    session: ReadSession, window: Window, people: ColumnElement[bool]
) -> dict[str, dict[Fact, int]]:
    """Return what the rules ask of active employees, by identifier; three statements, however many people.

    `people` is a condition on `employees`. The days of activity are taken as they were counted last.
    """
    mine = and_(col(Employee.active).is_(True), col(Employee.kind) == "employee", people)
    found: dict[str, dict[Fact, int]] = {}
    for row in await session.execute(_select_own(window, mine)):
        person, *numbers = row
        found[person] = {fact: int(number or 0) for fact, number in zip(_OWN, numbers, strict=True)}
    for fact, statement in (
        (Fact.RESPONSE, _select_response(window, mine)),
        (Fact.FUNCTIONS, _select_functions(window, mine)),
    ):
        for person, number in await session.execute(statement):
            found[person][fact] = int(number or 0)
    return found


async def read_thresholds(session: ReadSession) -> dict[str, int]:
    """Return every threshold as it holds now."""
    rows = await session.execute(select(col(SegmentThreshold.name), col(SegmentThreshold.at_least)))
    return segments.DEFAULTS | {name: number for name, number in rows if name in segments.DEFAULTS}


async def list_thresholds(session: ReadSession) -> list[Threshold]:
    """Return the thresholds in the order of the rules."""
    now = await read_thresholds(session)
    return [
        Threshold(
            name=condition.threshold,
            segment=segment.value,
            fact=condition.fact.value,
            at_least=now[condition.threshold],
            default=now[condition.threshold] == condition.at_least,
        )
        for segment, condition in segments.list_conditions()
    ]


async def get_own(session: ReadSession, actor: Actor, window: Window) -> OwnSegment:
    """Return where the actor stands now, why, and what would change it."""
    facts = (await read_facts(session, window, col(Employee.id) == actor.id)).get(actor.id, {})
    placed = segments.place(facts, await read_thresholds(session))
    member = await session.get(Membership, actor.id)
    closed = await session.get(Unaddressed, actor.id)
    return OwnSegment(
        segment=placed.segment.value,
        since=member.since if member and member.segment == placed.segment else window.today,
        window_days=segments.WINDOW_DAYS,
        why=[_show(measure) for measure in placed.why],
        following=[
            Distance(segment=segment.value, conditions=[_show(each) for each in distances])
            for segment, distances in placed.following.items()
        ],
        addressed=closed is None,
    )


async def count_members(session: ReadSession, actor: Actor) -> SegmentCounts:
    """Return how many people are in each segment, as of the last computation.

    Numbers below the floor are hidden, and others with them, so that no difference to the sum gives one back.

    Raises: RoleMissing.
    """
    permissions.check(actor, Permission.SEGMENTS_READ)
    rows = await session.execute(
        select(col(Membership.segment), func.count())
        .join(Employee, col(Employee.id) == col(Membership.employee_id))
        .where(col(Employee.active).is_(True))
        .group_by(col(Membership.segment))
    )
    counts: Mapping[str, int] = dict(rows.all())
    people = sum(counts.values())
    groups = [Group("", None, people), *(Group(each, "", counts.get(each, 0)) for each in Segment)]
    hidden = privacy.suppress_tree(groups).groups
    return SegmentCounts(
        people=None if "" in hidden else people,
        segments=[
            SegmentCount(segment=each.value, people=None if each in hidden else counts.get(each, 0))
            for each in Segment
        ],
    )


def select_addressable(segment: Segment) -> Select[str]:
    """Return the statement of the active people of a segment who may be addressed by it."""
    return (
        select(col(Membership.employee_id))
        .join(Employee, col(Employee.id) == col(Membership.employee_id))
        .where(
            col(Membership.segment) == segment,
            col(Employee.active).is_(True),
            ~exists().where(col(Unaddressed.employee_id) == col(Membership.employee_id)),
        )
    )


_OWN = (Fact.ACTIVE_DAYS, Fact.IDEAS, Fact.COMMENTS, *_HATS)


def _select_own(window: Window, people: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Return the statement of what people did in the window, and of the roles they have."""
    did = (
        col(ActivityDay.named_ideas)
        + col(ActivityDay.named_comments)
        + col(ActivityDay.votes)
        + col(ActivityDay.answers)
    )
    days = and_(
        col(ActivityDay.employee_id) == col(Employee.id),
        col(ActivityDay.day) >= window.since,
        col(ActivityDay.day) <= window.today,
    )
    return (
        select(
            col(Employee.id),
            func.sum(case((did > 0, 1), else_=0)),
            func.sum(col(ActivityDay.named_ideas)),
            func.sum(col(ActivityDay.named_comments)),
            *(_wears(role) for role in _HATS.values()),
        )
        .outerjoin(ActivityDay, days)
        .where(people)
        .group_by(col(Employee.id))
    )


def _wears(role: Role) -> ColumnElement[int]:
    held = exists().where(
        col(RoleGrant.employee_id) == col(Employee.id),
        col(RoleGrant.role) == role,
        col(RoleGrant.ended_at).is_(None),
    )
    return case((held, 1), else_=0)


def _select_response(window: Window, people: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Return the statement of the votes and comments that named ideas of the window have had."""
    return (
        select(col(Employee.id), func.sum(col(Tally.votes) + col(Tally.comments)))
        .join(Authorship, col(Authorship.employee_id) == col(Employee.id))
        .join(Idea, col(Idea.id) == col(Authorship.idea_id))
        .join(Tally, col(Tally.idea_id) == col(Idea.id))
        .where(
            people,
            col(Authorship.state) == AuthorshipState.ACCEPTED,
            _is_shown(),
            col(Idea.submitted_at) >= window.began,
        )
        .group_by(col(Employee.id))
    )


def _select_functions(window: Window, people: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Return the statement of how many functions' ideas by others people commented on in the window."""
    own = exists().where(
        col(Authorship.idea_id) == col(Idea.id), col(Authorship.employee_id) == col(Employee.id)
    )
    return (
        select(col(Employee.id), func.count(col(Idea.function_id).distinct()))
        .join(Comment, col(Comment.author_id) == col(Employee.id))
        .join(Idea, col(Idea.id) == col(Comment.idea_id))
        .where(
            people,
            col(Comment.deleted_at).is_(None),
            col(Comment.unnamed).is_(False),
            col(Comment.source).is_(None),
            col(Comment.created_at) >= window.began,
            ~own,
        )
        .group_by(col(Employee.id))
    )


def _is_shown() -> ColumnElement[bool]:
    return and_(
        col(Idea.anonymous).is_(False),
        col(Idea.source).is_(None),
        col(Idea.stage).not_in([Stage.DRAFT, Stage.WITHDRAWN]),
    )


def _show(measure: Measure) -> SegmentFact:
    return SegmentFact(fact=measure.fact.value, have=measure.have, need=measure.need)
