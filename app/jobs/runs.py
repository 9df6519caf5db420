"""The two workflows that DBOS keeps, retries and recovers: draining rows that wait, and one periodic run."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from dbos import DBOS, DBOSConfig, ScheduleInput, StepOptions

from app.jobs import state
from app.jobs.bridge import Bridge
from app.jobs.pump import Pump
from app.jobs.rounds import Rounds
from app.jobs.work import Periodic

EVENTS = "events.drain"
"""The drain of the event rows, which is also that of runs from before there were others."""

CRASHES = 20
"""How often a run may take its process down with it before it is set aside."""

# The pauses are slept through in a thread that the end of the process waits for: seconds, not minutes.
_DRAIN: StepOptions = {
    "retries_allowed": True,
    "max_attempts": 3,
    "interval_seconds": 0.25,
    "backoff_rate": 2.0,
}
_PERIODIC: StepOptions = {
    "retries_allowed": True,
    "max_attempts": 4,
    "interval_seconds": 1.0,
    "backoff_rate": 3.0,
}


def launch(
    config: DBOSConfig, bridge: Bridge, pumps: Mapping[str, Pump], rounds: Rounds
) -> Callable[[str], object]:
    """Launch DBOS for this process, and return what has the pump of a name drain in a run of DBOS.

    Both block: they belong into a thread aside. DBOS creates or migrates its tables, one process at a time.
    """

    @DBOS.workflow(name="jobs.drain", max_recovery_attempts=CRASHES)
    def drain(name: str = EVENTS) -> int:
        pump = pumps.get(name)
        # A run may be recovered by a release that has no such drain any more.
        return DBOS.run_step({**_DRAIN, "name": name}, bridge.call, pump.work_off) if pump else 0

    # Not a coroutine: DBOS would give the loop a pool of its own threads, without bound.
    @DBOS.workflow(name="jobs.periodic", max_recovery_attempts=CRASHES)
    def run_periodic(due_at: datetime, name: str) -> None:
        DBOS.run_step({**_PERIODIC, "name": name}, bridge.call, rounds.make, name, due_at.astimezone(UTC))

    state.quieten()
    DBOS(config=config)
    DBOS.launch()
    for known in DBOS.list_schedules():
        if known["schedule_name"] not in rounds.schedule:
            DBOS.delete_schedule(known["schedule_name"])
    DBOS.apply_schedules([_plan(periodic, run_periodic) for periodic in rounds.schedule.values()])
    return drain


def close(executor: str, *, recording: float) -> None:
    """Stop DBOS, giving runs that have just ended so many seconds to record how; blocks."""
    deadline = time.monotonic() + recording
    try:
        while time.monotonic() < deadline and DBOS.list_workflows(
            status="PENDING", executor_id=executor, limit=1, load_input=False, load_output=False
        ):
            time.sleep(0.02)  # the wait of DBOS itself goes by whole seconds
    finally:
        DBOS.destroy(destroy_registry=True)


def _plan(periodic: Periodic, run: Callable[[datetime, str], None]) -> ScheduleInput:
    return {
        "schedule_name": periodic.name,
        "workflow_fn": run,
        "schedule": periodic.cron,
        "context": periodic.name,
        "automatic_backfill": periodic.catch_up,
    }
