"""Filling scorecards."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from app.core import locks
from app.core.db import WriteSession
from app.domain import abilities, decisions, pipeline, scorecards
from app.domain.actors import Actor
from app.domain.events import ScorecardFilled
from app.domain.pipeline import MoveNotPossible
from app.models.scorecards import Scorecard, ScorecardCriterion
from app.queries import conflicts
from app.queries.ideas import get_visible
from app.schemas.decisions import FillScorecard
from app.services import events


async def fill(
    session: WriteSession, actor: Actor, idea_id: str, values: FillScorecard, *, now: datetime
) -> Scorecard:
    """Fill or refill the actor's own scorecard of an idea.

    Raises: NoSuchIdea, NotYoursToDecide, Conflicted, MoveNotPossible, ScoresNotRight.
    """
    await locks.share(session, locks.ORGANISATION)
    seen = await get_visible(session, actor, idea_id, lock=True)
    conflicted = await conflicts.is_conflicted(session, actor, idea_id)
    if conflicted and not seen.idea.anonymous:
        raise decisions.Conflicted
    if not abilities.evaluates(actor, seen.idea, conflicted=conflicted or seen.is_author):
        raise decisions.NotYoursToDecide
    if seen.idea.stage not in pipeline.OPEN_STAGES:
        message = "Scorecards are filled while an idea is open."
        raise MoveNotPossible(message)
    weights = dict(
        (
            await session.execute(
                select(col(ScorecardCriterion.id), col(ScorecardCriterion.weight)).where(
                    col(ScorecardCriterion.active).is_(True)
                )
            )
        ).all()
    )
    scorecards.check_scores(values.scores, weights)
    card = await session.scalar(
        select(Scorecard)
        .where(col(Scorecard.idea_id) == idea_id, col(Scorecard.evaluator_id) == actor.id)
        .with_for_update()
    )
    if card is None:
        card = Scorecard(idea_id=idea_id, evaluator_id=actor.id, total=0, filled_at=now)
        session.add(card)
    card.scores, card.text, card.filled_at = dict(values.scores), values.text, now
    card.total = scorecards.get_total(values.scores, weights)
    event_actor = None if seen.idea.anonymous else actor.id
    events.record(session, ScorecardFilled(idea_id), actor_id=event_actor, now=now)
    await session.flush()
    return card
