"""Points for what happens to ideas: submission and the stages reached, shared between their authors."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlmodel import col

from app.core import clock
from app.core.db import WriteSession
from app.domain import rewards
from app.domain.pipeline import Stage
from app.domain.rewards import SCALE, RuleKey
from app.models.authorships import Authorship
from app.models.campaigns import Campaign
from app.models.events import Event
from app.models.ideas import Idea
from app.models.itinerary import ItineraryEntry
from app.models.rewards import PointEntry
from app.services.rewards import Due, settle

STAGE_RULES = {
    Stage.RECOMMENDED: RuleKey.RECOMMENDED,
    Stage.SELECTED: RuleKey.SELECTED,
    Stage.PROJECT: RuleKey.PROJECT,
    Stage.PILOT: RuleKey.PILOT,
    Stage.DEPLOYED: RuleKey.DEPLOYED,
}


_PAID_AS_FIRST = (
    select(col(PointEntry.subject))
    .join(Idea, col(Idea.id) == col(PointEntry.subject))
    .where(
        col(PointEntry.rule) == RuleKey.FIRST_IN_CAMPAIGN,
        col(Idea.campaign_id).in_(bindparam("campaigns", expanding=True)),
    )
    .distinct()
)


async def settle_ideas(session: WriteSession, events: Sequence[Event], *, now: datetime) -> None:
    """Award submission while the idea is not withdrawn, and every stage once it was reached.

    Of a campaign the idea that was submitted first is paid, also when another one was seen before it.
    A stage that was reached stays paid, and reaching it again pays nothing: the award of a (rule, idea,
    person) is there once. Imported ideas earn nothing.
    """
    moments = {event.subject: event.at for event in reversed(events)}
    ideas = {
        idea.id: idea
        for idea in await session.scalars(
            select(Idea)
            .where(col(Idea.id).in_(list(moments)), col(Idea.source).is_(None))
            .order_by(col(Idea.id))
        )
    }
    causes = await _list_causes(session, ideas)
    for rule, standing in causes.items():
        recipients = await _share_out(session, rule, list(standing))
        dues = [
            Due(
                idea_id,
                person,
                points if standing[idea_id] else 0,
                clock.day_in(session.zone, moments.get(idea_id, now)),
            )
            for idea_id, shares in recipients.items()
            for person, points in shares.items()
        ]
        await settle(session, rule, dues, now=now)


async def _list_causes(session: WriteSession, ideas: dict[str, Idea]) -> dict[RuleKey, dict[str, bool]]:
    """Return for each rule the ideas it concerns, and whether its cause stands now."""
    causes: dict[RuleKey, dict[str, bool]] = defaultdict(dict)
    campaigns = {idea.campaign_id for idea in ideas.values()}
    firsts = await _find_firsts(session, campaigns)
    # Who was paid before an earlier idea was seen was not the first.
    paid = set(await session.scalars(_PAID_AS_FIRST, {"campaigns": list(campaigns)}))
    causes[RuleKey.FIRST_IN_CAMPAIGN] |= dict.fromkeys(paid - set(firsts.values()), False)
    for idea in ideas.values():
        if idea.submitted_at is None:
            continue
        causes[RuleKey.SUBMITTED][idea.id] = idea.stage != Stage.WITHDRAWN
        if firsts.get(idea.campaign_id) == idea.id:
            causes[RuleKey.FIRST_IN_CAMPAIGN][idea.id] = idea.stage != Stage.WITHDRAWN
    reached = await session.execute(
        select(col(ItineraryEntry.idea_id), col(ItineraryEntry.to_stage))
        .where(
            col(ItineraryEntry.idea_id).in_(list(ideas)),
            col(ItineraryEntry.to_stage).in_([stage.value for stage in STAGE_RULES]),
        )
        .distinct()
    )
    for idea_id, stage in reached:
        causes[STAGE_RULES[Stage(stage)]][idea_id] = True
    return causes


async def _find_firsts(session: WriteSession, campaign_ids: set[str]) -> dict[str, str]:
    """Return the idea that was submitted first in each campaign with an end; the permanent box has no race."""
    place = (
        func.row_number()
        .over(partition_by=col(Idea.campaign_id), order_by=(col(Idea.submitted_at), col(Idea.id)))
        .label("place")
    )
    ranked = (
        select(col(Idea.campaign_id).label("campaign_id"), col(Idea.id).label("idea_id"), place)
        .join(Campaign, col(Campaign.id) == col(Idea.campaign_id))
        .where(
            col(Idea.campaign_id).in_(campaign_ids),
            col(Campaign.permanent).is_(False),
            col(Idea.submitted_at).is_not(None),
        )
        .subquery()
    )
    rows = await session.execute(select(ranked.c.campaign_id, ranked.c.idea_id).where(ranked.c.place == 1))
    return dict(rows.all())


async def _share_out(session: WriteSession, rule: RuleKey, idea_ids: list[str]) -> dict[str, dict[str, int]]:
    """Return the points of each author; an award that was given out once keeps its recipients and shares."""
    shares: dict[str, dict[str, int]] = defaultdict(dict)
    given = await session.execute(
        select(col(PointEntry.subject), col(PointEntry.employee_id), col(PointEntry.points)).where(
            col(PointEntry.rule) == rule,
            col(PointEntry.subject).in_(idea_ids),
            col(PointEntry.occurrence) == 1,
        )
    )
    for idea_id, person, points in given:
        shares[idea_id][person] = points
    authors = await session.execute(
        select(col(Authorship.idea_id), col(Authorship.employee_id))
        .where(col(Authorship.idea_id).in_(idea_ids), col(Authorship.state) == "accepted")
        .order_by(col(Authorship.idea_id), col(Authorship.position))
    )
    writers: dict[str, list[str]] = defaultdict(list)
    for idea_id, person in authors:
        writers[idea_id].append(person)
    for idea_id, people in writers.items():
        if idea_id not in shares:
            shares[idea_id] = dict(zip(people, rewards.share(SCALE[rule].points, len(people)), strict=True))
    return shares
