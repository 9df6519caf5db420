"""Printing: running the press beside this process, and hearing how it goes."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import IO

from app.integrations.press.orders import Order, Outcome

PIECE = 1 << 18
"""Bytes that are taken from the press at once."""

_ROOT = Path(__file__).parents[2]
_PASSED = ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
"""What the press is told of the environment, with what PostgreSQL's drivers look for; secrets are none of it."""


class PressFailed(Exception):
    """The press ended without a file; the text says why, for the log."""


class Press:
    """A running press; `rows` are those it has told of so far."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._outcome: Outcome | None = None
        self._why = "it ended without a word"
        self._hearing = asyncio.create_task(self._hear())
        self.rows = 0

    async def read(self) -> bytes:
        """Return the next piece of the file, nothing at its end, from a press that was started without a target."""
        return await self._process.stdout.read(PIECE) if self._process.stdout else b""

    async def wait(self) -> Outcome:
        """Return what was written, when the press has ended.

        Raises: PressFailed.
        """
        await self._hearing
        await self._process.wait()
        if self._outcome is None or self._process.returncode:
            raise PressFailed(self._why)
        return self._outcome

    async def stop(self) -> None:
        """End it, wherever it is; the database notices by itself."""
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()
        await self._hearing

    async def _hear(self) -> None:
        while self._process.stderr and (line := await self._process.stderr.readline()):
            try:
                said = json.loads(line)
            except ValueError:
                self._why = line.decode(errors="replace").strip()
                continue
            self.rows = said.get("rows", self.rows)
            self._why = said.get("failed", self._why)
            if "done" in said:
                self._outcome = Outcome(**said["done"])
                self.rows = self._outcome.rows


async def start(order: Order, target: IO[bytes] | None = None) -> Press:
    """Start a press on an order; it writes to a file, or without one to whoever reads.

    Raises: OSError.
    """
    passed = {name: value for name, value in os.environ.items() if name in _PASSED or name.startswith("PG")}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-m",
        "app.integrations.press.running",
        stdin=asyncio.subprocess.PIPE,
        stdout=target if target is not None else asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=passed | {"PYTHONPATH": str(_ROOT)},
        limit=PIECE,
    )
    press = Press(process)
    if process.stdin:
        process.stdin.write(order.write())
        process.stdin.close()
    return press
