"""Pouring: the shape of what gives the lines of a file, whatever database they come from."""

from collections.abc import Callable
from typing import Any, Protocol

from app.integrations.press.orders import Statement

Sink = Callable[[bytes, int], None]
"""Takes the next bytes, and how many lines end in them; blocks until whoever reads keeps up."""


class Pour(Protocol):
    """Pours the lines of a statement into a sink, each with its ending, and returns what `count` gives.

    Both are asked in one read transaction. Lines that end with a line feed alone need not be counted.
    """

    def __call__(
        self, database: str, statement: Statement, count: Statement | None, sink: Sink, *, ending: str
    ) -> list[tuple[Any, ...]]:
        """Pour."""
