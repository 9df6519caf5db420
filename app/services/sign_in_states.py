"""Reading the state of sign-ins in rounds: people who ask at the same moment share one statement.

While one round is at the database the next one gathers, so nobody waits for company; and ten thousand who come back
at once after a restart need some dozen statements, not ten thousand.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from app.core.db import Database, DatabaseAway
from app.domain.actors import Actor
from app.queries import actors

MOST = 1_000
"""People of one round."""

_ROUNDS = 2
"""Rounds at the same time: one that waits for the database must not stop the others."""

_log = structlog.get_logger()

Person = tuple[str, str | None]
"""Somebody, and by which session; without one, anybody who is active."""


@dataclass(slots=True)
class State:
    """The state of a sign-in that is being read; `began` is the moment since which it may have changed."""

    person: Person
    now: datetime
    found: "asyncio.Future[Actor | None]" = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )
    began: float | None = None


class SignInStates:
    """Takes questions one by one and answers them in rounds."""

    def __init__(
        self, database: Database, *, held: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`held` are the seconds after which nobody joins a round that began before."""
        self._database = database
        self._held = held
        self._clock = clock
        self._readings: dict[Person, State] = {}
        self._waiting: list[State] = []
        self._rounds: set[asyncio.Task[None]] = set()

    async def read(self, person: Person, now: datetime) -> tuple[Actor | None, float]:
        """Return who it is, None where the sign-in fell; and since when that may have changed.

        Raises: DatabaseAway.
        """
        state = self._readings.get(person)
        if state is None or (state.began is not None and self._clock() - state.began >= self._held):
            state = self._readings[person] = State(person, now)
            self._waiting.append(state)
            self._begin()
        # Whoever asked first may leave while others still wait.
        actor = await asyncio.shield(state.found)
        return actor, self._clock() if state.began is None else state.began

    def forget(self) -> None:
        """Have nobody else wait for what is being read now: it may have been read before a change."""
        self._readings.clear()

    def _begin(self) -> None:
        if self._waiting and len(self._rounds) < _ROUNDS:
            task = asyncio.create_task(self._read())
            self._rounds.add(task)
            task.add_done_callback(self._end)

    def _end(self, task: "asyncio.Task[None]") -> None:
        self._rounds.discard(task)
        self._begin()

    async def _read(self) -> None:
        # Whoever came since the round was begun, in the same turn of the loop, is taken along.
        taken, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
        moment = self._clock()
        for state in taken:
            state.began = moment
        try:
            if taken:
                await self._read_together(taken)
        finally:
            for state in taken:
                state.found.cancel()  # nothing where it was told
                if self._readings.get(state.person) is state:
                    del self._readings[state.person]

    async def _read_together(self, taken: list[State]) -> None:
        """Read a round; when it fails, whatever failed must not take the others along."""
        try:
            found = await self._find(taken)
        except Exception as error:  # noqa: BLE001  everybody gets an answer
            if isinstance(error, DatabaseAway) or len(taken) == 1:
                for state in taken:
                    state.found.set_exception(error)
                    state.found.exception()  # when all who waited have left, nobody else looks at it
                return
            _log.warning("sign-ins.round-failed", exc_info=error)
            for state in taken:
                await self._read_together([state])
            return
        for state in taken:
            state.found.set_result(found.get(state.person))

    async def _find(self, taken: list[State]) -> dict[Person, Actor]:
        people = [employee_id for employee_id, session_id in (s.person for s in taken) if session_id is None]
        sessions = [session_id for _, session_id in (s.person for s in taken) if session_id is not None]
        found: dict[Person, Actor] = {}
        async with self._database.reading_lane() as lane:
            if sessions:
                now = max(state.now for state in taken)
                signed_in = await actors.list_signed_in(lane, sessions, now=now)
                found |= {(actor.id, actor.session_id): actor for actor in signed_in.values()}
            if people:
                active = await actors.list_active(lane, people)
                found |= {(actor.id, None): actor for actor in active.values()}
        return found
