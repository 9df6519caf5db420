"""The press: what the database writes is what is written of given rows, and comes back from every format."""

import csv
import hashlib
import io
import random
import re
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pyarrow import parquet
from sqlalchemy import Boolean, Date, Integer, String, literal, null, select, union_all

from app.core.cells import Column
from app.core.config import Settings
from app.core.sheets import MOST_UNITS, Kind, count_units
from app.core.types import UtcDateTime
from app.integrations import printing
from app.integrations.press import binding, books, lines
from app.integrations.press.orders import Chart, Order, Outcome, Statement, Table
from app.integrations.press.pouring import Sink
from app.integrations.printing import PressFailed
from app.integrations.spreadsheets import read_cell, write_cell
from app.queries import exported_tables
from app.queries.exported_tables import ExportedTable
from app.services.export_orders import STYLES, locate

KINDS = {"n": Kind.NUMBER, "t": Kind.TEXT, "f": Kind.FLAG, "m": Kind.TIME, "d": Kind.DAY}
TYPES: dict[str, Any] = {"n": Integer(), "t": String(), "f": Boolean(), "m": UtcDateTime(), "d": Date()}
COLUMNS = [Column(name, kind, None, f"The {kind.value}.") for name, kind in KINDS.items()]
ALPHABET = " =+-@\t\r\n'\",;|\uff1d\u200b\ufeff\u3000\xa0aé<>&]\\_x0041🥚%"
TEXTS = (
    "",
    "=1",
    "'=1",
    "''=1",
    "'",
    '"',
    '"=1',
    "\n=1",
    "a\r\nb",
    "_x0041_",
    "]]></t>",
    "%s %(x)s :x $1 \\N \\.",
    "\\.",
    "é" * 16_384,
    "🥚" * 16_383,
    "🥚" * 16_384,
    "=" + "a" * 40_000,
)
NUMBER = rb"<v>([0-9.]+)</v>"
BEGIN = datetime(2026, 1, 5, 9, 0, 0, 123_456, tzinfo=UTC)


def draw(seed: int, number: int) -> list[dict[str, Any]]:
    """Random rows, the texts that were thought of among them."""
    chance = random.Random(seed)
    texts = [*TEXTS, *("".join(chance.choices(ALPHABET, k=chance.randint(0, 9))) for _ in range(number))]
    return [
        {
            "n": place,
            "t": text if place % 17 else None,
            "f": chance.choice([True, False, None]),
            "m": BEGIN + timedelta(seconds=chance.randrange(10**8), microseconds=chance.randrange(10**6)),
            "d": chance.choice([date(2026, 2, 28), date(1999, 12, 31), None]),
        }
        for place, text in enumerate(texts, 1)
    ]


def write_order(settings: Settings, file_format: str, rows: Sequence[dict[str, Any]]) -> Order:
    """The order of rows that the database is asked for."""
    parts = [
        select(
            *(
                (null() if row[name] is None else literal(row[name], TYPES[name])).label(name)
                if place
                else literal(row[name], TYPES[name]).label(name)
                for name in KINDS
            )
        )
        for place, row in enumerate(rows)
    ]
    found = union_all(*parts).subquery()
    statement = select(*(found.c[name] for name in KINDS)).order_by(found.c.n)
    engine = "sqlite" if settings.on_sqlite else "postgresql"
    table = ExportedTable(COLUMNS, lambda _: statement)
    return Order(
        file_format,
        [(name, kind.value) for name, kind in KINDS.items()],
        database=locate(settings),
        statement=exported_tables.write_statement(table, engine, file_format, STYLES),
    )


def give(file_format: str, rows: Sequence[dict[str, Any]]) -> Order:
    """The order of the same rows, given."""
    written = [
        [value.isoformat() if isinstance(value, date) else value for value in row.values()] for row in rows
    ]
    return Order(file_format, [(name, kind.value) for name, kind in KINDS.items()], rows=written)


async def run(order: Order) -> tuple[bytes, Outcome]:
    press = await printing.start(order)
    content = b""
    while piece := await press.read():
        content += piece
    outcome = await press.wait()
    assert outcome.size == len(content)
    assert outcome.checksum == hashlib.sha256(content).hexdigest()
    return content, outcome


