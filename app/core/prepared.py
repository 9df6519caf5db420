"""Prepared statements: written once in SQLAlchemy, compiled once for each engine, sent as text to the driver."""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Dialect,
    Executable,
    Float,
    Numeric,
    SQLColumnExpression,
    String,
    any_,
    bindparam,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from app.core.sqlite import LoopDialect

Row = Sequence[Any]
"""The values of a row, in the order of the statement's columns."""


class Prepared:
    """A statement for the busiest requests; `write` gives it for an engine, `sqlite` or `postgresql`.

    The ORM and the machinery of sessions take several times longer than such a statement itself. Values are bound
    by name; both ways they pass the same column types as everywhere.
    """

    def __init__(self, write: Callable[[str], Executable]) -> None:
        self.write = cache(write)
        self._compiled: dict[str, _Compiled] = {}

    def compile(self, engine: str) -> "_Compiled":
        """Return the statement as the driver of an engine takes it."""
        found = self._compiled.get(engine)
        if found is None:
            found = self._compiled[engine] = _Compiled(self.write(engine), _get_dialect(engine))
        return found


class _Compiled:
    """The text of a statement, the order of its values, and what turns both ways."""

    def __init__(self, statement: Executable, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)  # type: ignore[attr-defined]  # every executable we write has it
        assert isinstance(compiled, SQLCompiler)  # noqa: S101  what compiling a statement gives
        self.text: str = compiled.string
        self._fixed = {name: bind.value for name, bind in compiled.binds.items() if not bind.required}
        self._binds = [
            (name, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect))
            for name in compiled.positiontup or ()
        ]
        self._readers: list[tuple[int, Callable[[Any], Any]]] = [
            (place, reader)
            for place, column in enumerate(getattr(statement, "exported_columns", ()))
            if (reader := _get_reader(column.type, dialect)) is not None
        ]

    def bind(self, values: Mapping[str, Any]) -> list[Any]:
        """Return the values in the statement's order."""
        given = {**self._fixed, **values} if self._fixed else values
        return [given[name] if turn is None else turn(given[name]) for name, turn in self._binds]

    def read(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Return rows as the column types have them."""
        if not self._readers:
            return rows
        turned = []
        for row in rows:
            values = list(row)
            for place, reader in self._readers:
                values[place] = reader(values[place])
            turned.append(values)
        return turned


def _get_reader(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    if dialect.name == "postgresql" and isinstance(kind, Numeric | Float):
        return None  # the driver gives floats and decimals as they are
    return kind.dialect_impl(dialect).result_processor(dialect, None)


@cache
def _get_dialect(engine: str) -> Dialect:
    return LoopDialect() if engine == "sqlite" else PGDialect_asyncpg()  # type: ignore[no-untyped-call]  # untyped there


def among(column: SQLColumnExpression[Any], name: str, engine: str) -> ColumnElement[bool]:
    """Return the condition that a text column is one of a list, which `name` binds as `pack` gives it."""
    if engine == "postgresql":
        matching: ColumnElement[bool] = column == any_(bindparam(name, type_=ARRAY(String())))
        return matching
    listed: ColumnElement[bool] = column.in_(
        select(func.json_each(bindparam(name, type_=String())).table_valued("value").c.value)
    )
    return listed


def pack(values: list[str], engine: str) -> Any:
    """Return a list of texts as `among` binds it: an array, or JSON where there are none."""
    return values if engine == "postgresql" else json.dumps(values)
