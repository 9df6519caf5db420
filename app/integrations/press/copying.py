"""Copying from PostgreSQL: it writes the lines itself, and they only pass through here."""

import asyncio
from datetime import date, datetime
from typing import Any

import asyncpg

from app.integrations.press.orders import Statement
from app.integrations.press.pouring import Sink

_QUOTE, _DELIMITER = "\x01", "\x02"
"""What the database quotes a line with that has a line break in it: nothing that a text can have."""

_SIGN = _QUOTE.encode()

_UNHURRIED = {
    "application_name": "ideabox-press",
    "default_transaction_read_only": "on",
    "timezone": "UTC",
    "statement_timeout": "3600000",
    "idle_in_transaction_session_timeout": "0",
    "jit": "off",
    # One processor: requests want the rest of the machine.
    "max_parallel_workers_per_gather": "0",
    "work_mem": "16MB",
}


def pour(
    database: str, statement: Statement, count: Statement | None, sink: Sink, *, ending: str
) -> list[tuple[Any, ...]]:
    """Pour the lines of a statement into a sink, each with its ending, and return what `count` gives.

    Raises: OSError, asyncpg.PostgresError.
    """
    return asyncio.run(_copy(database, statement, count, sink, ending=ending))


async def _copy(
    url: str, statement: Statement, count: Statement | None, sink: Sink, *, ending: str
) -> list[tuple[Any, ...]]:
    """Copy in one read transaction.

    1. A line is one text. With a carriage return behind it, it is always quoted, by a sign that no text has.
    2. Without these signs what comes is the file: line, carriage return, line feed.
    3. Of rows of a sheet, which end with the line feed of the protocol, only those with a line break are quoted.
    """
    connection = await asyncpg.connect(url, server_settings=_UNHURRIED, statement_cache_size=0)

    signs, crossed = 0, ending == "\r\n"

    async def take(piece: bytes) -> None:
        nonlocal signs
        before, signs = signs, signs + piece.count(_SIGN)
        sink(piece.translate(None, _SIGN), signs // 2 - before // 2 if crossed else 0)

    text = statement.text
    if crossed:
        text = f"SELECT line || E'\\r' FROM ({text}) AS lines (line)"  # noqa: S608  a statement of ours
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            counted = await connection.fetch(count.text, *_read(count)) if count else []
            await connection.copy_from_query(
                text, *_read(statement), output=take, format="csv", quote=_QUOTE, delimiter=_DELIMITER
            )
    finally:
        # Who is cut off in the midst of an answer waits for no farewell.
        connection.terminate()
    return [tuple(row) for row in counted]


def _read(statement: Statement) -> list[Any]:
    return [
        (datetime if "T" in value["time"] else date).fromisoformat(value["time"])
        if isinstance(value, dict)
        else value
        for value in statement.given
    ]
