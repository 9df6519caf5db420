"""Voting: cast and withdraw, each idempotent, with a counter that equals the rows at every read."""

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlmodel import col

from app.core import ids
from app.core.db import WriteSession
from app.core.lanes import Fetching, SessionLane
from app.domain import ranking, votes
from app.domain.actors import Actor
from app.domain.authorships import AuthorshipState
from app.domain.ballots import Ballot, Standing
from app.domain.events import VoteCast, VoteWithdrawn
from app.domain.ideas import NoSuchIdea
from app.domain.pipeline import Stage
from app.domain.votes import VotingNotRunning
from app.domain.voting_events import SealedVoteWithdrawn
from app.domain.votings import Counting
from app.models.ideas import Idea
from app.models.votes import Vote
from app.queries.ideas import get_visible
from app.schemas.votes import BoundTally, VoteTally
from app.services import bound_votes, events, tallies
from app.services import vote_statements as statements


async def cast(session: WriteSession, actor: Actor, idea_id: str, *, now: datetime) -> VoteTally:
    """Cast the actor's vote; voting again changes and writes nothing.

    Raises: NoSuchIdea, OwnIdea, VotingClosed, VotingNotRunning, NoTokenLeft.
    """
    return await _settle_alone(session, actor, Ballot(idea_id, actor.id, casts=True), now=now)


async def withdraw(session: WriteSession, actor: Actor, idea_id: str, *, now: datetime) -> VoteTally:
    """Withdraw the actor's vote; without one nothing changes and nothing is written.

    Raises: NoSuchIdea, OwnIdea, VotingClosed, VotingNotRunning.
    """
    return await _settle_alone(session, actor, Ballot(idea_id, actor.id, casts=False), now=now)


async def _settle_alone(session: WriteSession, actor: Actor, ballot: Ballot, *, now: datetime) -> VoteTally:
    await session.flush()
    found = await settle(SessionLane(session), [ballot], now=now)
    if hides(found.get(ballot)):
        await get_visible(session, actor, ballot.idea_id)
    if is_bound(found.get(ballot)):
        found = await bound_votes.settle(session, [ballot], now=now)
    return answer(ballot, found.get(ballot))


async def settle(lane: Fetching, ballots: Sequence[Ballot], *, now: datetime) -> dict[Ballot, Standing]:
    """Count ballots in one transaction, and return how each found its idea; unknown ideas have no entry.

    Those that `is_bound` names have changed nothing yet: `bound_votes.settle` counts them. Of one person and idea
    there may be one ballot. The partial unique key decides between two simultaneous votes of one person, and the lock
    on the tally between a vote and the end of voting, not an earlier read.
    """
    found: dict[Ballot, Standing] = {}
    for casts in (True, False):
        asked = [ballot for ballot in ballots if ballot.casts is casts]
        if asked and lane.engine == "postgresql":
            found |= await _settle_at_once(lane, asked, casts=casts, now=now)
        elif asked:
            found |= await _settle_in_steps(lane, asked, casts=casts, now=now)
    return found


def hides(standing: Standing | None) -> bool:
    """Tell whether it takes more to know if a person may know of the idea: drafts are their writers' business."""
    return standing is not None and standing.stage == Stage.DRAFT


def is_bound(standing: Standing | None) -> bool:
    """Tell whether a vote could be taken, on terms of the campaign that were not looked at yet."""
    if standing is None or standing.counting not in (Counting.BOUND, Counting.SEALED):
        return False
    return votes.may_vote(standing, is_author=standing.state == AuthorshipState.ACCEPTED)


def answer(ballot: Ballot, standing: Standing | None) -> VoteTally:
    """Return what a ballot led to.

    Raises: NoSuchIdea, OwnIdea, VotingClosed, VotingNotRunning, NoTokenLeft.
    """
    if standing is None:
        raise NoSuchIdea
    votes.check_may_vote(standing, is_author=standing.state == AuthorshipState.ACCEPTED)
    if standing.counting == Counting.FREE:
        return VoteTally(votes=standing.votes, voted=ballot.casts)
    if standing.counting == Counting.OVER:
        raise VotingNotRunning
    if standing.refusal is not None:
        raise standing.refusal
    hidden = standing.counting == Counting.SEALED
    return BoundTally(votes=standing.votes, voted=ballot.casts, hidden=hidden, tokens_left=standing.left)


