"""Answers that are known to be unchanged: who asks again with an ETag is told so without a look at the page."""

from typing import NamedTuple

from sqlalchemy import select

from app.core.db import Database
from app.core.prepared import Prepared
from app.core.recall import Recall
from app.domain.actors import Actor
from app.queries.fresh import Together, stamp

KEPT = 4_000
"""Answers of which a process knows that they were right, some 200 bytes each."""


class State(NamedTuple):
    """A state of the data: the changes of this process, and on PostgreSQL the stamp."""

    changes: int | None
    stamp: str | None


class Answer(NamedTuple):
    """What somebody has: the answer to an address with its ETag.

    The reader stands here with the roles that the answer followed from: another process may have ended one.
    """

    reader: Actor
    address: str
    query: bytes
    etag: str


class Unchanged:
    """The answers that were right in a state of the data."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._right: Recall[Answer, State] = Recall(KEPT)
        self._looks: Together[None, State] = Together()

    async def look(self) -> State:
        """Return the state of the data; on PostgreSQL all who ask at the same moment share one statement.

        Raises: DatabaseAway.
        """
        if self._database.on_sqlite:
            return State(self._database.changes, None)
        state, _ = await self._looks.read(None, self._look)
        return state

    def is_right(self, answer: Answer, state: State) -> bool:
        """Tell whether an answer is known to be right in a state."""
        return state.changes is not None and self._right.get(answer) == state

    def note(self, answer: Answer, state: State) -> None:
        """Note that an answer, found after a look at the state, was right."""
        self._right.put(answer, state)

    async def _look(self) -> State:
        changes = self._database.changes
        async with self._database.reading_lane() as lane:
            ((found,),) = await lane.fetch(_STAMP, {})
        return State(changes, found)


_STAMP = Prepared(lambda engine: stamp(select(), engine))
