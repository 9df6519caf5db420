"""The calendar day of a moment, worked out by the database: what is counted by day needs no row in between."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Date, SQLColumnExpression, String, cast, func, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

SQLITE_FUNCTION = "day_in"
"""The name under which each connection to SQLite knows `tell_day`: it has no time zones itself."""


class _CalendarDay(FunctionElement[date]):
    """A moment's day in a time zone; its two clauses are the zone and the moment."""

    name = "day_in"
    type = Date()
    inherit_cache = True


def day_in(zone: str, moment: SQLColumnExpression[datetime]) -> ColumnElement[date]:
    """Return the calendar day that a column's moment falls on in a time zone (IANA name), for a statement."""
    day: ColumnElement[date] = _CalendarDay(literal(zone, String()), moment)
    return day


def tell_day(zone: str, moment: str | None) -> str | None:
    """Return the day of a moment as SQLite keeps both: ISO texts, the moment in UTC."""
    if moment is None:
        return None
    return datetime.fromisoformat(moment).replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date().isoformat()


@compiles(_CalendarDay, "postgresql")
def _compile_for_postgresql(element: _CalendarDay, compiler: Any, **how: Any) -> str:
    zone, moment = element.clauses
    return str(compiler.process(cast(func.timezone(zone, moment), Date), **how))


@compiles(_CalendarDay, "sqlite")
def _compile_for_sqlite(element: _CalendarDay, compiler: Any, **how: Any) -> str:
    return f"{SQLITE_FUNCTION}({compiler.process(element.clauses, **how)})"
