"""The standing votes of a window, as the looks for arranged ones share them."""

from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import CTE, select
from sqlmodel import col

from app.core import clock
from app.core.db import ReadSession
from app.core.minutes import minute_of
from app.domain import measures
from app.domain.pipeline import Stage
from app.domain.vote_flags import FlagKind, Pattern
from app.models.ideas import Idea
from app.models.votes import Vote
from app.queries.votings import SEALED_IDEAS


def select_recent(since: datetime, until: datetime) -> CTE:
    """Return the standing votes that were cast between two moments, each with its minute; nothing else is read.

    Sealed votes are looked through when they are no longer sealed.
    """
    return (
        select(
            col(Vote.idea_id).label("idea_id"),
            col(Vote.voter_id).label("voter_id"),
            col(Vote.cast_at).label("cast_at"),
            minute_of(col(Vote.cast_at)).label("minute"),
        )
        .join(Idea, col(Idea.id) == col(Vote.idea_id))
        .where(
            col(Vote.cast_at) >= since,
            col(Vote.cast_at) <= until,
            col(Vote.withdrawn_at).is_(None),
            col(Idea.stage) != Stage.DRAFT,
            col(Vote.idea_id).not_in(SEALED_IDEAS),
        )
        .cte("recent")
    )


def describe(
    session: ReadSession, kind: FlagKind, ideas: Collection[str], moments: Collection[datetime], people: int
) -> Pattern:
    """Return what is kept of votes between some people: whole days only, for a moment could be matched with a vote."""
    days = [clock.day_in(session.zone, moment) for moment in moments]
    return Pattern(
        kind,
        frozenset(ideas),
        measures.start_day(min(days), session.zone),
        measures.start_day(clock.next_day(max(days)), session.zone),
        votes=len(moments),
        people=people,
        minutes=len({int(moment.timestamp()) // 60 for moment in moments}),
    )


def read_minute(minute: int) -> datetime:
    """Return the moment at which a minute begins."""
    return datetime.fromtimestamp(minute * 60, UTC)
