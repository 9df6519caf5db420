"""Reading votings: on what terms a campaign takes votes, and what tokens are left."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, exists, func, select
from sqlmodel import col

from app.core.db import ReadSession
from app.core.lanes import Fetching
from app.core.prepared import Prepared
from app.core.types import UtcDateTime
from app.domain import votes, votings
from app.domain.actors import Actor
from app.domain.votings import FREE, Counting, Rule, Terms
from app.models.campaigns import Campaign
from app.models.ideas import Idea, Tally
from app.models.votes import Vote
from app.models.votings import Voting as VotingRow
from app.queries.campaigns import get_visible
from app.schemas.votings import Tokens, Voting, VotingRule

_BEGINS_AT = col(Campaign.starts_at)
# A campaign without a phase of voting takes votes until its end.
_ENDS_AT = func.coalesce(col(Campaign.votes_until), col(Campaign.ends_at), type_=UtcDateTime())

_TERMS = select(
    col(Campaign.id),
    _BEGINS_AT,
    _ENDS_AT,
    col(VotingRow.tokens),
    col(VotingRow.hidden),
    col(VotingRow.closed_at),
).outerjoin(VotingRow, col(VotingRow.campaign_id) == col(Campaign.id))

_NOW = bindparam("now", type_=UtcDateTime())
_DUE = Prepared(
    lambda _: (
        select(col(VotingRow.campaign_id))
        .join(Campaign, col(Campaign.id) == col(VotingRow.campaign_id))
        .where(col(VotingRow.closed_at).is_(None), _ENDS_AT <= _NOW)
        .order_by(col(VotingRow.campaign_id))
    )
)

SEALED_IDEAS = (
    select(col(Idea.id))
    .join(VotingRow, col(VotingRow.campaign_id) == col(Idea.campaign_id))
    .where(col(VotingRow.hidden), col(VotingRow.closed_at).is_(None))
)
"""The ideas of whose votes no figure may tell yet."""


@dataclass(slots=True)
class Purses:
    """Standing votes of some people in some campaigns: keys by (idea, voter), used tokens by (voter, campaign)."""

    standing: dict[tuple[str, str], str] = field(default_factory=dict)
    used: Counter[tuple[str, str | None]] = field(default_factory=Counter)


async def list_terms(session: ReadSession, campaign_ids: Collection[str | None]) -> dict[str, Terms]:
    """Return on what terms campaigns take votes, those where they are free too."""
    rows = await session.execute(_TERMS.where(col(Campaign.id).in_(campaign_ids)))
    return {
        campaign_id: Terms(Rule(tokens, bool(hidden)), begins_at, ends_at, closed_at)
        for campaign_id, begins_at, ends_at, tokens, hidden, closed_at in rows
    }


async def read_purses(
    session: ReadSession, voters: Sequence[str], campaign_ids: Collection[str | None]
) -> Purses:
    """Return what some people have spent in campaigns: a standing vote uses a token while its idea takes votes."""
    rows = await session.execute(
        select(col(Vote.id), col(Vote.idea_id), col(Vote.voter_id), col(Tally.campaign_id), col(Tally.stage))
        .join(Tally, col(Tally.idea_id) == col(Vote.idea_id))
        .where(
            col(Vote.voter_id).in_(voters),
            col(Vote.withdrawn_at).is_(None),
            col(Tally.campaign_id).in_(campaign_ids),
        )
    )
    purses = Purses()
    for vote_id, idea_id, voter_id, campaign_id, stage in rows:
        purses.standing[idea_id, voter_id] = vote_id
        purses.used[voter_id, campaign_id] += stage not in votes.CLOSED
    return purses


async def list_due(lane: Fetching, *, now: datetime) -> list[str]:
    """Return the campaigns whose voting has come to its end and was not ended yet."""
    return [campaign_id for (campaign_id,) in await lane.fetch(_DUE, {"now": now})]


async def has_begun(session: ReadSession, campaign_id: str, rule: Rule) -> bool:
    """Tell whether a voting has begun: with the first vote, and where votes are hidden with the first idea.

    That a rule still changes although there is an idea would tell that nobody has voted for it.
    """
    begun = exists().where(col(Idea.campaign_id) == campaign_id, col(Idea.submitted_at).is_not(None))
    if not rule.hidden:
        begun = exists().where(col(Vote.idea_id) == col(Idea.id), col(Idea.campaign_id) == campaign_id)
    return bool(await session.scalar(select(begun)))


async def list_rules(session: ReadSession, campaign_ids: Collection[str]) -> Mapping[str, VotingRule]:
    """Return how votes are counted in campaigns where they are not free."""
    rows = await session.scalars(select(VotingRow).where(col(VotingRow.campaign_id).in_(campaign_ids)))
    return {row.campaign_id: VotingRule(tokens=row.tokens, hidden=row.hidden) for row in rows}


FREE_RULE = VotingRule(tokens=FREE.tokens, hidden=FREE.hidden)


async def get_voting(session: ReadSession, actor: Actor, campaign_id: str, *, now: datetime) -> Voting:
    """Return the voting of a campaign with the actor's own tokens, which nobody else reads.

    Raises: NoSuchCampaign.
    """
    campaign = await get_visible(session, actor, campaign_id)
    terms = (await list_terms(session, [campaign_id]))[campaign_id]
    tokens = None
    if terms.rule.tokens is not None:
        purses = await read_purses(session, [actor.id], [campaign_id])
        left = votings.count_left(terms.rule, purses.used[actor.id, campaign_id]) or 0
        tokens = Tokens(all=terms.rule.tokens, left=left)
    over = terms.closed_at is not None
    can = await _list_abilities(session, actor, campaign, terms, now=now)
    return Voting(
        tokens=tokens,
        hidden=terms.rule.hidden,
        votes_hidden=terms.rule.counting is Counting.SEALED and not over,
        starts_at=terms.begins_at,
        ends_at=terms.ends_at,
        over=over,
        can=can,
    )


async def _list_abilities(
    session: ReadSession, actor: Actor, campaign: Campaign, terms: Terms, *, now: datetime
) -> list[str]:
    if not votings.manages(actor, campaign.id):
        return []
    begun = await has_begun(session, campaign.id, terms.rule)
    return ["set"] if votings.may_change(campaign, terms, begun=begun, now=now) else []
