"""What lies in the database, read past the application in one snapshot."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.rows import dict_row

from tests.chaos.installation import Installation

Row = dict[str, Any]

TABLES = (
    "authorships",
    "comments",
    "events",
    "idempotency_keys",
    "itinerary_entries",
    "itinerary_heads",
    "point_entries",
    "reviews",
    "scorecards",
    "search_documents",
    "sessions",
    "sign_ins",
    "votes",
)
_IDEAS = "SELECT id, title, stage, anonymous, version, source, submitted_at FROM ideas"
_JSON = ("payload", "facts", "scores")


@dataclass(frozen=True)
class Records:
    """Every row of the tables that writes touch, by table; `faults` is what the engine says of its own file."""

    tables: dict[str, list[Row]]
    faults: list[str]

    def __getitem__(self, table: str) -> list[Row]:
        return self.tables[table]

    def list_events(self, *kinds: str) -> list[Row]:
        """Return the events of some kinds, in their order."""
        return sorted(
            (row for row in self["events"] if row["kind"] in kinds), key=lambda row: int(row["sequence"])
        )


def read(installation: Installation) -> Records:
    """Read everything; on SQLite also have the file examined. Safe beside a running server: nothing is written."""
    if installation.engine == "sqlite":
        return _read_sqlite(installation.url.removeprefix("sqlite:///"))
    return _read_postgres(installation.url)


def group(rows: Iterable[Row], by: Callable[[Row], Hashable]) -> defaultdict[Any, list[Row]]:
    """Return rows by a key, each in their order."""
    groups: defaultdict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        groups[by(row)].append(row)
    return groups


def count_pending(installation: Installation) -> int:
    """Return how many events wait for their reactions."""
    statement = "SELECT count(*) AS number FROM events WHERE worked_off_at IS NULL"
    if installation.engine == "sqlite":
        with sqlite3.connect(
            f"file:{installation.url.removeprefix('sqlite:///')}?mode=ro", uri=True
        ) as connection:
            return int(connection.execute(statement).fetchone()[0])
    with psycopg.connect(installation.url, autocommit=True) as connection:
        row = connection.execute(statement).fetchone()
        return int(row[0]) if row else 0


def _read_sqlite(path: str) -> Records:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)
    connection.row_factory = sqlite3.Row
    try:
        connection.execute("BEGIN")
        tables = {
            name: [_plain(dict(row)) for row in connection.execute(_select(name).decode())]
            for name in _names()
        }
        connection.execute("COMMIT")
        said = [row[0] for row in connection.execute("PRAGMA integrity_check")]
        orphans = [str(tuple(row)) for row in connection.execute("PRAGMA foreign_key_check")]
    finally:
        connection.close()
    faults = [f"integrity check: {line}" for line in said if line != "ok"]
    return Records(tables, faults + [f"a row without its parent: {line}" for line in orphans])


def _read_postgres(url: str) -> Records:
    with psycopg.connect(url, row_factory=dict_row) as connection:
        connection.read_only = True
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        tables = {name: [_plain(row) for row in connection.execute(_select(name))] for name in _names()}
    return Records(tables, [])


def _names() -> tuple[str, ...]:
    return ("ideas", *TABLES)


def _select(table: str) -> bytes:
    # Bytes pass as a literal with the typed interface of psycopg; the names are the constants above.
    return (_IDEAS if table == "ideas" else f"SELECT * FROM {table}").encode()  # noqa: S608


def _plain(row: Row) -> Row:
    """Have JSON read alike, whatever the engine gives."""
    for name in _JSON:
        if isinstance(row.get(name), str):
            row[name] = json.loads(row[name])
    return row
