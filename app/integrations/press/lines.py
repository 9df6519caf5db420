"""Lines: rows that are given, written as the database writes its own (`core/cells.py`)."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from xml.sax.saxutils import escape

from app.core.sheets import Kind, count_serial_day, fit
from app.integrations.spreadsheets import write_cell

EMPTY_CELL = "<c/>"
END = "</row>\n"
"""What ends a row of a sheet, and stands nowhere else: texts have no such sign."""


def write_line(row: Sequence[Any], kinds: Sequence[str], *, guarded: bool) -> str:
    """Return a line of CSV without its end."""
    return ",".join(_write_cell(value, kind, guarded=guarded) for value, kind in zip(row, kinds, strict=True))


def write_sheet_row(row: Sequence[Any], kinds: Sequence[str], styles: dict[str, str]) -> str:
    """Return a row of a sheet."""
    cells = (_write_sheet_cell(value, kind, styles) for value, kind in zip(row, kinds, strict=True))
    return f"<row>{''.join(cells)}</row>"


def write_header(names: Sequence[str], style: str) -> str:
    """Return the row of a sheet that has the names of the columns."""
    return write_sheet_row(names, [Kind.TEXT.value] * len(names), {Kind.TEXT.value: style})


def _write_cell(value: Any, kind: str, *, guarded: bool) -> str:
    if value is None:
        return ""
    if kind == Kind.TEXT:
        shown = (write_cell(value) if guarded else value).replace('"', '""')
        return f'"{shown}"'
    if kind == Kind.FLAG:
        return "true" if value else "false"
    if kind == Kind.TIME:
        moment = datetime.fromisoformat(value).astimezone(UTC)
        return moment.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    return str(value)


def _write_sheet_cell(value: Any, kind: str, styles: dict[str, str]) -> str:
    style = styles.get(kind, "")
    if value is None:
        return EMPTY_CELL
    if kind == Kind.TEXT:
        shown = escape(fit(value))
        return f'<c t="inlineStr"{style}><is><t xml:space="preserve">{shown}</t></is></c>'
    if kind == Kind.FLAG:
        return f'<c t="b"{style}><v>{int(value)}</v></c>'
    if kind == Kind.TIME:
        value = count_serial_day(datetime.fromisoformat(value))
    elif kind == Kind.DAY:
        value = count_serial_day(date.fromisoformat(value))
    return f"<c{style}><v>{value}</v></c>"
