"""Hearing of the connections that are opened meanwhile."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Pool, event


@contextmanager
def opening(begin: Callable[[Any], None]) -> Iterator[None]:
    """Have each connection of any pool that is opened within begin with something."""

    def opened(connection: Any, _record: Any) -> None:
        begin(connection)

    event.listen(Pool, "connect", opened)
    try:
        yield
    finally:
        event.remove(Pool, "connect", opened)
