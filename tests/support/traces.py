"""Looking for traces of somebody in everything that is stored."""

from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import text

from app.core.config import Settings
from app.core.db import Database
from app.models.employees import Employee

_TABLES = """SELECT schemaname, tablename FROM pg_tables
    WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"""


async def read_store(database: Database, settings: Settings) -> bytes:
    """Return every byte that is kept: the file of SQLite with its log or all rows of PostgreSQL, and all files."""
    parts = [path.read_bytes() for path in sorted(settings.data_dir.rglob("*")) if path.is_file()]
    if settings.on_sqlite:
        parts += [path.read_bytes() for path in _list_files(settings.sqlite_path)]
        return b"\n".join(parts)
    async with database.reader() as session:
        for schema, table in (await session.execute(text(_TABLES))).all():
            rows = await session.scalars(text(f'SELECT row_to_json(t)::text FROM "{schema}"."{table}" AS t'))  # noqa: S608  our own tables
            parts += [row.encode() for row in rows]
            # Bytes are written in hexadecimal there: as they are, they can be read.
            parts += [_unhex(row) for row in parts if b"\\\\x" in row]
    return b"\n".join(parts)


def find_traces(store: bytes, traces: Iterable[str]) -> list[str]:
    """Return those of some texts that stand in a store, in whatever case."""
    folded = store.lower()
    return [trace for trace in traces if trace.lower().encode() in folded]


def list_traces(person: Employee) -> list[str]:
    """Return everything by which a person is known: name and its parts, address, number, identifier."""
    return [*person.name.split(), person.email or "", person.external_id or "", person.id]


def _list_files(path: Path) -> list[Path]:
    return [file for file in path.parent.glob(f"{path.name}*") if file.is_file()]


def _unhex(row: bytes) -> bytes:
    return b"".join(
        bytes.fromhex(part.split(b'"')[0].decode())
        for part in row.split(b"\\\\x")[1:]
        if all(byte in b"0123456789abcdef" for byte in part.split(b'"')[0])
    )
