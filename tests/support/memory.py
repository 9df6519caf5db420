"""Files that are in memory, for databases that nobody misses: nothing of them waits for a disk."""

import os
import shutil
import tempfile
from pathlib import Path

PLACE = Path("/dev/shm")  # noqa: S108  what Linux keeps in memory, and whoever may write there may read
_ROOM = 1 << 30
"""Bytes that have to be free; the databases of a run, with the log that PostgreSQL writes, take half of it."""


def make_directory(prefix: str) -> Path | None:
    """Make a directory in memory that its owner alone may enter; None where there is no memory for files."""
    if not os.access(PLACE, os.W_OK | os.X_OK) or shutil.disk_usage(PLACE).free < _ROOM:
        return None
    return Path(tempfile.mkdtemp(prefix=prefix, dir=PLACE))
