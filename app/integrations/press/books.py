"""Workbooks: definitions first, then small tables with charts, then the data, of which only a piece is in memory.

XlsxWriter writes everything but the rows of the data, which the database has written already. What tells of them (their
number, their checksum) is in a part of the file that comes after them.
"""

import hashlib
import re
import zipfile
from typing import IO, BinaryIO, cast

from app.core.sheets import MOST_ROWS
from app.integrations.press import binding, lines
from app.integrations.press.binding import Skeleton
from app.integrations.press.gauges import Gauge
from app.integrations.press.orders import Order, Outcome, Table
from app.integrations.press.pouring import Pour

PIECE = 256 * 1024
"""Bytes of rows that are packed at once."""

MOST_BYTES = 1_900_000_000
"""Bytes of one sheet before it is packed: archives that all spreadsheets read end below 2^31."""

_END = lines.END.encode()
_LEVEL = 1
_FORBIDDEN = bytes(code for code in range(0x20) if code not in b"\t\n\r")
_ILLEGAL = re.compile(b"[" + re.escape(_FORBIDDEN) + b"]|\xef\xbf[\xbe\xbf]")
_LOOKALIKE = re.compile(rb"_(?=x[0-9A-Fa-f]{4}_)")


def write(order: Order, target: BinaryIO, pour: Pour | None) -> Outcome:
    """Write the file of an order; `pour` is where its rows come from, None for rows that are given."""
    gauge = Gauge(target)
    skeleton = binding.bind(order, order.tables, sheets=1, facts=[])
    # Closed only when it is whole: the end of an archive would make a part of it look like all.
    archive = zipfile.ZipFile(cast("IO[bytes]", gauge), "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL)
    data = _Data(archive, gauge, skeleton, before=binding.count_before(order.tables))
    tables = _fill(order, data, pour, skeleton.styles)
    data.finish()
    facts = [("rows", str(gauge.rows)), ("SHA-256 of the rows", data.checksum)]
    for name, part in binding.bind(order, tables, sheets=data.sheets, facts=facts).parts.items():
        archive.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    archive.close()
    gauge.flush()
    return Outcome(gauge.rows, gauge.size, gauge.checksum, data.checksum)


def escape_rows(rows: bytes) -> bytes:
    """Return whole rows with what XML can't have, written as spreadsheets write it (`_x0001_`), and what looks so."""
    if b"_x" in rows:
        rows = _LOOKALIKE.sub(b"_x005F_", rows)
    if b"\r" in rows:
        rows = rows.replace(b"\r", b"&#13;")
    if len(rows.translate(None, _FORBIDDEN)) != len(rows) or b"\xef\xbf" in rows:
        rows = _ILLEGAL.sub(lambda found: b"_x%04X_" % ord(found.group().decode()), rows)
    return rows


def _fill(order: Order, data: "_Data", pour: Pour | None, styles: dict[str, str]) -> list[Table]:
    """Write the rows, and return the small tables with what was counted in the first one."""
    tables = list(order.tables)
    if pour is None or order.statement is None:
        kinds = [kind for _, kind in order.columns]
        for row in order.rows:
            data.take((lines.write_sheet_row(row, kinds, styles) + "\n").encode(), 1)
        return tables
    counted = pour(order.database, order.statement, order.count, data.take, ending="\n")
    if counted and tables:
        rows = [list(row) for row in counted]
        tables[0] = Table(tables[0].title, tables[0].columns, rows, tables[0].charts)
    return tables


class _Data:
    """The sheets of the data: rows come in pieces of any size, and begin a new sheet where one is full."""

    def __init__(self, archive: zipfile.ZipFile, gauge: Gauge, skeleton: Skeleton, *, before: int) -> None:
        self._archive = archive
        self._gauge = gauge
        self._skeleton = skeleton
        self._before = before
        self._hash = hashlib.sha256()
        self._held = bytearray()
        self._rows = self._size = 0
        self.sheets = 1
        self._part: IO[bytes] | None = None

    @property
    def checksum(self) -> str:
        """SHA-256 of all rows as they stand in the sheets, hexadecimal."""
        return self._hash.hexdigest()

    def take(self, piece: bytes, _rows: int) -> None:
        """Take the next bytes."""
        self._held += piece
        if len(self._held) >= PIECE:
            end = self._held.rfind(_END) + len(_END)
            if end >= len(_END):
                whole = bytes(self._held[:end])
                del self._held[:end]
                self._put(escape_rows(whole))

    def finish(self) -> None:
        """Write what is left, and end the last sheet."""
        self._put(escape_rows(bytes(self._held)))
        self._close()

    def _put(self, rows: bytes) -> None:
        """Write whole rows; a sheet that is full gives way to the next."""
        part = self._part or self._open()
        while rows:
            if self._rows >= MOST_ROWS or self._size > MOST_BYTES:
                self._close()
                self.sheets += 1
                part = self._open()
            number, end = rows.count(_END), len(rows)
            if self._rows + number > MOST_ROWS:
                number, end = MOST_ROWS - self._rows, _find(rows, MOST_ROWS - self._rows)
            part.write(rows[:end])
            self._hash.update(rows[:end])
            self._rows += number
            self._size += end
            self._gauge.rows += number
            rows = rows[end:]

    def _open(self) -> IO[bytes]:
        # Only when there are rows, so that a database that is away leaves nothing of a file behind.
        self._rows = self._size = 0
        part = self._part = self._archive.open(binding.name_part(self._before + self.sheets), "w")
        part.write(self._skeleton.opening)
        return part

    def _close(self) -> None:
        if self._part is not None:
            self._part.write(self._skeleton.closing)
            self._part.close()


def _find(rows: bytes, number: int) -> int:
    """Return where so many rows end."""
    end = 0
    for _ in range(number):
        end = rows.index(_END, end) + len(_END)
    return end
