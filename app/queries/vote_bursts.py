"""Looking for many votes on one idea within minutes, against what is usual."""

from sqlalchemy import CTE, func, select

from app.core.db import ReadSession
from app.domain import vote_flags
from app.domain.vote_flags import BURST_MINUTES, FlagKind, Pattern, Peak
from app.queries.recent_votes import read_minute


async def find_bursts(session: ReadSession, recent: CTE) -> list[Pattern]:
    """Return the bursts: of each idea at most one, its steepest."""
    cells = (
        select(recent.c.idea_id, recent.c.minute, func.count().label("n"))
        .group_by(recent.c.idea_id, recent.c.minute)
        .cte("cells")
    )
    peaks = _select_peaks(cells)
    spread = await session.execute(select(peaks.c.votes, func.count()).group_by(peaks.c.votes))
    usual = vote_flags.find_usual({int(votes): ideas for votes, ideas in spread})
    sums = (
        select(
            cells.c.idea_id,
            func.sum(cells.c.n).label("votes"),
            func.count(func.distinct(cells.c.minute // BURST_MINUTES)).label("parts"),
        )
        .group_by(cells.c.idea_id)
        .subquery()
    )
    rows = await session.execute(
        select(peaks.c.idea_id, peaks.c.minute, peaks.c.votes, sums.c.votes, sums.c.parts)
        .join(sums, sums.c.idea_id == peaks.c.idea_id)
        .where(peaks.c.votes >= vote_flags.FEWEST_IN_BURST)
    )
    high = [
        Peak(idea_id, minute, int(votes), own=(int(total) - int(votes)) / max(parts - 1, 1))
        for idea_id, minute, votes, total, parts in rows
    ]
    return [_describe(peak, expected) for peak, expected in vote_flags.find_bursts(high, usual)]


def _select_peaks(cells: CTE) -> CTE:
    """Return the most votes that each idea had within ten minutes, and the last of these minutes."""
    votes = func.sum(cells.c.n).over(
        partition_by=cells.c.idea_id, order_by=cells.c.minute, range_=(1 - BURST_MINUTES, 0)
    )
    sliding = select(cells.c.idea_id, cells.c.minute, votes.label("votes")).subquery()
    place = func.row_number().over(
        partition_by=sliding.c.idea_id, order_by=(sliding.c.votes.desc(), sliding.c.minute)
    )
    ranked = select(sliding, place.label("place")).subquery()
    return select(ranked.c.idea_id, ranked.c.minute, ranked.c.votes).where(ranked.c.place == 1).cte("peaks")


def _describe(peak: Peak, expected: float) -> Pattern:
    return Pattern(
        FlagKind.BURST,
        frozenset({peak.idea_id}),
        read_minute(peak.minute + 1 - BURST_MINUTES),
        read_minute(peak.minute + 1),
        votes=peak.votes,
        people=peak.votes,
        minutes=BURST_MINUTES,
        usual=round(expected, 1),
    )
