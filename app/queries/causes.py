"""Reading the causes of points from the facts, those undone since as well; the ledger is never asked."""

from collections.abc import Awaitable, Collection
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from sqlalchemy import func, select
from sqlmodel import col

from app.core.db import ReadSession
from app.core.types import UtcDateTime
from app.domain.causes import Cause
from app.domain.pipeline import Stage
from app.domain.rewards import RuleKey
from app.models.help_requests import HelpRequest
from app.models.ideas import Idea
from app.models.sessions import SignIn
from app.queries.deeds import COMMENTS, VOTES, list_in_days, read_causes
from app.queries.former_stages import STAGE, SUBMITTED_AT


async def list_first_sign_ins(
    session: ReadSession,
    people: Collection[str],
    *,
    since: datetime | None = None,
    before: datetime | None = None,
) -> list[Cause]:
    """Return the first sign-in of each of some people who ever signed in, if it was between two moments."""
    first = func.min(col(SignIn.at))
    statement = (
        select(col(SignIn.employee_id), first)
        .where(col(SignIn.employee_id).in_(people))
        .group_by(col(SignIn.employee_id))
    )
    if since is not None:
        statement = statement.having(first >= since)
    if before is not None:
        statement = statement.having(first < before)
    rows = await session.execute(statement)
    return read_causes(session, ((person, person, moment, "", True) for person, moment in rows))


async def list_coaching(
    session: ReadSession,
    people: Collection[str],
    *,
    since: datetime | None = None,
    before: datetime | None = None,
) -> list[Cause]:
    """Return the help of some people whose thanks count, once for each idea, from its submission on.

    Its moment is that of the first thanks or of the submission, whichever came later.
    """
    thanked = func.min(col(HelpRequest.thanked_at), type_=UtcDateTime())
    rows: Any = await session.execute(
        select(
            col(HelpRequest.idea_id),
            col(HelpRequest.helper_id),
            thanked,
            SUBMITTED_AT,
            STAGE,
        )
        .join(Idea, col(Idea.id) == col(HelpRequest.idea_id))
        .where(
            col(HelpRequest.helper_id).in_(people),
            col(HelpRequest.counted).is_(True),
            SUBMITTED_AT.is_not(None),
        )
        .group_by(col(HelpRequest.idea_id), col(HelpRequest.helper_id), col(Idea.id))
    )
    found = [
        (idea_id, helper, max(thanked_at, submitted_at), idea_id, stage != Stage.WITHDRAWN)
        for idea_id, helper, thanked_at, submitted_at, stage in rows
    ]
    return [
        cause
        for cause in read_causes(session, found)
        if (since is None or cause.moment >= since) and (before is None or cause.moment < before)
    ]


class Reading(Protocol):
    """Reads all causes of some people that arose between two moments."""

    def __call__(
        self,
        session: ReadSession,
        people: Collection[str],
        *,
        since: datetime | None = None,
        before: datetime | None = None,
    ) -> Awaitable[list[Cause]]:
        """Return them, in no order."""


OF_PEOPLE: dict[RuleKey, Reading] = {
    RuleKey.FIRST_SIGN_IN: list_first_sign_ins,
    RuleKey.VOTE: partial(list_in_days, deeds=VOTES),
    RuleKey.COMMENT: partial(list_in_days, deeds=COMMENTS),
    RuleKey.COACHING: list_coaching,
}
"""THE table of rules by which single people earn, and where their causes are read."""
