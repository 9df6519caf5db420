"""One process at a time on an SQLite file: the server and every writing command take the same lock."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from app.core.config import Settings


class AnotherProcess(Exception):
    """Another process of Ideabox serves or writes this SQLite file."""


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Hold the lock of the SQLite file while the block runs; on PostgreSQL there is nothing to hold.

    The kernel lets the lock go when the process ends, however it ends.

    Raises: AnotherProcess.
    """
    if not settings.on_sqlite:
        yield
        return
    path = settings.sqlite_path.with_name(settings.sqlite_path.name + ".lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            message = f"{settings.sqlite_path} is in use by a running Ideabox: stop it first."
            raise AnotherProcess(message) from error
        yield
