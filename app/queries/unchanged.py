"""Answers that are known to be unchanged: who asks again with an ETag is told so without a look at the page."""

import asyncio
from typing import NamedTuple

from sqlalchemy import select

from app.core.db import Database
from app.core.prepared import Prepared
from app.core.recall import Recall
from app.queries.fresh import stamp

KEPT = 20_000
"""Answers of which a process knows that they were right, some 200 bytes each."""


class State(NamedTuple):
    """A state of the data: the changes of this process, and on PostgreSQL the stamp."""

    changes: int | None
    stamp: str | None


class Answer(NamedTuple):
    """What somebody has: the answer to an address with its ETag."""

    reader: str
    address: str
    query: bytes
    etag: str


class Unchanged:
    """The answers that were right in a state of the data."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._right: Recall[Answer, State] = Recall(KEPT)
        self._running: asyncio.Task[State] | None = None
        self._next: asyncio.Task[State] | None = None

    async def look(self) -> State:
        """Return the state of the data; on PostgreSQL all who ask while a look is under way share the next one.

        A look that began before somebody asked would be too old for them.

        Raises: DatabaseAway.
        """
        if self._database.on_sqlite:
            return State(self._database.changes, None)
        if self._next is None:
            self._next = asyncio.create_task(self._look_after(self._running))
        return await asyncio.shield(self._next)

    def is_right(self, answer: Answer, state: State) -> bool:
        """Tell whether an answer is known to be right in a state."""
        return state.changes is not None and self._right.get(answer) == state

    def note(self, answer: Answer, state: State) -> None:
        """Note that an answer, found after a look at the state, was right."""
        self._right.put(answer, state)

    async def _look_after(self, running: "asyncio.Task[State] | None") -> State:
        if running is not None:
            await asyncio.wait([running])
        self._running, self._next = self._next, None
        changes = self._database.changes
        async with self._database.reading_lane() as lane:
            ((found,),) = await lane.fetch(_STAMP, {})
        return State(changes, found)


_STAMP = Prepared(lambda engine: stamp(select(), engine))
