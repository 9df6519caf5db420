"""Gauges: what passed to a file or a reader: bytes, their checksum, and rows so far, told once a second."""

import hashlib
import json
import sys
import time
from typing import BinaryIO

EVERY = 1.0


class Gauge:
    """Writes to a file or a pipe that can't go back, and keeps count."""

    def __init__(self, target: BinaryIO) -> None:
        self._target = target
        self._hash = hashlib.sha256()
        self._told = time.monotonic()
        self.size = 0
        self.rows = 0

    @property
    def checksum(self) -> str:
        """SHA-256 of what was written, hexadecimal."""
        return self._hash.hexdigest()

    def write(self, piece: bytes) -> int:
        """Write all of a piece; blocks while the reader is slower."""
        self._target.write(piece)
        self._hash.update(piece)
        self.size += len(piece)
        if time.monotonic() - self._told > EVERY:
            self._told = time.monotonic()
            say({"rows": self.rows, "size": self.size})
        return len(piece)

    def flush(self) -> None:
        """Pass on what is still held back."""
        self._target.flush()


def say(fact: dict[str, object]) -> None:
    """Tell whoever started this process; ends it when nobody is there any more.

    Raises: BrokenPipeError.
    """
    sys.stderr.write(json.dumps(fact) + "\n")
    sys.stderr.flush()
