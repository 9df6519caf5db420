"""Writing rows by the million, each engine's fastest way, with the secondary indexes made afterwards."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

import asyncpg
from sqlalchemy import Table

from app import models

Rows = dict[str, list[dict[str, Any]]]
"""Rows by the name of their table, each by the names of its columns."""

_INDEXES = """
SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS written
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND NOT i.indisprimary
AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid) ORDER BY 1
"""
_KEYS = """
SELECT k.conname AS name, k.conrelid::regclass::text AS relation, pg_get_constraintdef(k.oid) AS written
FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace
WHERE n.nspname = 'public' AND k.contype IN ('p', 'u') AND k.conrelid::regclass::text <> 'alembic_version'
AND NOT EXISTS (SELECT FROM pg_constraint f WHERE f.contype = 'f' AND f.conindid = k.conindid) ORDER BY 1
"""


class Shape:
    """How a row of a table is laid out: the columns of the model, defaults where a row says nothing."""

    def __init__(self, name: str) -> None:
        table: Table = models.metadata.tables[name]
        self.name = name
        self.columns = [column.name for column in table.columns]
        self._defaults = {column.name: _get_default(column) for column in table.columns}
        self._required = {
            name
            for name, value in self._defaults.items()
            if value is None and not table.columns[name].nullable
        }

    def lay_out(self, row: dict[str, Any]) -> tuple[Any, ...]:
        """Return a row in the order of the columns.

        Raises: KeyError for a required column that the row does not have.
        """
        for name in self._required:
            if name not in row:
                raise KeyError(f"{self.name}.{name}")
        return tuple([row.get(name, default) for name, default in self._defaults.items()])


def _get_default(column: Any) -> Any:
    if column.default is not None and column.default.is_scalar:
        return column.default.arg
    return None


class Sink(Protocol):
    """Where rows go."""

    async def copy(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Write rows to a table."""


class Postgres:
    """A connection that writes by COPY, without foreign keys (the rows are made to fit) and indexes."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection
        self._later: list[str] = []

    async def prepare(self) -> None:
        """Put away indexes and the keys that nothing refers to."""
        run = self._connection.execute
        await run("SET session_replication_role = replica")
        await run("SET maintenance_work_mem = '512MB'")
        await run("SET statement_timeout = 0")
        for name, relation, written in await self._connection.fetch(_KEYS):
            await run(f"ALTER TABLE {relation} DROP CONSTRAINT {name}")
            self._later.append(f"ALTER TABLE {relation} ADD CONSTRAINT {name} {written}")
        for name, written in await self._connection.fetch(_INDEXES):
            await run(f"DROP INDEX {name}")
            self._later.append(written)

    async def copy(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Write rows to a table."""
        await self._connection.copy_records_to_table(table, records=rows, columns=columns)

    async def finish(self) -> None:
        """Make the indexes again, set the sequences, and gather statistics."""
        run = self._connection.execute
        for statement in self._later:
            await run(statement)
        for table, column in (("events", "sequence"), ("search_documents", "number")):
            await run(
                f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), "  # noqa: S608  two names of ours
                f"(SELECT coalesce(max({column}), 0) + 1 FROM {table}), false)"
            )
        await run("RESET session_replication_role")
        await run("VACUUM (FREEZE, ANALYZE)")
        await run("CHECKPOINT")


class Sqlite:
    """A file that is written in one transaction without waiting for the disk."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._later: list[str] = []

    async def prepare(self) -> None:
        """Put away indexes and the triggers that keep the search index."""
        run = self._connection.execute
        for pragma in ("foreign_keys=OFF", "synchronous=OFF", "cache_size=-256000", "temp_store=MEMORY"):
            run(f"PRAGMA {pragma}")
        run("BEGIN")
        kept = (
            "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL"
        )
        for kind, name, written in run(kept).fetchall():
            run(f"DROP {kind} {name}")
            self._later.append(written)

    async def copy(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Write rows to a table."""
        marks = ", ".join("?" for _ in columns)
        statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608  names of ours
        self._connection.executemany(statement, map(_store, rows))

    async def finish(self) -> None:
        """Make the indexes again and gather statistics."""
        for statement in self._later:
            self._connection.execute(statement)
        self._connection.execute("INSERT INTO search_index(search_index) VALUES ('rebuild')")
        self._connection.execute("COMMIT")
        self._connection.execute("ANALYZE")
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._connection.close()


def _store(row: Sequence[Any]) -> list[Any]:
    """Return values as the application stores them on SQLite."""
    return [_STORED[type(value)](value) if type(value) in _STORED else value for value in row]


_STORED: dict[type, Callable[[Any], Any]] = {
    datetime: lambda at: at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds"),
    date: lambda day: day.isoformat(),
    Decimal: float,
}
