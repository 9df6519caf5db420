"""What was worked out from the data and is still true: kept until anything changes, never for a time.

Each value is kept with a stamp of the data that it was read from. It is given out again only beside something that
was read from data with the same stamp, so it is as fresh as a read of its own.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import CompoundSelect, Select, String, bindparam, cast, func, literal, select, union_all
from sqlmodel import col

from app.core.db import Database
from app.core.lanes import Fetching
from app.core.prepared import Prepared, among, pack
from app.core.recall import Recall
from app.domain.actors import Actor
from app.models.authorships import Authorship
from app.models.votes import Vote

Key = TypeVar("Key")
Value = TypeVar("Value")

_STAMP = cast(func.pg_current_snapshot(), String()).label("stamp")
"""Which transactions a statement of PostgreSQL sees the work of: the same text stands for the same data.

PostgreSQL manual, 9.28, functions for snapshots: what is visible depends on nothing else.
"""


@dataclass(frozen=True, slots=True)
class Kept(Generic[Value]):
    """A value and the state of the data that it was read from."""

    changes: int
    stamp: str | None
    value: Value


class Fresh(Generic[Key, Value]):
    """Values by key, at most so many."""

    def __init__(self, database: Database, *, most: int) -> None:
        self._database = database
        self._kept: Recall[Key, Kept[Value]] = Recall(most)

    def find(self, key: Key) -> Kept[Value] | None:
        """Return what is kept, unless this process has changed something since."""
        kept = self._kept.get(key)
        return kept if kept is not None and kept.changes == self._database.changes else None

    def is_current(self, kept: Kept[Value], stamp: str | None) -> bool:
        """Tell whether a value belongs to the state that something else was just read from."""
        return kept.changes == self._database.changes and kept.stamp == stamp

    def keep(self, key: Key, value: Value, *, since: int | None, stamp: str | None) -> None:
        """Keep a value that was read when the number of changes was `since`, if it is still that."""
        if since is not None and since == self._database.changes and (stamp or self._database.on_sqlite):
            self._kept.put(key, Kept(since, stamp, value))


class Together(Generic[Key, Value]):
    """Readings that all who want the same at the same moment share.

    A reading that began before somebody asked would be too old for them: they share the next one.
    """

    def __init__(self) -> None:
        self._running: dict[Key, asyncio.Task[Value]] = {}
        self._next: dict[Key, asyncio.Task[Value]] = {}

    async def read(self, key: Key, reading: Callable[[], Awaitable[Value]]) -> tuple[Value, bool]:
        """Return what was read after now, and whether it was by the reading given here."""
        shared = self._next.get(key)
        if shared is not None:
            return await asyncio.shield(shared), False
        own = self._next[key] = asyncio.create_task(self._read_after(self._running.get(key), key, reading))
        return await asyncio.shield(own), True

    async def _read_after(
        self, running: "asyncio.Task[Value] | None", key: Key, reading: Callable[[], Awaitable[Value]]
    ) -> Value:
        if running is not None:
            await asyncio.wait([running])
        task = self._running[key] = self._next.pop(key)
        try:
            return await reading()
        finally:
            if self._running.get(key) is task:
                del self._running[key]


class Own(NamedTuple):
    """What of some ideas is the reader's own: those voted for, and states of authorships by idea."""

    stamp: str | None
    voted: set[str]
    states: Mapping[str, str]


async def read_own(lane: Fetching, actor: Actor, ideas: list[str]) -> Own:
    """Read the reader's own part of some ideas, with the stamp, in one small statement."""
    stamp: str | None = None
    voted: set[str] = set()
    states: dict[str, str] = {}
    values = {"reader": actor.id, "ideas": pack(ideas, lane.engine)}
    for kind, value in await lane.fetch(_OWN, values):
        if kind == "vote":
            voted.add(value)
        elif kind == "stamp":
            stamp = value
        else:
            states[value] = kind
    return Own(stamp, voted, states)


def stamp(statement: Select[Any], engine: str) -> Select[Any]:
    """Add the stamp as the last column of a statement; empty on SQLite, where this process counts its changes."""
    return statement.add_columns(_STAMP if engine == "postgresql" else literal(None, String()).label("stamp"))


def _select_own(engine: str) -> CompoundSelect[Any]:
    reader = bindparam("reader", type_=String())
    votes = select(literal("vote"), col(Vote.idea_id)).where(
        col(Vote.voter_id) == reader,
        col(Vote.withdrawn_at).is_(None),
        among(col(Vote.idea_id), "ideas", engine),
    )
    parts = select(col(Authorship.state), col(Authorship.idea_id)).where(
        col(Authorship.employee_id) == reader, among(col(Authorship.idea_id), "ideas", engine)
    )
    stamps = [select(literal("stamp"), _STAMP)] if engine == "postgresql" else []
    return union_all(votes, parts, *stamps)


_OWN = Prepared(_select_own)
