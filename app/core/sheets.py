"""Sheets: what a cell of a file may hold, whoever writes it; of the standard library alone, for a small process."""

from datetime import date, datetime
from enum import StrEnum

FORMULA = "=+-@\uff1d\uff0b\uff0d\uff20"
"""What a formula begins with for a spreadsheet, in usual and in full width."""

BREAKS = "\t\r\n"
"""After what a spreadsheet begins anew, so that anything behind it could be a formula."""

_BLANKS = (
    " \x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
_MARKS = "'\",;|"
_WIDTHLESS = (
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064\ufeff"
)
SKIPPED = _BLANKS + _MARKS + _WIDTHLESS
"""What a spreadsheet may pass over before it sees a formula, `BREAKS` apart."""

MOST_UNITS = 32_767
"""The longest text of a cell of a spreadsheet, in units of UTF-16."""

CUT = 16_000
"""Characters that are left of a longer one, whatever they are made of."""

MOST_ROWS = 1_048_575
"""Rows of a sheet below its header (ECMA-376 leaves it open; spreadsheets hold 2^20)."""

FIRST_DAY = 25_569
"""The first of January 1970 as spreadsheets count days."""

_DAY = 86_400


class Kind(StrEnum):
    """What the values of a column are."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    TIME = "time"
    DAY = "day"


def count_units(text: str | None) -> int | None:
    """Return the length of a text in units of UTF-16."""
    return None if text is None else len(text.encode("utf-16-le")) // 2


def fit(text: str) -> str:
    """Return a text as a cell holds it: cut where it is longer than any."""
    return text if (count_units(text) or 0) <= MOST_UNITS else f"{text[:CUT]}…"


def count_serial_day(moment: datetime | date) -> float:
    """Return a moment (UTC) or a day as spreadsheets count them, from 1900 on."""
    if isinstance(moment, datetime):
        return round(moment.timestamp() / _DAY + FIRST_DAY, 8)
    return float(moment.toordinal() - date(1970, 1, 1).toordinal() + FIRST_DAY)
