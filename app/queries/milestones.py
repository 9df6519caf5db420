"""Reading what happened to ideas that is paid for: submission, being the first, the stages they reached."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlmodel import col

from app.core import clock
from app.core.db import ReadSession
from app.domain.causes import Joining, Milestone, list_authors_at
from app.domain.pipeline import Stage
from app.domain.rewards import RuleKey
from app.models.authorships import Authorship
from app.models.campaigns import Campaign
from app.models.ideas import Idea
from app.models.itinerary import ItineraryActor, ItineraryEntry
from app.queries.former_stages import STAGE, SUBMITTED_AT

STAGE_RULES = {
    Stage.RECOMMENDED: RuleKey.RECOMMENDED,
    Stage.SELECTED: RuleKey.SELECTED,
    Stage.PROJECT: RuleKey.PROJECT,
    Stage.PILOT: RuleKey.PILOT,
    Stage.DEPLOYED: RuleKey.DEPLOYED,
}

RULES = (RuleKey.SUBMITTED, RuleKey.FIRST_IN_CAMPAIGN, *STAGE_RULES.values())
"""The rules that are about ideas, and shared between their authors."""

_JOINING = {"join": True, "leave": False}


@dataclass(slots=True)
class _History:
    """What is known of one idea: its authors now and in what order, who came and went, which stages it reached."""

    authors: set[str] = field(default_factory=set)
    order: dict[str, int] = field(default_factory=dict)
    changes: list[Joining] = field(default_factory=list)
    reached: dict[Stage, tuple[int, datetime]] = field(default_factory=dict)

    def list_authors(self, position: int) -> tuple[str, ...]:
        """Return the authors at a place of the itinerary; those with the first shares first."""
        authors = list_authors_at(self.authors, self.changes, position)
        return tuple(sorted(authors, key=lambda person: (self.order.get(person, 0), person)))


async def list_milestones(session: ReadSession, idea_ids: Collection[str]) -> dict[RuleKey, list[Milestone]]:
    """Return everything that some ideas are paid for, by rule.

    A stage that was reached stays paid, and reaching it again pays nothing; a withdrawal takes back what the
    submission gave. Imported ideas earn nothing.
    """
    ideas = (
        await session.execute(
            select(col(Idea.id), SUBMITTED_AT, STAGE, col(Idea.campaign_id)).where(
                col(Idea.id).in_(idea_ids), col(Idea.source).is_(None), SUBMITTED_AT.is_not(None)
            )
        )
    ).all()
    firsts = set((await find_firsts(session, {campaign for *_, campaign in ideas})).values())
    histories = await _read_histories(session, [idea_id for idea_id, *_ in ideas])
    found: dict[RuleKey, list[Milestone]] = {rule: [] for rule in RULES}
    for idea_id, submitted_at, stage, _ in ideas:
        if submitted_at is None:
            continue
        history = histories[idea_id]
        day, stands = clock.day_in(session.zone, submitted_at), stage != Stage.WITHDRAWN
        submitted = Milestone(idea_id, history.list_authors(1), day, stands)
        found[RuleKey.SUBMITTED].append(submitted)
        if idea_id in firsts:
            found[RuleKey.FIRST_IN_CAMPAIGN].append(submitted)
        for reached, (position, at) in history.reached.items():
            day = clock.day_in(session.zone, at)
            found[STAGE_RULES[reached]].append(
                Milestone(idea_id, history.list_authors(position), day, stands=True)
            )
    return found


async def find_firsts(session: ReadSession, campaign_ids: Iterable[str]) -> dict[str, str]:
    """Return the idea that was submitted first in each campaign with an end; the permanent box has no race."""
    place = (
        func.row_number()
        .over(partition_by=col(Idea.campaign_id), order_by=(SUBMITTED_AT, col(Idea.id)))
        .label("place")
    )
    ranked = (
        select(col(Idea.campaign_id).label("campaign_id"), col(Idea.id).label("idea_id"), place)
        .join(Campaign, col(Campaign.id) == col(Idea.campaign_id))
        .where(
            col(Idea.campaign_id).in_(list(campaign_ids)),
            col(Campaign.permanent).is_(False),
            SUBMITTED_AT.is_not(None),
            col(Idea.source).is_(None),
        )
        .subquery()
    )
    rows = await session.execute(select(ranked.c.campaign_id, ranked.c.idea_id).where(ranked.c.place == 1))
    return dict(rows.all())


async def _read_histories(session: ReadSession, idea_ids: Collection[str]) -> defaultdict[str, _History]:
    histories: defaultdict[str, _History] = defaultdict(_History)
    # Authors first: who joins or leaves between the statements is seen in the steps, and put back where they were.
    for idea_id, person, position, state in await session.execute(
        select(
            col(Authorship.idea_id),
            col(Authorship.employee_id),
            col(Authorship.position),
            col(Authorship.state),
        ).where(col(Authorship.idea_id).in_(idea_ids))
    ):
        histories[idea_id].order[person] = position
        if state == "accepted":
            histories[idea_id].authors.add(person)
    steps = await session.execute(
        select(
            col(ItineraryEntry.idea_id),
            col(ItineraryEntry.position),
            col(ItineraryEntry.at),
            col(ItineraryEntry.act),
            col(ItineraryEntry.to_stage),
            col(ItineraryActor.employee_id),
        )
        .outerjoin(ItineraryActor, col(ItineraryActor.ref) == col(ItineraryEntry.actor_ref))
        .where(
            col(ItineraryEntry.idea_id).in_(idea_ids),
            or_(
                col(ItineraryEntry.to_stage).in_([stage.value for stage in STAGE_RULES]),
                col(ItineraryEntry.act).in_(_JOINING),
            ),
        )
        .order_by(col(ItineraryEntry.idea_id), col(ItineraryEntry.position))
    )
    for idea_id, position, at, act, stage, who in steps:
        history = histories[idea_id]
        if stage in STAGE_RULES:
            history.reached.setdefault(Stage(stage), (position, at))
        if act in _JOINING and who is not None:
            history.changes.append(Joining(position, who, _JOINING[act]))
    return histories
