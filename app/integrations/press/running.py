"""Takes one order from standard input, writes its file to standard output, and tells how it went on standard error."""

import os
import sys
from dataclasses import asdict
from importlib import import_module
from typing import BinaryIO, NoReturn, cast

from app.integrations.press import orders
from app.integrations.press.gauges import say

NICENESS = 10
"""How far the press stands back from those who wait for an answer."""

_WRITERS = {"csv": "texts", "xlsx": "books", "parquet": "parquets"}
_SOURCES = {"postgresql": "copying", "sqlite": "stepping"}


def main() -> NoReturn:
    """Write a file and end the process, with status 0 if it is whole.

    It ends at once, without the interpreter's tidying: a library's threads may still be about to give
    back what they read, and die of an interpreter that is half away, after a file that is whole.
    """
    os.nice(NICENESS)
    order = orders.read(sys.stdin.buffer.readline())
    try:
        # Each is loaded only where it is needed: the drivers and libraries are most of this process.
        writer = import_module(f"{__package__}.{_WRITERS[order.format]}")
        source = "postgresql" if order.database.startswith("postgresql://") else "sqlite"
        pour = import_module(f"{__package__}.{_SOURCES[source]}").pour if order.database else None
        with os.fdopen(sys.stdout.fileno(), "wb", buffering=0, closefd=False) as target:
            outcome = writer.write(order, _Whole(cast("BinaryIO", target)), pour)
    except BrokenPipeError:
        os._exit(1)
    except Exception as error:  # noqa: BLE001  whoever started this process decides what it means
        say({"failed": f"{type(error).__name__}: {error}"})
        os._exit(1)
    say({"done": asdict(outcome)})
    os._exit(0)


class _Whole:
    """A pipe or file that takes all of a piece: without a buffer it may take less."""

    def __init__(self, target: BinaryIO) -> None:
        self._target = target

    def write(self, piece: bytes) -> int:
        """Write all of a piece."""
        left = memoryview(piece)
        while left:
            left = left[self._target.write(left) :]
        return len(piece)

    def flush(self) -> None:
        """Nothing is held back."""


if __name__ == "__main__":
    main()
