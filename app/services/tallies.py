"""Moving the counters of an idea, in the database, so that no two writers lose each other's step."""

from sqlalchemy import Float, bindparam, case, func, select, update
from sqlmodel import col

from app.core.db import WriteSession
from app.domain import ranking
from app.models.ideas import Idea, Tally

_HERE = col(Tally.idea_id) == bindparam("idea")
_SUPPORT = (
    col(Tally.votes)
    + bindparam("more_votes")
    + ranking.COMMENT_WEIGHT * (col(Tally.comments) + bindparam("more_comments"))
)
_MOVE = (
    update(Tally)
    .where(_HERE)
    .values(
        votes=col(Tally.votes) + bindparam("more_votes"),
        comments=col(Tally.comments) + bindparam("more_comments"),
        attention=col(Tally.attention) + bindparam("more_attention"),
        # `ranking.get_hot`, on the counters as they are at this very moment.
        hot=func.log(case((_SUPPORT > 1, _SUPPORT), else_=1)) + bindparam("youth", type_=Float()),
    )
    .returning(col(Tally.votes))
    .execution_options(synchronize_session=False)
)


async def move(
    session: WriteSession, idea: Idea, *, votes: int = 0, comments: int = 0, answers: int = 0
) -> int:
    """Move counters and scores by steps, in one statement, and return the number of votes after it."""
    attention = ranking.get_attention(0, votes, comments, answered=False) + answers * ranking.ANSWERED
    steps = {"idea": idea.id, "more_votes": votes, "more_comments": comments, "more_attention": attention}
    if idea.submitted_at is None:
        steps["youth"] = 0.0
    else:
        steps["youth"] = ranking.get_youth(idea.submitted_at)
    return int(await session.scalar(_MOVE, steps) or 0)


async def count_votes(session: WriteSession, idea_id: str) -> int:
    """Return the number of standing votes of an idea, as its counter has it."""
    return int(await session.scalar(select(col(Tally.votes)).where(col(Tally.idea_id) == idea_id)) or 0)
