"""Moving the counters of an idea, in the database, so that no two writers lose each other's step."""

from sqlalchemy import bindparam, select, update
from sqlmodel import col

from app.core.db import WriteSession
from app.domain import ranking
from app.models.ideas import Idea, Tally

_HERE = col(Tally.idea_id) == bindparam("idea")
_MOVE = (
    update(Tally)
    .where(_HERE)
    .values(
        votes=col(Tally.votes) + bindparam("more_votes"),
        comments=col(Tally.comments) + bindparam("more_comments"),
        attention=col(Tally.attention) + bindparam("more_attention"),
    )
    .returning(col(Tally.votes), col(Tally.comments))
    .execution_options(synchronize_session=False)
)
_SCORE = (
    update(Tally).where(_HERE).values(hot=bindparam("score")).execution_options(synchronize_session=False)
)


async def move(
    session: WriteSession, idea: Idea, *, votes: int = 0, comments: int = 0, answers: int = 0
) -> int:
    """Move counters by steps and return the number of votes after it.

    The row stays locked until the end of the transaction, so the score that is written second fits the
    counters that were moved first.
    """
    attention = ranking.get_attention(0, votes, comments, answered=False) + answers * ranking.ANSWERED
    steps = {"idea": idea.id, "more_votes": votes, "more_comments": comments, "more_attention": attention}
    moved = (await session.execute(_MOVE, steps)).one()
    if (votes or comments) and idea.submitted_at is not None:
        hot = ranking.get_hot(moved.votes, moved.comments, idea.submitted_at)
        await session.execute(_SCORE, {"idea": idea.id, "score": hot})
    return int(moved.votes)


async def count_votes(session: WriteSession, idea_id: str) -> int:
    """Return the number of standing votes of an idea, as its counter has it."""
    return int(await session.scalar(select(col(Tally.votes)).where(col(Tally.idea_id) == idea_id)) or 0)
