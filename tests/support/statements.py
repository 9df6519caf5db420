"""Counting the statements that something sends to the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from app.core.db import Database

_FRAME = ("BEGIN", "COMMIT", "ROLLBACK", "SELECT pg_advisory", "SELECT pg_try_advisory")
_BESIDE = (
    "SELECT pg_notify",
    "UPDATE tallies SET views",
    "SELECT votings.campaign_id \nFROM votings JOIN campaigns",
)
"""What the application sends now and then on its own, whoever is asking what."""


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """Give a list that fills with the statements of the block, without what only frames a transaction."""
    seen: list[str] = []

    def see(statement: str) -> None:
        if not statement.startswith(_FRAME + _BESIDE):
            seen.append(statement)

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        see(statement)

    engines = [database.read_engine.sync_engine, database.write_engine.sync_engine]
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    database.witness = see
    try:
        yield seen
    finally:
        database.witness = None
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
