"""Tables from spreadsheets: CSV of any make is read, and cells are written so that none is a formula."""

import csv
import io
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from app.integrations import encodings
from app.integrations.encodings import UnreadableFile

DELIMITERS = ",;\t"
"""What may stand between cells: English spreadsheets write the first, French ones the second."""

MAX_CELL = 100_000
"""Characters of one cell, unless the caller says less; the csv module itself ends at 131,072."""

MAX_ROWS = 1_000_000
"""Rows of one file, unless the caller says less."""

EXTRA = ""
"""The name under which a row keeps what stands beyond the last column of the header."""

_SEPARATOR_LINE = re.compile(r'"?sep=([,;\t])"?(?:\r\n|\n|\r)', re.IGNORECASE)

# A spreadsheet sees a formula behind blanks, quotes, separators and characters without width, too.
_FORMULA = re.compile(
    r"['\"\s,;|\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]*"
    r"(?:[=+\-@\uff1d\uff0b\uff0d\uff20]|(?<=[\t\r\n]))"
)


class WrongColumns(UnreadableFile):
    """The header line does not name the columns that are needed, each once."""

    code = "spreadsheets.columns"


class BrokenQuotes(UnreadableFile):
    """The quotes around a cell are not right: write a quote inside a cell twice, and close every cell."""

    code = "spreadsheets.quotes"


class CellTooLong(UnreadableFile):
    """A cell is longer than any text that is taken; perhaps a quote before it was never closed."""

    code = "spreadsheets.cell-too-long"


class TooManyRows(UnreadableFile):
    """The file has more rows than are taken at once."""

    code = "spreadsheets.too-many-rows"


