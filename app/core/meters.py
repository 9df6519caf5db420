"""Meters: what the jobs of this process did, counted in memory; whoever shows them reads them there."""

import time
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from app.core import clock

BOUNDS = (0.005, 0.02, 0.1, 0.5, 2.0, 10.0, 60.0)
"""Seconds up to which runs are counted together; the last count has those that took longer."""


@dataclass(slots=True)
class Meter:
    """What one job did since the process started: runs that had something to do, or failed.

    `succeeded_at` is also moved by a look that found nothing: the job lives.
    """

    runs: int = 0
    failures: int = 0
    handled: int = 0
    seconds: float = 0.0
    spread: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    succeeded_at: datetime | None = None
    failed_at: datetime | None = None
    failure: str | None = None

    def note(self, seconds: float, *, handled: int, failure: str | None, at: datetime) -> None:
        """Count a run that took so many seconds; `failure` is the name of the error that ended it."""
        self.runs += 1
        self.handled += handled
        self.seconds += seconds
        self.spread[bisect_left(BOUNDS, seconds)] += 1
        if failure is None:
            self.succeeded_at = at
        else:
            self.failures += 1
            self.failed_at, self.failure = at, failure


@dataclass(slots=True)
class Run:
    """A run under way, which says how many rows it handled; `idle` when it found nothing to do."""

    handled: int = 0
    idle: bool = False


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits for a drain: rows that are due and not done, since when the oldest is, and dead letters.

    A digest that is due tomorrow does not wait yet; what failed and is tried again later does.
    """

    waiting: int = 0
    oldest: datetime | None = None
    dead: int = 0


class Meters:
    """The meters of the jobs of a process, by name."""

    def __init__(self) -> None:
        self.of: dict[str, Meter] = {}

    def add(self, name: str) -> Meter:
        """Return the meter of a job, which shows zeros from the start: what never ran is seen too."""
        return self.of.setdefault(name, Meter())

    @contextmanager
    def measure(self, name: str) -> Iterator[Run]:
        """Measure a run of a job; what it raises is counted and goes on.

        A run that the end of the process cuts short is neither a success nor a failure.
        """
        run, meter, began = Run(), self.add(name), time.perf_counter()
        try:
            yield run
        except Exception as error:
            lasted = time.perf_counter() - began
            meter.note(lasted, handled=0, failure=type(error).__name__, at=clock.now())
            raise
        if run.idle:
            meter.succeeded_at = clock.now()
        else:
            lasted = time.perf_counter() - began
            meter.note(lasted, handled=run.handled, failure=None, at=clock.now())


METERS = Meters()
"""Those of this process, which runs at most one clockwork."""
