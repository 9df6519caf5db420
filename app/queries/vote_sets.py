"""Looking for people who again and again vote for the same idea in the same minute."""

from collections import defaultdict
from datetime import datetime

from sqlalchemy import CTE, and_, func, or_, select

from app.core.db import ReadSession
from app.core.minutes import PER_DAY
from app.domain import vote_flags
from app.domain.vote_flags import FlagKind, Pattern
from app.queries.recent_votes import describe


async def find_sets(session: ReadSession, recent: CTE) -> list[Pattern]:
    """Return the sets of people, each with the votes that were cast together."""
    cells = (
        select(recent.c.idea_id, recent.c.minute)
        .group_by(recent.c.idea_id, recent.c.minute)
        .having(func.count().between(2, vote_flags.LARGEST_MINUTE))
        .cte("cells")
    )
    close = (
        select(recent.c.idea_id, recent.c.minute, recent.c.voter_id, recent.c.cast_at)
        .join(cells, and_(cells.c.idea_id == recent.c.idea_id, cells.c.minute == recent.c.minute))
        .cte("close")
    )
    found = []
    for people in vote_flags.join_pairs(await _list_pairs(session, recent, close)):
        together: defaultdict[tuple[str, int], list[datetime]] = defaultdict(list)
        for idea_id, minute, cast_at in await session.execute(
            select(close.c.idea_id, close.c.minute, close.c.cast_at).where(close.c.voter_id.in_(people))
        ):
            together[idea_id, minute].append(cast_at)
        shared = {cell: moments for cell, moments in together.items() if len(moments) > 1}
        ideas = {idea_id for idea_id, _ in shared}
        moments = [moment for cell in shared.values() for moment in cell]
        found.append(describe(session, FlagKind.SAME_MINUTE, ideas, moments, len(people)))
    return found


async def _list_pairs(session: ReadSession, recent: CTE, close: CTE) -> list[tuple[str, str]]:
    """Return who votes together on several days, and often for how much they vote at all."""
    other = close.alias("other")
    sums = select(recent.c.voter_id, func.count().label("n")).group_by(recent.c.voter_id).cte("sums")
    theirs = sums.alias("theirs")
    together = func.count()
    rows = await session.execute(
        select(close.c.voter_id, other.c.voter_id)
        .join(
            other,
            and_(
                other.c.idea_id == close.c.idea_id,
                other.c.minute == close.c.minute,
                other.c.voter_id > close.c.voter_id,
            ),
        )
        .join(sums, sums.c.voter_id == close.c.voter_id)
        .join(theirs, theirs.c.voter_id == other.c.voter_id)
        .group_by(close.c.voter_id, other.c.voter_id, sums.c.n, theirs.c.n)
        .having(
            and_(
                together >= vote_flags.FEWEST_TOGETHER,
                func.count(func.distinct(close.c.minute // PER_DAY)) >= vote_flags.DAYS_TOGETHER,
                or_(together >= vote_flags.CLOSE * sums.c.n, together >= vote_flags.CLOSE * theirs.c.n),
            )
        )
    )
    return [(one, another) for one, another in rows]