async def _settle_at_once(
    lane: Fetching, ballots: Sequence[Ballot], *, casts: bool, now: datetime, again: bool = False
) -> dict[Ballot, Standing]:
    values = {
        "ideas": [ballot.idea_id for ballot in ballots],
        "voters": [ballot.voter_id for ballot in ballots],
        "votes": [ids.new() for _ in ballots],
        "now": now,
    }
    rows = await lane.fetch(statements.CAST if casts else statements.WITHDRAW, values)
    found = {
        Ballot(idea_id, voter_id, casts): Standing(stage, state, count, counting)
        for idea_id, voter_id, stage, state, count, counting, _ in rows
    }
    idle = [Ballot(idea_id, voter_id, casts) for idea_id, voter_id, *_, is_idle in rows if is_idle]
    if idle and not casts and not again:
        # A statement does not see the vote that it waited for; the next one does.
        found |= await _settle_at_once(lane, idle, casts=casts, now=now, again=True)
    return found


async def _settle_in_steps(
    lane: Fetching, ballots: Sequence[Ballot], *, casts: bool, now: datetime
) -> dict[Ballot, Standing]:
    asked = json.dumps([[ballot.idea_id, ballot.voter_id] for ballot in ballots])
    changed: list[list[str]] = []
    steps: defaultdict[str, int] = defaultdict(int)
    seen: dict[str, tuple[int, int, datetime | None]] = {}
    found: dict[Ballot, Standing] = {}
    for place, stage, state, count, counting, comments, submitted_at, standing in await lane.fetch(
        statements.LOOK, {"asked": asked}
    ):
        ballot = ballots[place]
        found[ballot] = Standing(stage, state, count, counting)
        seen[ballot.idea_id] = count, comments, submitted_at
        is_open = counting == Counting.FREE and votes.may_vote(
            found[ballot], is_author=state == AuthorshipState.ACCEPTED
        )
        if is_open and casts is (standing is None):
            changed.append([standing or ids.new(), ballot.idea_id, ballot.voter_id])
            steps[ballot.idea_id] += 1 if casts else -1
    if not changed:
        return found
    moves = [_step(idea_id, step, *seen[idea_id]) for idea_id, step in steps.items()]
    keys = json.dumps([vote_id for vote_id, *_ in changed])
    kind = VoteCast.kind if casts else VoteWithdrawn.kind
    if casts:
        await lane.fetch(statements.ADD, {"asked": json.dumps(changed), "now": now})
    else:
        await lane.fetch(statements.END, {"asked": keys, "now": now})
    await lane.fetch(statements.MOVE, {"asked": json.dumps(moves)})
    await lane.fetch(statements.NOTE, {"asked": keys, "kind": kind, "now": now})
    return {
        ballot: Standing(one.stage, one.state, one.votes + steps.get(ballot.idea_id, 0), one.counting)
        for ballot, one in found.items()
    }


def _step(
    idea_id: str, step: int, count: int, comments: int, submitted_at: datetime | None
) -> tuple[str, int, float]:
    hot = 0.0 if submitted_at is None else ranking.get_hot(count + step, comments, submitted_at)
    return idea_id, step, hot


async def take_back(session: WriteSession, idea: Idea, voter_id: str, *, now: datetime) -> int:
    """End a person's standing vote on an idea, if there is one; returns the votes that are left.

    Also what happens to the vote of somebody who becomes an author: nobody votes on their own idea.
    """
    votes_now, counting = await tallies.hold(session, idea.id)
    removed = await session.scalar(
        update(Vote)
        .where(col(Vote.idea_id) == idea.id, col(Vote.voter_id) == voter_id, col(Vote.withdrawn_at).is_(None))
        .values(withdrawn_at=now)
        .returning(col(Vote.id))
    )
    if removed is None:
        return votes_now
    if counting == Counting.SEALED:
        events.record(session, SealedVoteWithdrawn(removed), actor_id=None, now=now)
        return votes_now
    events.record(session, VoteWithdrawn(removed), actor_id=None, now=now)
    return await tallies.move(session, idea, votes=-1)
