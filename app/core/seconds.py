"""Seconds: moments as whole numbers in a statement, alike on both engines."""

from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class second_of(FunctionElement[int]):  # noqa: N801  it is called as a function of SQL
    """The whole seconds from the beginning of 1970 (UTC) to a moment, whatever fraction it has."""

    name = "second_of"
    type = BigInteger()
    inherit_cache = True


@compiles(second_of, "sqlite")
def _on_sqlite(element: Any, compiler: SQLCompiler, **more: Any) -> str:
    # With its fraction a moment would be rounded to the nearest millisecond, and so at times to the next second.
    return f"CAST(strftime('%s', substr({compiler.process(element.clauses, **more)}, 1, 19)) AS INTEGER)"


@compiles(second_of, "postgresql")
def _on_postgresql(element: Any, compiler: SQLCompiler, **more: Any) -> str:
    return f"CAST(floor(extract(epoch FROM {compiler.process(element.clauses, **more)})) AS bigint)"
