"""Auditing votings: are votes counted as their campaign says, and does nobody use more tokens than there are."""

from sqlalchemy import case, func, null, select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain import votes
from app.domain.votings import Counting
from app.models.ideas import Idea, Tally
from app.models.votes import Vote
from app.models.votings import Voting
from app.queries.findings import Finding, report


async def check(session: ReadSession) -> list[Finding]:
    """Check how ideas are counted, and tokens."""
    remedy = "Restore from a backup, and look for who wrote past the application."
    return [
        *report(
            "Votes are counted in another way than their campaign says", await _list_astray(session), remedy
        ),
        *report("More tokens are used in a campaign than there are", await _list_overspent(session), remedy),
    ]


async def _list_astray(session: ReadSession) -> list[str]:
    right = case(
        (col(Voting.campaign_id).is_(None), Counting.FREE.value),
        (col(Voting.closed_at).is_not(None), Counting.OVER.value),
        (col(Voting.hidden), Counting.SEALED.value),
        else_=Counting.BOUND.value,
    )
    rows = await session.scalars(
        select(col(Idea.id))
        .join(Tally, col(Tally.idea_id) == col(Idea.id))
        .outerjoin(Voting, col(Voting.campaign_id) == col(Idea.campaign_id))
        .where(col(Tally.counting) != right)
    )
    return list(rows)


async def _list_overspent(session: ReadSession) -> list[str]:
    """Return campaigns in which somebody uses more tokens than there are; nobody is named.

    Ideas that were declined once are left out: reopened, they take a token that may have been spent meanwhile.
    """
    spent = (
        select(col(Idea.campaign_id).label("campaign_id"), func.max(col(Voting.tokens)).label("tokens"))
        .join(Voting, col(Voting.campaign_id) == col(Idea.campaign_id))
        .join(Vote, col(Vote.idea_id) == col(Idea.id))
        .where(
            col(Voting.tokens).is_not(null()),
            col(Vote.withdrawn_at).is_(None),
            col(Idea.stage).not_in(sorted(votes.CLOSED)),
            col(Idea.declined_at).is_(None),
        )
        .group_by(col(Idea.campaign_id), col(Vote.voter_id))
        .having(func.count() > func.max(col(Voting.tokens)))
        .subquery()
    )
    return list(await session.scalars(select(spent.c.campaign_id).distinct()))
