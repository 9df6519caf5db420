"""Trying a rule out: what it would have given in the last full month; nothing is written."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlmodel import col

from app.core import clock
from app.core.db import ReadSession
from app.domain import causes, measures, permissions, point_rules, privacy
from app.domain.actors import Actor
from app.domain.causes import Cause, Milestone, Scale
from app.domain.permissions import Permission
from app.domain.rewards import PointRule, RuleKey
from app.models.employees import Employee
from app.models.ideas import Idea
from app.models.itinerary import ItineraryEntry
from app.queries.causes import OF_PEOPLE
from app.queries.chunks import CHUNK, chunk_ids, count_rows
from app.queries.milestones import STAGE_RULES, list_milestones
from app.queries.point_rules import get_scales
from app.queries.votings import SEALED_IDEAS
from app.schemas.point_rules import PointRulePreview, PointsOfMonth, PreviewPointRule

_STAGES = {rule: stage for stage, rule in STAGE_RULES.items()}


@dataclass(slots=True)
class _Sum:
    """What a scale gave: an award that co-authors share is one."""

    scale: Scale
    awards: int = 0
    points: int = 0
    people: set[str] = field(default_factory=set)

    def add_causes(self, found: Sequence[Cause], sealed: Collection[str]) -> None:
        """Count what people earned by themselves, but for what no figure may tell yet."""
        for due in causes.allot(found, self.scale):
            if due.points and due.subject not in sealed:
                self._add(due.points, {due.employee_id})

    def add_milestone(self, milestone: Milestone) -> None:
        """Count what was shared; whoever has a part of it counts, also where it was too small to be shared by all."""
        points = self.scale(milestone.day).points
        if points and milestone.stands and milestone.authors:
            self._add(points, set(milestone.authors))

    def _add(self, points: int, people: set[str]) -> None:
        self.awards += 1
        self.points += points
        self.people |= people

    def show(self) -> PointsOfMonth:
        """Return the sums as they may be shown."""
        people = len(self.people)
        shown = people if people == 0 or people >= privacy.FLOOR else None
        return PointsOfMonth(awards=self.awards, people=shown, points=self.points)


async def preview(
    session: ReadSession, actor: Actor, values: PreviewPointRule, *, now: datetime
) -> PointRulePreview:
    """Return what a rule gave in the last full month of the company's calendar, and what it would have given.

    Raises: RoleMissing, NeverCapped.
    """
    permissions.check(actor, Permission.POINT_RULES_WRITE)
    rule, worth = RuleKey(values.rule), PointRule(values.points, values.per_day)
    point_rules.check_worth(rule, worth.per_day)
    last_day = clock.day_in(session.zone, now).replace(day=1) - timedelta(days=1)
    first_day = last_day.replace(day=1)
    before, after = _Sum((await get_scales(session)).of(rule)), _Sum(lambda _: worth)
    if rule in OF_PEOPLE:
        await _add_people(session, rule, (before, after), first_day, last_day)
    else:
        await _add_ideas(session, rule, (before, after), first_day, last_day)
    return PointRulePreview(
        rule=values.rule,
        first_day=first_day,
        last_day=last_day,
        before=before.show(),
        after=after.show(),
    )


async def _add_people(
    session: ReadSession, rule: RuleKey, sums: Sequence[_Sum], first_day: date, last_day: date
) -> None:
    since, until = _bound(session, first_day, last_day)
    sealed = set(await session.scalars(SEALED_IDEAS)) if rule is RuleKey.VOTE else set()
    async for people in chunk_ids(session, Employee, await count_rows(session, Employee)):
        found = await OF_PEOPLE[rule](session, people, since=since, before=until)
        for each in sums:
            each.add_causes(found, sealed)


async def _add_ideas(
    session: ReadSession, rule: RuleKey, sums: Sequence[_Sum], first_day: date, last_day: date
) -> None:
    since, until = _bound(session, first_day, last_day)
    concerned = select(col(Idea.id)).where(col(Idea.submitted_at) >= since, col(Idea.submitted_at) < until)
    if rule in _STAGES:
        concerned = (
            select(col(ItineraryEntry.idea_id))
            .where(
                col(ItineraryEntry.at) >= since,
                col(ItineraryEntry.at) < until,
                col(ItineraryEntry.to_stage) == _STAGES[rule].value,
            )
            .distinct()
        )
    idea_ids = (await session.scalars(concerned)).all()
    for start in range(0, len(idea_ids), CHUNK):
        milestones = await list_milestones(session, idea_ids[start : start + CHUNK])
        for milestone in milestones.get(rule, ()):
            if first_day <= milestone.day <= last_day:
                for each in sums:
                    each.add_milestone(milestone)


def _bound(session: ReadSession, first_day: date, last_day: date) -> tuple[datetime, datetime]:
    ends = first_day, clock.next_day(last_day)
    since, until = (measures.start_day(day, session.zone) for day in ends)
    return since, until