def read_rows(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet2.xml")
    return sheet[sheet.index(b"<sheetData>") : sheet.index(b"</sheetData>")]


@pytest.mark.parametrize("seed", range(3))
async def test_the_database_writes_what_is_written_of_given_rows(seed: int, settings: Settings) -> None:
    rows = draw(seed, 150)
    csv_asked, _ = await run(write_order(settings, "csv", rows))
    csv_given, _ = await run(give("csv", rows))
    assert csv_asked == csv_given
    book_asked, told = await run(write_order(settings, "xlsx", rows))
    book_given, given = await run(give("xlsx", rows))
    asked_rows, given_rows = read_rows(book_asked), read_rows(book_given)
    assert re.sub(NUMBER, b"<v/>", asked_rows) == re.sub(NUMBER, b"<v/>", given_rows)
    pairs = zip(re.findall(NUMBER, asked_rows), re.findall(NUMBER, given_rows), strict=True)
    # One engine rounds days to the nearest millisecond, the other knows microseconds.
    assert all(abs(float(one) - float(other)) < 2e-8 for one, other in pairs)
    assert told.rows == given.rows == len(rows)


@pytest.mark.parametrize("seed", range(3, 5))
async def test_every_text_comes_back(seed: int, settings: Settings) -> None:
    rows = draw(seed, 150)
    content, outcome = await run(write_order(settings, "csv", rows))
    shown = list(csv.reader(io.StringIO(content.decode(), newline=""), strict=True))
    assert outcome.rows == len(shown) - 1 == len(rows)
    assert [read_cell(line[1]) for line in shown[1:]] == [row["t"] or "" for row in rows]
    assert all(line[1] == write_cell(row["t"] or "") for line, row in zip(shown[1:], rows, strict=True))
    packed, _ = await run(write_order(settings, "parquet", rows))
    table = parquet.read_table(io.BytesIO(packed))
    assert table.column("t").to_pylist() == [row["t"] for row in rows]
    assert table.column("f").to_pylist() == [row["f"] for row in rows]
    assert table.column("d").to_pylist() == [row["d"] for row in rows]
    cut = [row["m"].replace(microsecond=row["m"].microsecond // 1000 * 1000) for row in rows]
    assert table.column("m").to_pylist() == cut


async def test_cells_of_a_sheet_have_their_types(settings: Settings) -> None:
    rows = [row for row in draw(9, 100) if "_x0041_" not in (row["t"] or "")]
    content, _ = await run(write_order(settings, "xlsx", rows))
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Data"]
    for cells, row in zip(sheet.iter_rows(min_row=2), rows, strict=True):
        number, text, flag, moment, day = cells
        assert number.value == row["n"]
        assert flag.value is row["f"]
        assert day.value is None or day.value.date() == row["d"]
        assert abs(moment.value.replace(tzinfo=UTC) - row["m"]) < timedelta(milliseconds=2)
        if row["t"]:
            assert text.data_type in ("s", "inlineStr")
            assert (count_units(text.value) or 0) <= MOST_UNITS
            fits = (count_units(row["t"]) or 0) <= MOST_UNITS
            assert text.value == (row["t"] if fits else f"{row['t'][:16_000]}…")


async def test_a_sheet_that_is_full_gives_way_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(books, "MOST_ROWS", 10)
    monkeypatch.setattr(books, "PIECE", 100)
    rows = draw(11, 30)[:35]
    file = io.BytesIO()
    outcome = books.write(give("xlsx", rows), file, None)
    book = openpyxl.load_workbook(file)
    assert book.sheetnames == ["Definitions", "Data", "Data 2", "Data 3", "Data 4"]
    numbers = [sheet.max_row - 1 for sheet in book.worksheets[1:]]
    assert numbers == [10, 10, 10, 5]
    shown = [row[0] for sheet in book.worksheets[1:] for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert shown == [row["n"] for row in rows]
    assert outcome.rows == 35


async def test_what_xml_can_not_have_is_escaped_wherever_pieces_end() -> None:
    text = "a\x01b\rc\x1f_x0041_\ufffe"
    columns = [(name, kind.value) for name, kind in KINDS.items()]
    order = Order("xlsx", columns, statement=Statement(""))
    kinds = [kind.value for kind in KINDS.values()]
    whole = (lines.write_sheet_row([1, text, None, None, None], kinds, {}) + "\n").encode() * 5
    for size in (1, 7, 50, 1000):
        file = io.BytesIO()

        outcome = books.write(order, file, partial(pour_pieces, whole, size))
        assert outcome.rows == 5
        sheet = openpyxl.load_workbook(file)["Data"]
        assert {row[1] for row in sheet.iter_rows(min_row=2, values_only=True)} == {
            "a_x0001_b\rc_x001F__x005F_x0041__xFFFE_"
        }


def pour_pieces(
    whole: bytes,
    size: int,
    database: str,
    statement: Statement,
    count: Statement | None,
    sink: Sink,
    *,
    ending: str,
) -> list[tuple[Any, ...]]:
    """Pour something in pieces of one size."""
    for start in range(0, len(whole), size):
        sink(whole[start : start + size], 0)
    return []


def vars_of(order: Order) -> dict[str, Any]:
    return {name: getattr(order, name) for name in order.__slots__}


def test_styles_are_those_that_the_binding_gives() -> None:
    order = Order("xlsx", [("t", "text")])
    for tables in ([], [Table("T", ["a", "b"], [["x", 1]], [Chart("line", "C", [1])])]):
        assert binding.bind(order, tables, sheets=1, facts=[("a", "b")]).styles == STYLES


async def test_a_database_that_is_away_leaves_nothing_of_a_file(settings: Settings, tmp_path: Path) -> None:
    for file_format in ("csv", "xlsx"):
        order = write_order(settings, file_format, draw(1, 1))
        away = str(tmp_path / "none.db") if settings.on_sqlite else "postgresql://nobody@127.0.0.1:1/none"
        press = await printing.start(Order(**{**vars_of(order), "database": away}))
        assert await press.read() == b""
        with pytest.raises(PressFailed):
            await press.wait()


async def test_a_press_that_nobody_reads_ends_with_its_reader(settings: Settings) -> None:
    rows = [[place, "x" * 1000, None, None, None] for place in range(3_000)]
    press = await printing.start(
        Order("csv", [(name, kind.value) for name, kind in KINDS.items()], rows=rows)
    )
    assert await press.read()
    await press.stop()
    with pytest.raises(PressFailed):
        await press.wait()
