"""How far a campaign has come, for everybody to see."""

from typing import Any

from sqlalchemy import Select, case, exists, func, select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain import privacy
from app.domain.measures import FIRST_ANSWERS
from app.domain.pipeline import Stage
from app.models.authorships import Authorship
from app.models.ideas import Idea, Tally
from app.models.itinerary import ItineraryEntry
from app.schemas.campaigns import CampaignProgress
from app.schemas.statistics import Stages


async def measure(session: ReadSession, campaign_id: str) -> CampaignProgress:
    """Count the ideas of a campaign, their comments and answers, and the people who wrote them, in two statements.

    People are those who gave their names: whoever adds anonymous ones tells, as soon as somebody with a name comes
    without raising the number, who that is. Fewer than five are not told.
    """
    rows = (await session.execute(_select_counts(campaign_id))).all()
    stages = {row.stage: row.ideas for row in rows}
    ideas, answered = sum(stages.values()), sum(row.answered for row in rows)
    people = await session.scalar(_select_people(campaign_id))
    return CampaignProgress(
        ideas=ideas,
        stages=Stages(**{stage.value: stages.get(stage, 0) for stage in Stage}),
        comments=sum(row.comments for row in rows),
        answered=answered,
        answered_share=round(answered / ideas, 4) if ideas else None,
        people=privacy.publish(people or 0),
    )


def _select_counts(campaign_id: str) -> Select[*tuple[Any, ...]]:
    acts = [act.value for act in FIRST_ANSWERS]
    answered = exists().where(col(ItineraryEntry.idea_id) == col(Idea.id), col(ItineraryEntry.act).in_(acts))
    statement: Select[*tuple[Any, ...]] = (
        select(
            col(Idea.stage).label("stage"),
            func.count().label("ideas"),
            func.sum(col(Tally.comments)).label("comments"),
            func.sum(case((answered, 1), else_=0)).label("answered"),
        )
        .join(Tally, col(Tally.idea_id) == col(Idea.id))
        .where(col(Idea.campaign_id) == campaign_id, col(Idea.submitted_at).is_not(None))
        .group_by(col(Idea.stage))
    )
    return statement


def _select_people(campaign_id: str) -> Select[int]:
    return (
        select(func.count(func.distinct(col(Authorship.employee_id))))
        .join(Idea, col(Idea.id) == col(Authorship.idea_id))
        .where(
            col(Idea.campaign_id) == campaign_id,
            col(Idea.submitted_at).is_not(None),
            col(Idea.anonymous).is_(False),
            col(Authorship.state) == "accepted",
        )
    )
