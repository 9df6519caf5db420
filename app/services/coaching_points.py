"""Points for help that was thanked: once for each idea and helper."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from app.core.db import WriteSession
from app.domain.rewards import RuleKey
from app.models.events import Event
from app.models.help_requests import HelpRequest
from app.services.rewards import settle_people


async def settle_thanks(session: WriteSession, events: Sequence[Event], *, now: datetime) -> None:
    """Award help whose thanks count, from the idea's submission on and while it is not withdrawn."""
    ideas = {str(event.payload.get("idea", event.subject)) for event in events}
    concerned = await session.scalars(
        select(col(HelpRequest.helper_id)).where(
            col(HelpRequest.idea_id).in_(ideas), col(HelpRequest.counted).is_(True)
        )
    )
    helpers = {helper for helper in concerned if helper is not None}
    if helpers:
        await settle_people(session, RuleKey.COACHING, helpers, now=now)
