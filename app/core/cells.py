"""Cells: the statements whose rows are lines of a file already, written by the database, so that nobody else has to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BLOB,
    ColumnElement,
    Integer,
    Numeric,
    Select,
    String,
    case,
    cast,
    extract,
    func,
    literal_column,
    or_,
    select,
)

from app.core.sheets import BREAKS, CUT, FIRST_DAY, FORMULA, MOST_UNITS, SKIPPED, Kind


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file: its name, what its values are, where they come from, and what they mean."""

    name: str
    kind: Kind
    value: Any
    meaning: str


def write_lines(rows: Select[Any], columns: Sequence[Column], engine: str, *, guarded: bool) -> Select[Any]:
    """Return the statement of lines of CSV without their ends; `guarded` against formulas as `write_cell` does.

    `rows` has the columns' values under their names, in the order that is wanted. Texts are quoted, the rest needs
    none; nothing is an empty cell without quotes.
    """
    found = rows.subquery("row")
    cells = [_write_cell(found.c[column.name], column.kind, engine, guarded=guarded) for column in columns]
    return select(_join(cells, ",")).select_from(found)


def write_sheet_rows(
    rows: Select[Any], columns: Sequence[Column], styles: dict[str, str], engine: str
) -> Select[Any]:
    """Return the statement of rows of a sheet (ECMA-376 part 1, 18.3.1.73), each an element `row`.

    `styles` has the attribute of the cells of a kind. Carriage returns and control characters are left as they are:
    XML can't have them, and whoever writes the file escapes them.
    """
    found = rows.subquery("row")
    cells = [_write_sheet_cell(found.c[column.name], column.kind, styles, engine) for column in columns]
    return select(_join([_say("<row>"), *cells, _say("</row>")], "")).select_from(found)


def _write_cell(value: Any, kind: Kind, engine: str, *, guarded: bool) -> Any:
    if kind is not Kind.TEXT:
        return func.coalesce(_write_plain(value, kind, engine), _say(""))
    shown = _guard(value, engine) if guarded else value
    return func.coalesce(
        _join([_say('"'), func.replace(shown, _say('"'), _say('""')), _say('"')], ""), _say("")
    )


def _write_sheet_cell(value: Any, kind: Kind, styles: dict[str, str], engine: str) -> Any:
    style = styles.get(kind.value, "")
    empty = _say("<c/>")
    if kind is Kind.TEXT:
        opened, closed = '<c t="inlineStr"><is><t xml:space="preserve">', "</t></is></c>"
        shown = _fit(value, engine)
        for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
            shown = func.replace(shown, _say(sign), _say(entity))
    elif kind is Kind.FLAG:
        opened, closed = f'<c t="b"{style}><v>', "</v></c>"
        shown = case((value.is_(None), None), (value, _say("1")), else_=_say("0"))
    else:
        opened, closed = f"<c{style}><v>", "</v></c>"
        shown = (
            cast(_count_days(value, engine), String) if kind in {Kind.TIME, Kind.DAY} else cast(value, String)
        )
    return func.coalesce(_join([_say(opened), shown, _say(closed)], ""), empty)


def _write_plain(value: Any, kind: Kind, engine: str) -> Any:
    """Write a value that is no text, as the API writes it: times in UTC with milliseconds."""
    if kind is Kind.FLAG:
        return case((value.is_(None), None), (value, _say("true")), else_=_say("false"))
    if kind is not Kind.TIME:
        return cast(value, String)
    if engine == "postgresql":
        return func.to_char(func.timezone("UTC", value), _say('YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
    written = func.substr(func.replace(cast(value, String), _say(" "), _say("T")), 1, 23)
    return _join([written, _say("Z")], "")


def _count_days(value: Any, engine: str) -> Any:
    if engine == "postgresql":
        return func.round(cast(extract("epoch", value), Numeric) / 86_400 + FIRST_DAY, 8)
    return func.round(func.julianday(cast(value, String)) - 2_415_018.5, 8)


def _guard(value: Any, engine: str) -> Any:
    """Put an apostrophe before what could be a formula; only texts with a suspicious first character are looked at."""
    first = func.substr(value, 1, 1)
    behind = func.ltrim(value, _say(SKIPPED + BREAKS))
    broken = func.ltrim(value, _say(SKIPPED))
    dangerous = or_(_is_among(behind, FORMULA, engine), _is_among(broken, BREAKS, engine))
    return case(
        (~_is_in(first, SKIPPED + BREAKS + FORMULA, engine), value),
        (dangerous, _join([_say("'"), value], "")),
        else_=value,
    )


def _is_among(text: Any, characters: str, engine: str) -> ColumnElement[bool]:
    """Return whether a text begins with one of some characters."""
    told: ColumnElement[bool] = _is_in(func.substr(text, 1, 1), characters, engine) & (text != _say(""))
    return told


def _is_in(character: Any, characters: str, engine: str) -> Any:
    find = func.strpos if engine == "postgresql" else func.instr
    return find(_say(characters), character) > 0


def _fit(value: Any, engine: str) -> Any:
    """Cut a text that no cell of a spreadsheet holds; what has as few bytes as that needs no look."""
    if engine == "postgresql":
        size = func.octet_length(value)
        astral = func.regexp_replace(value, _say("[\U00010000-\U0010ffff]"), _say(""), _say("g"))
        units = 2 * func.char_length(value) - func.char_length(astral)
    else:
        size = func.length(cast(value, BLOB))
        units = func.count_units(value, type_=Integer())
    cut = _join([func.substr(value, 1, CUT), _say("…")], "")
    return case((size <= MOST_UNITS, value), (units <= MOST_UNITS, value), else_=cut)


def _join(parts: Sequence[Any], between: str) -> Any:
    joined: Any = None
    for part in parts:
        if joined is None:
            joined = part
        else:
            joined = joined.op("||")(part) if not between else joined.op("||")(_say(between)).op("||")(part)
    return joined


def _say(text: str) -> Any:
    """Return a text as it stands in the statement: COPY takes no values apart."""
    return literal_column("'" + text.replace("'", "''") + "'", String())
