"""Stepping through SQLite: the rows of a statement, some at a time."""

import sqlite3
from contextlib import closing
from typing import Any

from app.core.sheets import count_units
from app.integrations.press.orders import Statement
from app.integrations.press.pouring import Sink

_ROWS = 200
_CACHE = 4_000
"""Kibibytes of pages: the file is in the machine's memory already."""


def pour(
    database: str, statement: Statement, count: Statement | None, sink: Sink, *, ending: str
) -> list[tuple[Any, ...]]:
    """Pour the lines of a statement into a sink, each with its ending, and return what `count` gives.

    Raises: sqlite3.Error.
    """
    # Read-only: two processes that checkpoint could meet a race of SQLite before 3.51.3.
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, isolation_level=None)) as connection:
        connection.create_function("count_units", 1, count_units, deterministic=True)
        connection.execute("PRAGMA query_only=ON")
        connection.execute(f"PRAGMA cache_size=-{_CACHE}")
        connection.execute("BEGIN")
        counted = connection.execute(count.text, count.given).fetchall() if count else []
        found = connection.execute(statement.text, statement.given)
        while rows := found.fetchmany(_ROWS):
            sink("".join([f"{row[0]}{ending}" for row in rows]).encode(), len(rows))
    return counted
