"""Columns that many tables share."""

from datetime import datetime
from typing import Any

from sqlmodel import Field

from app.core import ids
from app.core.types import UtcDateTime


def key() -> Any:
    """Return a primary key: a fresh random identifier."""
    return Field(default_factory=ids.new, primary_key=True, max_length=ids.LENGTH)


def reference(target: str, *, index: bool = False, primary_key: bool = False, cascade: bool = False) -> Any:
    """Return a required foreign key, written as `table.column`."""
    shape: dict[str, Any] = {"index": index, "primary_key": primary_key, "max_length": ids.LENGTH}
    if cascade:
        shape["ondelete"] = "CASCADE"
    return Field(foreign_key=target, **shape)


def optional_reference(target: str, *, index: bool = False, cascade: bool = False) -> Any:
    """Return a foreign key that may be empty."""
    shape: dict[str, Any] = {"ondelete": "CASCADE"} if cascade else {}
    return Field(default=None, foreign_key=target, index=index, max_length=ids.LENGTH, **shape)


def moment() -> Any:
    """Return a required point in time."""
    return Field(sa_type=UtcDateTime)


def optional_moment(*, index: bool = False) -> Any:
    """Return a point in time that may be empty."""
    empty: datetime | None = None
    return Field(default=empty, sa_type=UtcDateTime, index=index)
