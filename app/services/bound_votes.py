"""Counting ballots of campaigns with a voting of its own: with tokens, and hidden until the end.

Another way than that of free votes (`services/votes.py`), of which it must not take anything. One person's ballots
come one after another here, by a lock on the person, so that nobody spends a token twice however many replicas count.
Then the tallies are held in the order of their ideas, as free votes hold them: how votes are counted, the stage and
the end of the voting can't change under the count. What is read after that is what holds.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Row, select, update
from sqlmodel import col

from app.core import locks
from app.core.db import WriteSession
from app.domain import votes, votings
from app.domain.authorships import AuthorshipState
from app.domain.ballots import Ballot, Standing
from app.domain.events import VoteCast, VoteWithdrawn
from app.domain.happenings import Happening
from app.domain.voting_events import SealedVoteCast, SealedVoteWithdrawn
from app.domain.votings import Counting, Terms
from app.models.authorships import Authorship
from app.models.ideas import Idea, Tally
from app.models.votes import Vote
from app.queries import votings as reading
from app.queries.votings import Purses
from app.services import events, tallies

_HAPPENINGS: dict[tuple[bool, bool], type[Happening]] = {
    (True, False): VoteCast,
    (False, False): VoteWithdrawn,
    (True, True): SealedVoteCast,
    (False, True): SealedVoteWithdrawn,
}
"""What is noted of a vote, by whether it was cast and whether it is sealed: what is sealed is told to nobody."""


@dataclass(slots=True)
class _Booth:
    """What ballots find, and what they change: votes to write and to end, steps of counters by idea."""

    tallies: Mapping[str, Row[str, str, int, str, str | None]]
    parts: Mapping[tuple[str, str], str]
    terms: Mapping[str, Terms]
    purses: Purses
    cast: list[Vote] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    steps: Counter[str] = field(default_factory=Counter)

    def take(self, ballot: Ballot, now: datetime) -> Standing | None:
        """Take a ballot; None when there is no such idea."""
        tally = self.tallies.get(ballot.idea_id)
        if tally is None:
            return None
        state = self.parts.get((ballot.idea_id, ballot.voter_id))
        found = Standing(tally.stage, state, tally.votes, tally.counting)
        terms = self.terms.get(tally.campaign_id or "")
        is_author = state == AuthorshipState.ACCEPTED
        if terms is None or found.counting == Counting.OVER or not votes.may_vote(found, is_author=is_author):
            return found
        owner = ballot.voter_id, tally.campaign_id
        had = self.purses.standing.get((ballot.idea_id, ballot.voter_id))
        adds = ballot.casts and had is None
        refusal = votings.find_refusal(terms, adds=adds, used=self.purses.used[owner], now=now)
        if refusal is None and adds:
            self.cast.append(Vote(idea_id=ballot.idea_id, voter_id=ballot.voter_id, cast_at=now))
            self._count(ballot, owner, 1)
        elif refusal is None and had is not None and not ballot.casts:
            self.ended.append(had)
            self._count(ballot, owner, -1)
        left = votings.count_left(terms.rule, self.purses.used[owner])
        return Standing(found.stage, state, found.votes, found.counting, refusal, left)

    def _count(self, ballot: Ballot, owner: tuple[str, str | None], step: int) -> None:
        self.purses.used[owner] += step
        self.steps[ballot.idea_id] += step


async def settle(
    session: WriteSession, ballots: Sequence[Ballot], *, now: datetime
) -> dict[Ballot, Standing]:
    """Count ballots, and return how each found its idea, as `votes.settle` does; the first come, first served.

    Of one person and idea there may be one ballot.
    """
    booth = await _prepare(session, ballots)
    found = {}
    for ballot in ballots:
        standing = booth.take(ballot, now)
        if standing is not None:
            found[ballot] = standing
    counted = await _write(session, booth, now=now)
    return {
        ballot: replace(one, votes=counted.get(ballot.idea_id, one.votes)) for ballot, one in found.items()
    }


async def _prepare(session: WriteSession, ballots: Sequence[Ballot]) -> _Booth:
    ideas = sorted({ballot.idea_id for ballot in ballots})
    voters = sorted({ballot.voter_id for ballot in ballots})
    await locks.take_each(session, voters)
    parts = await session.execute(
        select(col(Authorship.idea_id), col(Authorship.employee_id), col(Authorship.state))
        .where(col(Authorship.idea_id).in_(ideas), col(Authorship.employee_id).in_(voters))
        .with_for_update(read=True)
    )
    states = {(idea_id, employee_id): state for idea_id, employee_id, state in parts}
    held = await session.execute(
        select(
            col(Tally.idea_id),
            col(Tally.stage),
            col(Tally.votes),
            col(Tally.counting),
            col(Tally.campaign_id),
        )
        .where(col(Tally.idea_id).in_(ideas))
        .order_by(col(Tally.idea_id))
        .with_for_update(key_share=True)
    )
    rows = {row.idea_id: row for row in held}
    campaigns = {row.campaign_id for row in rows.values()}
    return _Booth(
        rows,
        states,
        await reading.list_terms(session, campaigns),
        await reading.read_purses(session, voters, campaigns),
    )


async def _write(session: WriteSession, booth: _Booth, *, now: datetime) -> dict[str, int]:
    """Write what was taken; returns the counters that moved."""
    session.add_all(booth.cast)
    ended = await _end(session, booth.ended, now=now)
    await session.flush()
    moved = {
        idea_id: step
        for idea_id, step in booth.steps.items()
        if step and booth.tallies[idea_id].counting != Counting.SEALED
    }
    ideas = await session.scalars(
        select(Idea).where(col(Idea.id).in_(moved)).execution_options(populate_existing=True)
    )
    by_id = {idea.id: idea for idea in ideas}
    counted = {
        idea_id: await tallies.move(session, by_id[idea_id], votes=moved[idea_id])
        for idea_id in sorted(moved)
    }
    told = [(vote.id, vote.idea_id, True) for vote in booth.cast]
    told += [(vote_id, idea_id, False) for vote_id, idea_id in ended]
    for vote_id, idea_id, casts in told:
        sealed = booth.tallies[idea_id].counting == Counting.SEALED
        events.record(session, _HAPPENINGS[casts, sealed](vote_id), actor_id=None, now=now)
    return counted


async def _end(session: WriteSession, ended: Sequence[str], *, now: datetime) -> list[tuple[str, str]]:
    if not ended:
        return []
    rows = await session.execute(
        update(Vote)
        .where(col(Vote.id).in_(ended))
        .values(withdrawn_at=now)
        .returning(col(Vote.id), col(Vote.idea_id))
        .execution_options(synchronize_session=False)
    )
    return [(vote_id, idea_id) for vote_id, idea_id in rows]
