"""Runs side by side: each arm for some seconds, in turn, several rounds, so that what the machine does meets all."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from statistics import median

from bench import load, processes
from bench.load import Load
from bench.processes import Server
from bench.scene import Scene


@dataclass(frozen=True, slots=True)
class Arm:
    """One side of a race: a server, and the streams of requests of one round, made anew for each."""

    server: Server
    streams: Callable[[], list[Iterator[bytes]]]
    status: int = 200


@dataclass(frozen=True, slots=True)
class Sample:
    """One round of an arm; processor times in milliseconds per request."""

    rate: float
    p50: float
    p99: float
    app_cpu: float
    database_cpu: float

    @property
    def cpu(self) -> float:
        """Processor time of application and database."""
        return self.app_cpu + self.database_cpu


Samples = list[Sample]


async def run(scene: Scene, arms: Mapping[str, Arm]) -> dict[str, Samples]:
    """Give each arm its turn in every round; returns the rounds of each."""
    found: dict[str, Samples] = {name: [] for name in arms}
    for _ in range(scene.rounds):
        for name, arm in arms.items():
            found[name].append(await sample(scene, arm))
    return found


async def sample(scene: Scene, arm: Arm) -> Sample:
    """Measure one round of one arm."""
    marks: list[tuple[float, float]] = []

    def mark() -> None:
        database = processes.read_cpu(scene.database) if scene.database else 0.0
        marks.append((processes.read_cpu(arm.server.pid), database))

    seen = await load.drive(
        arm.server.port, arm.streams(), seconds=scene.seconds, status=arm.status, on_window=mark
    )
    (app_begin, database_begin), (app_end, database_end) = marks
    share = 1000 / max(1, seen.requests)
    return _describe(seen, (app_end - app_begin) * share, (database_end - database_begin) * share)


def _describe(seen: Load, app_cpu: float, database_cpu: float) -> Sample:
    return Sample(seen.rate, seen.percentile(0.5), seen.percentile(0.99), app_cpu, database_cpu)


def compare(ours: Samples, others: Samples, read: Callable[[Sample], float]) -> list[float]:
    """Return the ratio of a figure in each round."""
    return [read(one) / read(other) for one, other in zip(ours, others, strict=True)]


def middle(samples: Samples) -> Sample:
    """Return the median of each figure."""
    return Sample(
        rate=median(one.rate for one in samples),
        p50=median(one.p50 for one in samples),
        p99=median(one.p99 for one in samples),
        app_cpu=median(one.app_cpu for one in samples),
        database_cpu=median(one.database_cpu for one in samples),
    )