class CutFile(UnreadableFile):
    """The file ends in the middle of a row."""

    code = "spreadsheets.cut"


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file: what was found out about it, and its rows, which are read while they are taken.

    `columns` are the names of the header, in the caller's spelling. Each row comes once, with the number of
    its first line in the file (the header is on line 1) and every column of the header: a cell that is not
    there is empty. What stands beyond the header is under `EXTRA`. Rows without any text are left out.
    """

    encoding: str
    delimiter: str
    columns: tuple[str, ...]
    rows: Iterator[tuple[int, dict[str, str]]]


def read_csv(
    content: bytes,
    *,
    required: Sequence[str],
    optional: Sequence[str] = (),
    verbatim: Collection[str] = (),
    keep_unknown: bool = False,
    max_cell: int = MAX_CELL,
    max_rows: int = MAX_ROWS,
) -> Table:
    """Read a CSV file of unknown make.

    1. The encoding is found by `encodings.decode`.
    2. The delimiter is the one with which the header names most of the columns; a first line `sep=;` decides.
    3. Names of columns are trimmed and compared without case. Columns that were not asked for are refused,
       or kept in lower case with `keep_unknown`. Empty columns at the end are left out.
    4. Cells are trimmed, except those of the columns in `verbatim`, which keep every character.

    The rows are read while they are taken, and what is wrong in one is raised then: apply nothing before
    the last one.

    Raises: UndecodableText, NulCharacter, WrongColumns; while rows are taken BrokenQuotes, CellTooLong,
    TooManyRows, CutFile.
    """
    text, encoding = encodings.decode(content)
    first = _SEPARATOR_LINE.match(text)
    known = {name.casefold(): name for name in (*required, *optional)}
    delimiter = first.group(1) if first else _find_delimiter(text, known)
    lines = _Lines(text, first.end() if first else 0, delimiter, max_cell)
    columns = _name_columns(lines.read() or [], known, keep_unknown=keep_unknown)
    missing = [name for name in required if name not in columns]
    if missing:
        raise WrongColumns(f"These columns are missing: {', '.join(missing)}.", line=lines.start)
    return Table(encoding, delimiter, columns, _read_rows(lines, columns, frozenset(verbatim), max_rows))


def write_cell(text: str) -> str:
    """Guard a text against being taken for a formula: an apostrophe in front where it could be one.

    A formula begins with `= + - @`, in their usual or full width, or after a tab or a line end; blanks,
    quotes and separators may precede it (CWE-1236). `read_cell` gives back every text exactly. Write all
    cells quoted, so that a separator inside one starts no other.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def read_cell(text: str) -> str:
    """Take away the apostrophe that `write_cell` put in front; any other text stays as it is."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text, 1) else text


class _Lines:
    """A csv reader that knows where a row starts and says in our words what is wrong with it."""

    def __init__(self, text: str, begin: int, delimiter: str, max_cell: int) -> None:
        self._source = io.StringIO(text, newline="")
        self._source.seek(begin)
        self._reader = csv.reader(self._source, delimiter=delimiter, strict=True)
        self._before = 1 if begin else 0
        self._max_cell = max_cell
        self._end = len(text) if not text.endswith(("\n", "\r")) else -1
        self.start = 1

    def read(self) -> list[str] | None:
        """Return the cells of the next row, None at the end."""
        self.start = self._before + self._reader.line_num + 1
        try:
            cells = next(self._reader, None)
        except csv.Error as error:
            kind = CellTooLong if "field limit" in str(error) else BrokenQuotes
            raise kind(f"{kind.__doc__} The row starts at line {self.start}.", line=self.start) from error
        for column, cell in enumerate(cells or (), 1):
            if len(cell) > self._max_cell:
                detail = f"Cell {column} of line {self.start} has more than {self._max_cell} characters."
                raise CellTooLong(detail, line=self.start, column=column)
        return cells

    def are_cut(self) -> bool:
        """Tell whether the row read last ends the file without a line end."""
        return self._source.tell() == self._end


def _find_delimiter(text: str, known: Collection[str]) -> str:
    def count_known(delimiter: str) -> tuple[int, int]:
        try:
            header = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
        except csv.Error:
            return 0, 0
        return sum(_fold(name) in known for name in header), len(header)

    return max(DELIMITERS, key=count_known)


def _fold(name: str) -> str:
    return name.strip().casefold()


def _name_columns(header: list[str], known: dict[str, str], *, keep_unknown: bool) -> tuple[str, ...]:
    names = [_fold(name) for name in header]
    while names and not names[-1]:
        names.pop()
    unnamed = [str(place) for place, name in enumerate(names, 1) if not name]
    if unnamed:
        raise WrongColumns(f"These columns have no name: {', '.join(unnamed)}.")
    unknown = [name for name in names if name not in known]
    if unknown and not keep_unknown:
        expected = ", ".join(known.values())
        raise WrongColumns(f"These columns are not known: {', '.join(unknown)}. Known are: {expected}.")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise WrongColumns(f"These columns are named more than once: {', '.join(twice)}.")
    return tuple(known.get(name, name) for name in names)


def _read_rows(
    lines: _Lines, columns: tuple[str, ...], verbatim: frozenset[str], max_rows: int
) -> Iterator[tuple[int, dict[str, str]]]:
    taken = 0
    while (cells := lines.read()) is not None:
        if not any(cell.strip() for cell in cells):
            continue
        taken += 1
        if taken > max_rows:
            raise TooManyRows(f"The file has more than {max_rows} rows.", line=lines.start)
        # Spreadsheets leave out empty cells at the end of a row, but they end every line.
        if len(cells) < len(columns) and lines.are_cut():
            raise CutFile(f"The last row has {len(cells)} of {len(columns)} cells.", line=lines.start)
        yield lines.start, _name_cells(cells, columns, verbatim)


def _name_cells(cells: list[str], columns: tuple[str, ...], verbatim: frozenset[str]) -> dict[str, str]:
    padded = cells + [""] * (len(columns) - len(cells))
    named = zip(columns, padded, strict=False)
    row = {name: cell if name in verbatim else cell.strip() for name, cell in named}
    extra = [cell for cell in cells[len(columns) :] if cell.strip()]
    return row | {EXTRA: ", ".join(extra)} if extra else row
