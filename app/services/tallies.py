"""Moving the counters of ideas, in the database, so that no two writers lose each other's step."""

from sqlalchemy import Float, bindparam, case, func, select, update
from sqlmodel import col

from app.core.db import WriteSession
from app.domain import ranking
from app.domain.votings import Counting
from app.models.ideas import Idea, Tally
from app.models.votes import Vote

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


async def hold(session: WriteSession, idea_id: str) -> tuple[int, str]:
    """Hold the tally of an idea until the end of the transaction; returns its votes and how they are counted."""
    row = await session.execute(
        select(col(Tally.votes), col(Tally.counting)).where(_HERE).with_for_update(key_share=True),
        {"idea": idea_id},
    )
    votes, counting = row.one()
    return votes, counting


async def hold_all(session: WriteSession, campaign_id: str) -> list[tuple[str, str]]:
    """Hold the tallies of a campaign, in the order in which votes do; returns its ideas and their stages."""
    rows = await session.execute(
        select(col(Tally.idea_id), col(Tally.stage))
        .where(col(Tally.campaign_id) == campaign_id)
        .order_by(col(Tally.idea_id))
        .with_for_update(key_share=True)
    )
    return [(idea_id, stage) for idea_id, stage in rows]


async def turn(session: WriteSession, campaign_id: str, counting: Counting) -> None:
    """Have the votes of a campaign counted in another way from now on; its tallies are held."""
    await session.execute(
        update(Tally)
        .where(col(Tally.campaign_id) == campaign_id)
        .values(counting=counting.value)
        .execution_options(synchronize_session=False)
    )


async def open_sealed(session: WriteSession, campaign_id: str) -> None:
    """Count the standing votes of a campaign that were not counted yet; its tallies are held.

    The count begins after they are: whoever votes holds a tally, so no vote is under way.
    """
    counted = (
        select(col(Vote.idea_id), func.count().label("number"))
        .join(Tally, col(Tally.idea_id) == col(Vote.idea_id))
        .where(
            col(Tally.campaign_id) == campaign_id,
            col(Tally.counting) == Counting.SEALED.value,
            col(Vote.withdrawn_at).is_(None),
        )
        .group_by(col(Vote.idea_id))
        .subquery()
    )
    before = ranking.COMMENT_WEIGHT * col(Tally.comments)
    after = before + counted.c.number
    await session.execute(
        update(Tally)
        .where(col(Tally.idea_id) == counted.c.idea_id)
        .values(
            votes=counted.c.number,
            attention=col(Tally.attention)
            + counted.c.number * ranking.get_attention(0, 1, 0, answered=False),
            # `ranking.get_hot` with other support and the same youth.
            hot=col(Tally.hot)
            + func.log(case((after > 1, after), else_=1), type_=Float())
            - func.log(case((before > 1, before), else_=1), type_=Float()),
        )
        .execution_options(synchronize_session=False)
    )
