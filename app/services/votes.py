"""Voting: cast and withdraw, each idempotent, with a counter that equals the rows at every read."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from app.core import ids
from app.core.db import WriteSession
from app.domain import votes
from app.domain.actors import Actor
from app.domain.events import VoteCast, VoteWithdrawn
from app.models.ideas import Idea
from app.models.votes import STANDING, Vote
from app.queries.ideas import get_visible
from app.schemas.votes import VoteTally
from app.services import events, tallies

_CAST = {
    engine: insert(Vote)
    .on_conflict_do_nothing(index_elements=["idea_id", "voter_id"], index_where=STANDING)
    .returning(col(Vote.id))
    for engine, insert in (("postgresql", postgresql.insert), ("sqlite", sqlite.insert))
}


async def cast(session: WriteSession, actor: Actor, idea_id: str, *, now: datetime) -> VoteTally:
    """Cast the actor's vote; voting again changes and writes nothing.

    The partial unique key decides between two simultaneous votes of one person, not an earlier read.

    Raises: NoSuchIdea, OwnIdea, VotingClosed.
    """
    seen = await get_visible(session, actor, idea_id)
    votes.check_may_vote(seen.idea, is_author=seen.is_author)
    statement = _CAST[session.get_bind().dialect.name]
    values = {"id": ids.new(), "idea_id": idea_id, "voter_id": actor.id, "cast_at": now}
    added = await session.scalar(statement, values)
    if added is None:
        return VoteTally(votes=await tallies.count_votes(session, idea_id), voted=True)
    events.record(session, VoteCast(added), actor_id=None, now=now)
    return VoteTally(votes=await tallies.move(session, seen.idea, votes=1), voted=True)


async def withdraw(session: WriteSession, actor: Actor, idea_id: str, *, now: datetime) -> VoteTally:
    """Withdraw the actor's vote; without one nothing changes and nothing is written.

    Raises: NoSuchIdea, OwnIdea, VotingClosed.
    """
    seen = await get_visible(session, actor, idea_id)
    votes.check_may_vote(seen.idea, is_author=seen.is_author)
    return VoteTally(votes=await take_back(session, seen.idea, actor.id, now=now), voted=False)


async def take_back(session: WriteSession, idea: Idea, voter_id: str, *, now: datetime) -> int:
    """End a person's standing vote on an idea, if there is one; returns the votes that are left.

    Also what happens to the vote of somebody who becomes an author: nobody votes on their own idea.
    """
    removed = await session.scalar(
        update(Vote)
        .where(col(Vote.idea_id) == idea.id, col(Vote.voter_id) == voter_id, col(Vote.withdrawn_at).is_(None))
        .values(withdrawn_at=now)
        .returning(col(Vote.id))
    )
    if removed is None:
        return await tallies.count_votes(session, idea.id)
    events.record(session, VoteWithdrawn(removed), actor_id=None, now=now)
    return await tallies.move(session, idea, votes=-1)
