"""Points for help that was thanked: once for each idea and helper."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from app.core import clock
from app.core.db import WriteSession
from app.core.types import UtcDateTime
from app.domain.pipeline import Stage
from app.domain.rewards import SCALE, RuleKey
from app.models.events import Event
from app.models.help_requests import HelpRequest
from app.models.ideas import Idea
from app.services import activity
from app.services.rewards import Due, settle


async def settle_thanks(session: WriteSession, events: Sequence[Event], *, now: datetime) -> None:
    """Award help whose thanks count, from the idea's submission on and while it is not withdrawn.

    It follows from the rows alone: the day is that of the thanks or of the submission, whichever came later.
    """
    idea_ids = {str(event.payload.get("idea", event.subject)) for event in events}
    thanked = func.min(col(HelpRequest.thanked_at), type_=UtcDateTime())
    rows: Any = await session.execute(
        select(
            col(HelpRequest.idea_id),
            col(HelpRequest.helper_id),
            thanked,
            col(Idea.submitted_at),
            col(Idea.stage),
        )
        .join(Idea, col(Idea.id) == col(HelpRequest.idea_id))
        .where(
            col(HelpRequest.idea_id).in_(idea_ids),
            col(HelpRequest.counted).is_(True),
            col(Idea.submitted_at).is_not(None),
        )
        .group_by(
            col(HelpRequest.idea_id), col(HelpRequest.helper_id), col(Idea.submitted_at), col(Idea.stage)
        )
        .order_by(thanked, col(HelpRequest.idea_id), col(HelpRequest.helper_id))
    )
    paid = [
        (idea_id, helper, max(thanked_at, submitted_at), stage != Stage.WITHDRAWN)
        for idea_id, helper, thanked_at, submitted_at, stage in rows
    ]
    award = SCALE[RuleKey.COACHING].points
    dues = [
        Due(idea_id, helper, award if standing else 0, clock.day_in(session.zone, at))
        for idea_id, helper, at, standing in paid
    ]
    await settle(session, RuleKey.COACHING, dues, now=now)
    await activity.note_people(session, [(helper, at) for _, helper, at, _ in paid])
