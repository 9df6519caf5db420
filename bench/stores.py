"""Where the floor reads and writes: PostgreSQL by asyncpg, SQLite by the standard library."""

import asyncio
import math
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg

from app.core import analysis, fulltext, ids
from bench import statements
from bench.floor import Rows

_AFTER_LETTERS = "\U0010ffff"


def _write_search(engine: str, found: Rows, words: str) -> str:
    """Return the statement of a search whose last word may be completed by what was found."""
    terms = analysis.query(words).terms
    clauses = [term.alternatives for term in terms]
    clauses[-1] = analysis.widen(terms[-1], [stem for stem, _ in found]).alternatives
    common = sum(ideas for _, ideas in found) > statements.RARE
    statement = (statements.SEARCH_COMMON if common else statements.SEARCH_RARE)[engine]
    matched = fulltext.fts5(clauses) if engine == "sqlite" else fulltext.tsquery(clauses).replace("'", "''")
    return statement.format(matched=matched)


class Postgres:
    """PostgreSQL by asyncpg: prepared statements on as many connections as Ideabox has."""

    def __init__(self, connections: list[asyncpg.Connection]) -> None:
        self._free = connections
        self._gate = asyncio.Semaphore(len(connections))

    @classmethod
    async def open(cls, url: str, connections: int = 10) -> "Postgres":
        """Connect."""
        return cls([await asyncpg.connect(url) for _ in range(connections)])

    async def close(self) -> None:
        """Close every connection."""
        for connection in self._free:
            await connection.close()

    async def _fetch(self, statement: str, *values: Any) -> Rows:
        await self._gate.acquire()
        connection = self._free.pop()
        try:
            rows: Rows = await connection.fetch(statement, *values)
        finally:
            self._free.append(connection)
            self._gate.release()
        return rows

    def write_time(self, moment: datetime) -> str:
        """Return a moment as it stands on the wire."""
        return moment.isoformat(timespec="milliseconds")[:23] + "Z"

    async def list_feed(self, reader: str) -> Rows:
        """Return 21 rows of the newest ideas."""
        return await self._fetch(statements.FEED["postgresql"], reader)

    async def search(self, reader: str, words: str) -> Rows:
        """Return 21 rows of the hottest ideas with the words."""
        last = analysis.query(words).terms[-1].text
        found = await self._fetch(statements.COMPLETIONS, last, last + _AFTER_LETTERS)
        return await self._fetch(_write_search("postgresql", found, words), reader)

    async def find_idea(self, reader: str, idea_id: str) -> Any:
        """Return the row of an idea with its texts, None without one."""
        rows = await self._fetch(statements.IDEA["postgresql"], reader, idea_id)
        return rows[0] if rows else None

    async def list_comments(self, reader: str, idea_id: str) -> Rows:
        """Return the comments of an idea, threads and replies, oldest first."""
        return await self._fetch(statements.COMMENTS, idea_id, reader)

    async def vote(self, reader: str, idea_id: str, now: datetime) -> int | None:
        """Cast a vote in one statement."""
        rows = await self._fetch(statements.VOTE, reader, idea_id, ids.new(), now)
        return rows[0][0] if rows else None

    async def comment(self, reader: str, idea_id: str, comment_id: str, body: str, now: datetime) -> Any:
        """Write a comment in one statement."""
        return (await self._fetch(statements.COMMENT, reader, idea_id, comment_id, body, now))[0]


class Sqlite:
    """SQLite by `sqlite3`: one connection that reads, one that writes, both on the event loop."""

    def __init__(self, path: Path) -> None:
        self._reading, self._writing = _connect(path), _connect(path)
        self._reading.execute("PRAGMA query_only=ON")
        self._writing.execute("PRAGMA synchronous=FULL")

    async def close(self) -> None:
        """Close both connections."""
        self._reading.close()
        self._writing.close()

    def _fetch(self, statement: str, *values: Any) -> Rows:
        return self._reading.execute(_numbered(statement), values).fetchall()

    def write_time(self, moment: str) -> str:
        """Return a moment as it stands on the wire, from `2027-01-31 10:00:00.000000`."""
        return f"{moment[:10]}T{moment[11:23]}Z"

    async def list_feed(self, reader: str) -> Rows:
        """Return 21 rows of the newest ideas."""
        return self._fetch(statements.FEED["sqlite"], reader)

    async def search(self, reader: str, words: str) -> Rows:
        """Return 21 rows of the hottest ideas with the words."""
        last = analysis.query(words).terms[-1].text
        found = self._fetch(statements.COMPLETIONS, last, last + _AFTER_LETTERS)
        return self._fetch(_write_search("sqlite", found, words), reader)

    async def find_idea(self, reader: str, idea_id: str) -> Any:
        """Return the row of an idea with its texts, None without one."""
        rows = self._fetch(statements.IDEA["sqlite"], reader, idea_id)
        return rows[0] if rows else None

    async def list_comments(self, reader: str, idea_id: str) -> Rows:
        """Return the comments of an idea, threads and replies, oldest first."""
        return self._fetch(statements.COMMENTS, idea_id, reader)

    async def vote(self, reader: str, idea_id: str, now: datetime) -> int | None:
        """Cast a vote in one transaction."""
        vote_id, moment = ids.new(), _store_time(now)
        with self._writing as connection, closing(connection.cursor()) as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            seen = cursor.execute(_VOTABLE, (reader, idea_id)).fetchone()
            if seen is None:
                return None
            if not cursor.execute(_ADD_VOTE, (vote_id, idea_id, reader, moment)).rowcount:
                return None
            votes: int = cursor.execute(_MOVE_VOTES, (seen[3], idea_id)).fetchall()[0][0]
            cursor.execute(_NOTE, ("votes.cast", vote_id, None, moment))
        return votes

    async def comment(self, reader: str, idea_id: str, comment_id: str, body: str, now: datetime) -> Any:
        """Write a comment in one transaction."""
        moment = _store_time(now)
        with self._writing as connection, closing(connection.cursor()) as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            _, anonymous, own, youth = cursor.execute(_DISCUSSED, (reader, idea_id)).fetchone()
            hidden = bool(anonymous and own)
            cursor.execute(_ADD_COMMENT, (comment_id, idea_id, reader, body, hidden, moment))
            cursor.execute(_MOVE_COMMENTS, (youth, idea_id))
            cursor.execute(_NOTE, ("comments.written", comment_id, None if hidden else reader, moment))
            name = cursor.execute(_NAME, (reader,)).fetchone()[0]
        return name, hidden


def _numbered(statement: str) -> str:
    return _NUMBERED.setdefault(statement, statement.replace("$", "?"))


_NUMBERED: dict[str, str] = {}
_VOTABLE, _DISCUSSED = _numbered(statements.VOTABLE["sqlite"]), _numbered(statements.DISCUSSED["sqlite"])
_ADD_VOTE, _MOVE_VOTES = _numbered(statements.ADD_VOTE), _numbered(statements.MOVE_VOTES)
_ADD_COMMENT, _MOVE_COMMENTS = _numbered(statements.ADD_COMMENT), _numbered(statements.MOVE_COMMENTS)
_NOTE, _NAME = _numbered(statements.NOTE), _numbered(statements.NAME)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, cached_statements=100)
    try:
        connection.execute("SELECT log10(10)")
    except sqlite3.OperationalError:  # not compiled in
        connection.create_function("log10", 1, math.log10, deterministic=True)
    connection.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=5000; PRAGMA cache_size=-16000;"
    )
    return connection


def _store_time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
