"""THE table of what is measured where."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bench.figures import Figures
from bench.measures import (
    dashboards,
    exporting,
    listeners,
    memory,
    nights,
    reading,
    signing_in,
    starting,
    statements,
    writing,
)
from bench.scene import Scene


@dataclass(frozen=True, slots=True)
class Measure:
    """A subject, by the name that ONLY chooses it by; `on_sqlite` when it is measured there as well."""

    name: str
    run: Callable[[Scene, Figures], Awaitable[None]]
    on_sqlite: bool = False


MEASURES: tuple[Measure, ...] = (
    Measure("feed", reading.measure_feed, on_sqlite=True),
    Measure("changing-feed", reading.measure_changing_feed, on_sqlite=True),
    Measure("unchanged", reading.measure_unchanged),
    Measure("idea", reading.measure_idea, on_sqlite=True),
    Measure("search", reading.measure_search),
    Measure("vote", writing.measure_vote, on_sqlite=True),
    Measure("hot-vote", writing.measure_hot_vote),
    Measure("comment", writing.measure_comment),
    Measure("worker", writing.measure_beside_worker),
    Measure("statements", statements.measure_statements, on_sqlite=True),
    Measure("authentication", signing_in.measure_authentication),
    Measure("sign-ins", signing_in.measure_sign_ins),
    Measure("listeners", listeners.measure_listeners, on_sqlite=True),
    Measure("nights", nights.measure_nights),
    Measure("dashboards", dashboards.measure_dashboards),
    Measure("exports", exporting.measure_exports),
    Measure("memory", memory.measure_memory),
    Measure("start", starting.measure_start),
)
"""In the order in which they are run: what fills tables comes after what reads them."""
