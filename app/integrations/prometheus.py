"""Metrics as Prometheus reads them: what the jobs of this process did, and what waits in the database."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import accumulate

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from app.core.meters import BOUNDS, Backlog, Meter

CONTENT_TYPE = CONTENT_TYPE_LATEST

_JOB = ["job"]


def write(meters: Mapping[str, Meter], backlogs: Mapping[str, Backlog] | None, *, now: datetime) -> bytes:
    """Return the metrics in the text form of Prometheus; without backlogs the database is away.

    The counters are those of this process since its start, the backlogs are everybody's: sum the former over the
    processes, and take the highest of the latter.
    """
    # A registry for each answer: the one of the library lives for good, and would keep what is asked for here.
    registry = CollectorRegistry()
    registry.register(_Answer([*_describe_meters(meters), *_describe_backlogs(backlogs, now)]))
    return generate_latest(registry)


class _Answer(Collector):
    """Metrics that are worked out already."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        return self._families


def _describe_meters(meters: Mapping[str, Meter]) -> Iterator[Metric]:
    runs = CounterMetricFamily("ideabox_job_runs", "Runs that had something to do, or failed.", labels=_JOB)
    failures = CounterMetricFamily("ideabox_job_failures", "Runs that failed.", labels=_JOB)
    rows = CounterMetricFamily("ideabox_job_rows", "Rows that runs handled.", labels=_JOB)
    seconds = HistogramMetricFamily("ideabox_job_seconds", "How long runs took.", labels=_JOB)
    succeeded = GaugeMetricFamily(
        "ideabox_job_last_success_timestamp_seconds", "When a run last went well.", labels=_JOB
    )
    failed = GaugeMetricFamily(
        "ideabox_job_last_failure_timestamp_seconds", "When a run last failed.", labels=_JOB
    )
    for name, meter in meters.items():
        runs.add_metric([name], meter.runs)
        failures.add_metric([name], meter.failures)
        rows.add_metric([name], meter.handled)
        bounds = [*map(str, BOUNDS), "+Inf"]
        counts = accumulate(meter.spread)
        seconds.add_metric([name], list(zip(bounds, counts, strict=True)), meter.seconds)
        if meter.succeeded_at:
            succeeded.add_metric([name], meter.succeeded_at.timestamp())
        if meter.failed_at:
            failed.add_metric([name], meter.failed_at.timestamp())
    yield from (runs, failures, rows, seconds, succeeded, failed)


def _describe_backlogs(backlogs: Mapping[str, Backlog] | None, now: datetime) -> Iterator[Metric]:
    answers = GaugeMetricFamily("ideabox_database_up", "1 when the database answers, else 0.")
    answers.add_metric([], 0 if backlogs is None else 1)
    waiting = GaugeMetricFamily("ideabox_job_waiting_rows", "Rows that are due and not done.", labels=_JOB)
    age = GaugeMetricFamily(
        "ideabox_job_oldest_waiting_seconds", "How long the oldest of them is due.", labels=_JOB
    )
    dead = GaugeMetricFamily("ideabox_job_dead_rows", "Rows that were given up.", labels=_JOB)
    for name, backlog in (backlogs or {}).items():
        waiting.add_metric([name], backlog.waiting)
        age.add_metric([name], max(0.0, (now - backlog.oldest).total_seconds()) if backlog.oldest else 0)
        dead.add_metric([name], backlog.dead)
    yield from (answers, waiting, age, dead)
