"""Moving the counters of an idea, in the database, so that no two writers lose each other's step."""

from sqlalchemy import select, update
from sqlmodel import col

from app.core.db import WriteSession
from app.domain import ranking
from app.models.ideas import Idea, Tally


async def move(
    session: WriteSession, idea: Idea, *, votes: int = 0, comments: int = 0, answers: int = 0
) -> int:
    """Move counters by steps and return the number of votes after it.

    The row stays locked until the end of the transaction, so the score that is written second fits the
    counters that were moved first.
    """
    moved = (
        await session.execute(
            update(Tally)
            .where(col(Tally.idea_id) == idea.id)
            .values(
                votes=col(Tally.votes) + votes,
                comments=col(Tally.comments) + comments,
                attention=col(Tally.attention)
                + ranking.get_attention(0, votes, comments, answered=False)
                + answers * ranking.ANSWERED,
            )
            .returning(col(Tally.votes), col(Tally.comments))
            .execution_options(synchronize_session=False)
        )
    ).one()
    if (votes or comments) and idea.submitted_at is not None:
        await session.execute(
            update(Tally)
            .where(col(Tally.idea_id) == idea.id)
            .values(hot=ranking.get_hot(moved.votes, moved.comments, idea.submitted_at))
            .execution_options(synchronize_session=False)
        )
    return int(moved.votes)


async def count_votes(session: WriteSession, idea_id: str) -> int:
    """Return the number of standing votes of an idea, as its counter has it."""
    return int(await session.scalar(select(col(Tally.votes)).where(col(Tally.idea_id) == idea_id)) or 0)
