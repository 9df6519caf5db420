"""Looking for people who vote for each other's ideas, far beyond chance."""

from sqlalchemy import CTE, and_, func, select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain import vote_flags
from app.domain.vote_flags import FlagKind, Pattern
from app.models.authorships import Authorship
from app.models.ideas import Idea
from app.queries.recent_votes import describe


async def find_rings(session: ReadSession, recent: CTE) -> list[Pattern]:
    """Return the rings; anonymous ideas are left out altogether, for a ring says who its authors are."""
    given = _exchange(recent)
    mutual = await _list_mutual(session, given)
    found = []
    for people in vote_flags.join_pairs(mutual):
        votes = await session.execute(
            select(given.c.idea_id, given.c.voter_id, given.c.author_id, given.c.cast_at).where(
                given.c.voter_id.in_(people), given.c.author_id.in_(people)
            )
        )
        exchanged = {
            (idea_id, voter): cast_at
            for idea_id, voter, author, cast_at in votes
            if (voter, author) in mutual
        }
        ideas = {idea_id for idea_id, _ in exchanged}
        found.append(describe(session, FlagKind.RECIPROCAL, ideas, exchanged.values(), len(people)))
    return found


def _exchange(recent: CTE) -> CTE:
    return (
        select(
            recent.c.idea_id,
            recent.c.voter_id,
            recent.c.cast_at,
            col(Authorship.employee_id).label("author_id"),
        )
        .join(Idea, and_(col(Idea.id) == recent.c.idea_id, col(Idea.anonymous).is_(False)))
        .join(
            Authorship,
            and_(col(Authorship.idea_id) == recent.c.idea_id, col(Authorship.state) == "accepted"),
        )
        .cte("given")
    )


async def _list_mutual(session: ReadSession, given: CTE) -> set[tuple[str, str]]:
    """Return the pairs, both ways, of people who give each other unusually many votes."""
    sums = (
        select(given.c.voter_id, given.c.author_id, func.count().label("votes"))
        .group_by(given.c.voter_id, given.c.author_id)
        .cte("sums")
    )
    back = sums.alias("back")
    gives = select(sums.c.voter_id, func.sum(sums.c.votes).label("n")).group_by(sums.c.voter_id).subquery()
    gets = select(sums.c.author_id, func.sum(sums.c.votes).label("n")).group_by(sums.c.author_id).subquery()
    rows = await session.execute(
        select(
            sums.c.voter_id,
            sums.c.author_id,
            sums.c.votes,
            gives.c.n,
            gets.c.n,
            select(func.sum(sums.c.votes)).scalar_subquery(),
        )
        .join(back, and_(back.c.voter_id == sums.c.author_id, back.c.author_id == sums.c.voter_id))
        .join(gives, gives.c.voter_id == sums.c.voter_id)
        .join(gets, gets.c.author_id == sums.c.author_id)
        .where(sums.c.votes >= vote_flags.FEWEST_RECIPROCAL, back.c.votes >= vote_flags.FEWEST_RECIPROCAL)
    )
    unusual = {
        (voter, author)
        for voter, author, votes, given_by, got_by, total in rows
        if vote_flags.is_unusual(votes, int(given_by), int(got_by), int(total))
    }
    return {(voter, author) for voter, author in unusual if (author, voter) in unusual}
