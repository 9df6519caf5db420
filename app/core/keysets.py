"""Keysets: where a page ends, as a row of values to compare with and as JSON for a cursor."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Tuple, literal, tuple_

from app.core.types import UtcDateTime

Place = list[Any]
"""The values that the last item of a page is sorted by, times as ISO text."""


def write(*values: Any) -> Place:
    """Return the place of an item, fit for JSON."""
    return [value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value for value in values]


def read_time(place: Place) -> Tuple:
    """Return the row of a place whose first value is a time and whose second is an identifier."""
    moment, identifier = place
    return tuple_(literal(datetime.fromisoformat(moment), UtcDateTime()), literal(identifier))
