"""Orders: what the press is told to write, and what it says of what it wrote; JSON between two processes."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of a small table: `kind` is one of a workbook's (`bar`, `line`); the first column has the labels."""

    kind: str
    title: str
    columns: list[int]
    percent: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A small table of a workbook, beside the data: a title, the names of its columns, its rows."""

    title: str
    columns: list[str]
    rows: list[list[Any]] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Statement:
    """What is asked of the database; `given` is in the statement's order, a time that is no text as `{"time": "…"}`."""

    text: str
    given: list[Any] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Order:
    """A file to write.

    `database` is the path of an SQLite file or the address of a PostgreSQL one; without it the `rows` are written
    that are given. `columns` are names and kinds. `statement` gives the lines of the file (`core/cells.py`), and
    `count` labels and numbers for the first small table, in the same snapshot. `notes` stand on the first sheet.
    """

    format: str
    columns: list[tuple[str, str]]
    database: str = ""
    statement: Statement | None = None
    count: Statement | None = None
    rows: list[list[Any]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    meanings: list[tuple[str, str]] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)

    def write(self) -> bytes:
        """Return the order as one line."""
        return json.dumps(asdict(self)).encode() + b"\n"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was written: rows, bytes, SHA-256 of the file and of its data alone (hexadecimal)."""

    rows: int
    size: int
    checksum: str
    data_checksum: str


def read(line: bytes) -> Order:
    """Read an order that somebody wrote."""
    given = json.loads(line)
    tables = [
        Table(**{**each, "charts": [Chart(**chart) for chart in each["charts"]]}) for each in given["tables"]
    ]
    asked = {name: Statement(**given[name]) if given[name] else None for name in ("statement", "count")}
    return Order(**{**given, **asked, "tables": tables})
