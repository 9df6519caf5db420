"""Minutes: moments as whole numbers in a statement, alike on both engines."""

from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

PER_DAY = 24 * 60


class minute_of(FunctionElement[int]):  # noqa: N801  it is called as a function of SQL
    """The whole minutes from the beginning of 1970 (UTC) to a moment."""

    name = "minute_of"
    type = BigInteger()
    inherit_cache = True


@compiles(minute_of, "sqlite")
def _on_sqlite(element: Any, compiler: SQLCompiler, **more: Any) -> str:
    return f"(CAST(strftime('%s', {compiler.process(element.clauses, **more)}) AS INTEGER) / 60)"


@compiles(minute_of, "postgresql")
def _on_postgresql(element: Any, compiler: SQLCompiler, **more: Any) -> str:
    return f"CAST(floor(extract(epoch FROM {compiler.process(element.clauses, **more)}) / 60) AS bigint)"
