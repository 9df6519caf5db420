"""Binding: everything of a workbook but the rows of its data, by XlsxWriter."""

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from app.core.sheets import Kind, fit
from app.integrations.press import lines
from app.integrations.press.orders import Chart, Order, Table

_FORMATS = {
    "header": {"bold": True, "bg_color": "#E8EDF3", "bottom": 1},
    Kind.TIME.value: {"num_format": "yyyy-mm-dd hh:mm:ss"},
    Kind.DAY.value: {"num_format": "yyyy-mm-dd"},
}
_COLOURS = ("#1F5FA8", "#C2571A", "#2E7D4F", "#7A4FA3", "#8A6D00")
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_WIDTHS = {Kind.TEXT.value: 28, Kind.TIME.value: 19}
_DIMENSION = re.compile(rb"<dimension[^>]*/>")
_CHART_ROWS = 18
"""Rows that a chart covers."""


@dataclass(frozen=True, slots=True)
class Skeleton:
    """The parts of a workbook without its data, what stands around the rows of a sheet, and their styles by kind."""

    parts: dict[str, bytes]
    opening: bytes
    closing: bytes
    styles: dict[str, str]


def name_part(number: int) -> str:
    """Return where a sheet is in the archive, counted from 1."""
    return f"xl/worksheets/sheet{number}.xml"


def count_before(tables: Sequence[Table]) -> int:
    """Return how many sheets stand before the data."""
    return 2 if tables else 1


def bind(order: Order, tables: Sequence[Table], *, sheets: int, facts: Sequence[tuple[str, str]]) -> Skeleton:
    """Return the skeleton of a workbook with so many sheets of data; `facts` are told beside the notes."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, _OPTIONS)
    formats = {name: book.add_format(given) for name, given in _FORMATS.items()}
    _define(book, order, facts, formats)
    if tables:
        _draw(book, tables, formats)
    names = ["Data", *(f"Data {number}" for number in range(2, sheets + 1))]
    for name in names:
        _prepare(book.add_worksheet(name), order, formats)
    book.close()
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    before = count_before(tables)
    data = [parts.pop(name_part(before + number)) for number in range(1, sheets + 1)]
    opening, _, rest = data[0].partition(b"<sheetData>")
    rows, _, closing = rest.partition(b"</sheetData>")
    styles = dict(zip(_FORMATS, re.findall(r' s="\d+"', rows.decode()), strict=True))
    header = lines.write_header([name for name, _ in order.columns], styles.pop("header")).encode()
    opening = _DIMENSION.sub(b"", opening) + b"<sheetData>" + header
    return Skeleton(parts, opening, b"</sheetData>" + closing, styles)


def _define(book: Any, order: Order, facts: Sequence[tuple[str, str]], formats: dict[str, Any]) -> None:
    """Write the first sheet: what this is, and what each column means."""
    sheet = book.add_worksheet("Definitions")
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 100, wrapped)
    row = 0
    for title, pairs in (("", [*order.notes, *facts]), ("Column", order.meanings)):
        if title:
            row += 1
            sheet.write_string(row, 0, title, formats["header"])
            sheet.write_string(row, 1, "Meaning", formats["header"])
            row += 1
        for name, text in pairs:
            sheet.write_string(row, 0, name)
            sheet.write_string(row, 1, fit(text), wrapped)
            row += 1


def _draw(book: Any, tables: Sequence[Table], formats: dict[str, Any]) -> None:
    """Write the small tables below each other, each with its charts to the right."""
    sheet = book.add_worksheet("Charts")
    sheet.set_column(0, 0, 22)
    top = 0
    for table in tables:
        sheet.write_string(top, 0, table.title, formats["header"])
        for place, name in enumerate(table.columns):
            sheet.write_string(top + 1, place, name, formats["header"])
        for line, row in enumerate(table.rows, top + 2):
            for place, value in enumerate(row):
                if value is not None:
                    sheet.write(line, place, value)
        for place, chart in enumerate(table.charts):
            across = len(table.columns) + 1 + place * 9
            sheet.insert_chart(top, across, _make_chart(book, chart, table, top), {"object_position": 3})
        top += max(len(table.rows) + 4, _CHART_ROWS if table.charts else 0)


def _make_chart(book: Any, chart: Chart, table: Table, top: int) -> Any:
    made = book.add_chart({"type": chart.kind})
    first, last = top + 2, top + 1 + max(1, len(table.rows))
    for number, place in enumerate(chart.columns):
        colour = _COLOURS[number % len(_COLOURS)]
        made.add_series(
            {
                "name": ["Charts", top + 1, place],
                "categories": ["Charts", first, 0, last, 0],
                "values": ["Charts", first, place, last, place],
                "fill": {"color": colour},
                "line": {"color": colour, "width": 2.25},
                "gap": 60,
                "data_labels": {"value": True} if chart.kind == "bar" else {},
            }
        )
    made.set_title({"name": chart.title, "name_font": {"size": 13}})
    made.set_legend({"none": True} if len(chart.columns) == 1 else {"position": "bottom"})
    if chart.kind == "bar":
        made.set_y_axis({"reverse": True})
        made.set_x_axis({"major_gridlines": {"visible": False}, "visible": False})
    else:
        axis: dict[str, Any] = {"min": 0, "major_gridlines": {"visible": True, "line": {"color": "#DDDDDD"}}}
        made.set_y_axis(axis | ({"num_format": "0%"} if chart.percent else {}))
    made.set_size({"width": 560, "height": 330})
    return made


def _prepare(sheet: Any, order: Order, formats: dict[str, Any]) -> None:
    """Make the sheet of data; its only cells tell which styles there are, and give way to the rows."""
    sheet.freeze_panes(1, 0)
    for place, (_, kind) in enumerate(order.columns):
        sheet.set_column(place, place, _WIDTHS.get(kind, 12))
    for place, name in enumerate(_FORMATS):
        sheet.write_blank(0, place, None, formats[name])
