"""Clockworks for the tests: one in this process, and workers in processes of their own."""

import asyncio
import json
import signal
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from dbos import DBOS, WorkflowStatus

from app.core.config import Settings
from app.jobs import engine
from app.jobs.bridge import aside
from app.jobs.work import Periodic, Work

ROOT = Path(__file__).parents[2]


class Drain:
    """A drain that finds nothing, and tells that it looked."""

    def __init__(self) -> None:
        self._looked = asyncio.Event()

    async def __call__(self) -> int:
        self._looked.set()
        return 0

    async def looks(self, *, within: float) -> None:
        """Wait until it looks, and forget that it did."""
        await asyncio.wait_for(self._looked.wait(), within)
        self._looked.clear()


@asynccontextmanager
async def running(
    settings: Settings, *schedule: Periodic, drain: Callable[[], Awaitable[int]] | None = None
) -> AsyncIterator[None]:
    """Have a clockwork in this process."""
    clockwork = await engine.start(settings, Work({"events.drain": drain or Drain()}, schedule))
    try:
        yield
    finally:
        assert await clockwork.stop()


async def list_runs(**wanted: Any) -> list[WorkflowStatus]:
    """Ask DBOS for its runs."""
    return await aside(partial(DBOS.list_workflows, **wanted))


class Worker:
    """A worker process, and the lines in which it tells what happens in it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.told: dict[str, asyncio.Queue[Any]] = defaultdict(asyncio.Queue)
        self._listening = asyncio.create_task(self._listen())

    async def tells(self, fact: str) -> Any:
        """Wait until it tells of something, and return what it says."""
        return await asyncio.wait_for(self.told[fact].get(), 10)

    def has_run(self, run: WorkflowStatus) -> bool:
        """Tell whether a run is, or was last, in its hands."""
        return f":{self.process.pid}:" in (run.executor_id or "")

    async def end(self, sign: signal.Signals) -> int:
        """End it with a signal, and return its exit status."""
        if self.process.returncode is None:
            self.process.send_signal(sign)
        status = await asyncio.wait_for(self.process.wait(), 10)
        await self._listening
        return status

    async def _listen(self) -> None:
        assert self.process.stdout
        while line := await self.process.stdout.readline():
            for fact, value in json.loads(line).items():
                self.told[fact].put_nowait(value)


@asynccontextmanager
async def workers(settings: Settings, *modes: str) -> AsyncIterator[list[Worker]]:
    """Start workers at the same time, in processes of their own, and end them at the latest with the test."""
    command = [sys.executable, "-m", "tests.jobs.worker", settings.database_url]
    started = [
        Worker(await asyncio.create_subprocess_exec(*command, mode, stdout=asyncio.subprocess.PIPE, cwd=ROOT))
        for mode in modes
    ]
    try:
        yield started
    finally:
        for worker in started:
            await worker.end(signal.SIGKILL)
