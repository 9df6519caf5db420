"""Counting ballots together: people who vote at the same moment share one transaction.

While one round is at the database the next one gathers, so nobody waits for company: alone, a vote goes at once.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime

import structlog

from app.core import clock, ids
from app.core.db import Database, DatabaseAway
from app.domain.actors import Actor
from app.domain.ballots import Ballot, Standing
from app.domain.ideas import NoSuchIdea
from app.domain.pipeline import Stage
from app.queries.ideas import get_visible
from app.schemas.votes import VoteTally
from app.services import bound_votes, votes

MOST = 200
"""Ballots of one round."""

_ROUNDS = 2
"""Rounds at the same time on PostgreSQL: one that waits for a lock must not stop the others."""

_log = structlog.get_logger()

_Waiting = tuple[Ballot, "asyncio.Future[Standing | None]"]


class BallotBox:
    """Takes ballots one by one and counts them in rounds."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[_Waiting] = []
        self._under_way: set[tuple[str, str]] = set()
        self._rounds: set[asyncio.Task[None]] = set()
        self._most_rounds = 1 if database.on_sqlite else _ROUNDS

    async def put(self, actor: Actor, idea_id: str, *, casts: bool) -> VoteTally:
        """Count a person's vote, or its withdrawal; returns when that is on disk.

        Raises: NoSuchIdea, OwnIdea, VotingClosed, VotingNotRunning, NoTokenLeft, DatabaseAway.
        """
        if not ids.is_valid(idea_id):
            raise NoSuchIdea
        ballot = Ballot(idea_id, actor.id, casts)
        standing = await self._wait_for(ballot)
        if votes.hides(standing):
            async with self._database.reader() as session:
                seen = await get_visible(session, actor, idea_id)
            if seen.idea.stage != Stage.DRAFT:
                # It was submitted in this very moment: once more is enough.
                standing = await self._wait_for(ballot)
        return votes.answer(ballot, standing)

    async def _wait_for(self, ballot: Ballot) -> Standing | None:
        counted: asyncio.Future[Standing | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((ballot, counted))
        self._begin()
        return await counted

    def _begin(self) -> None:
        if self._waiting and len(self._rounds) < self._most_rounds:
            taken = self._take()
            if taken:
                task = asyncio.create_task(self._count(taken))
                self._rounds.add(task)
                task.add_done_callback(self._end)

    def _end(self, task: "asyncio.Task[None]") -> None:
        self._rounds.discard(task)
        self._begin()

    def _take(self) -> list[_Waiting]:
        """Take what can go into a round: of one person and idea one ballot, in the order in which they came."""
        taken: list[_Waiting] = []
        left: list[_Waiting] = []
        named = set(self._under_way)
        for ballot, counted in self._waiting:
            name = ballot.idea_id, ballot.voter_id
            if counted.done():
                continue
            if name in named or len(taken) == MOST:
                left.append((ballot, counted))
            else:
                taken.append((ballot, counted))
            named.add(name)
        self._waiting = left
        self._under_way |= {(ballot.idea_id, ballot.voter_id) for ballot, _ in taken}
        return taken

    async def _count(self, taken: Sequence[_Waiting]) -> None:
        try:
            await self._count_together(taken)
        finally:
            self._under_way -= {(ballot.idea_id, ballot.voter_id) for ballot, _ in taken}

    async def _count_together(self, taken: Sequence[_Waiting]) -> None:
        """Count a round; when it fails, whatever failed must not take the others along."""
        now = clock.now()
        try:
            bound = _tell(taken, await self._settle([ballot for ballot, _ in taken], now=now))
            if bound:
                await self._count_bound(bound, now=now)
        except Exception as error:  # noqa: BLE001  every voter gets an answer
            left = [one for one in taken if not one[1].done()]
            if isinstance(error, DatabaseAway) or len(left) == 1:
                _give_up(left, error)
                return
            _log.warning("votes.round-failed", exc_info=error)
            for one in left:
                await self._count_together([one])

    async def _count_bound(self, waiting: Sequence[_Waiting], *, now: datetime) -> None:
        """Count what has terms of a campaign in a transaction of its own, once all others have their answer."""
        async with self._database.writer() as session:
            found = await bound_votes.settle(session, [ballot for ballot, _ in waiting], now=now)
        for ballot, counted in waiting:
            if not counted.done():
                counted.set_result(found.get(ballot))

    async def _settle(self, ballots: Sequence[Ballot], *, now: datetime) -> dict[Ballot, Standing]:
        async with self._database.writing_lane() as lane:
            return await votes.settle(lane, ballots, now=now)


def _tell(taken: Sequence[_Waiting], found: Mapping[Ballot, Standing]) -> list[_Waiting]:
    """Tell voters what their ballots led to; returns those whose campaign has terms of its own."""
    bound: list[_Waiting] = []
    for ballot, counted in taken:
        standing = found.get(ballot)
        if votes.is_bound(standing):
            bound.append((ballot, counted))
        elif not counted.done():
            counted.set_result(standing)
    return bound


def _give_up(taken: Sequence[_Waiting], error: Exception) -> None:
    for _, counted in taken:
        if not counted.done():
            counted.set_exception(error)
