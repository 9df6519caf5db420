"""The clockwork as a whole: embedded on SQLite, in workers on PostgreSQL, alone and with others that die."""

import asyncio
import json
import os
import signal
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.metadata import version
from inspect import signature
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from dbos import DBOS, WorkflowStatus

from app.core import clock
from app.core.config import Settings
from app.jobs import engine, pump, retention, takeover, wake, watch
from app.jobs.bridge import aside
from app.jobs.engine import Engine, Periodic, Work

ROOT = Path(__file__).parents[2]


async def nothing() -> int:
    return 0


@asynccontextmanager
async def running(
    settings: Settings, drain: Callable[[], Awaitable[int]] = nothing, *schedule: Periodic
) -> AsyncIterator[Engine]:
    clockwork = await engine.start(settings, Work(drain, schedule))
    try:
        yield clockwork
    finally:
        assert await clockwork.stop()


async def list_runs(**wanted: Any) -> list[WorkflowStatus]:
    return await aside(partial(DBOS.list_workflows, **wanted))


@pytest.fixture
async def database(on_postgres: Settings) -> AsyncIterator[asyncpg.Connection]:
    """A connection as the API has one."""
    connection = await asyncpg.connect(on_postgres.database_url)
    yield connection
    await connection.close()


async def test_a_notice_is_drained_at_once(settings: Settings) -> None:
    drained = asyncio.Event()
    loop = asyncio.get_running_loop()

    async def drain() -> int:
        assert asyncio.get_running_loop() is loop
        assert DBOS.workflow_id is None  # our code is not inside a step of DBOS
        drained.set()
        return 0

    async with running(settings, drain):
        await asyncio.wait_for(drained.wait(), 5)  # what lay there before
        for _ in range(3):
            drained.clear()
            wake.notify()
            await asyncio.wait_for(drained.wait(), 0.5)


async def test_a_notify_is_drained_at_once(on_postgres: Settings, database: asyncpg.Connection) -> None:
    drained = asyncio.Event()

    async def drain() -> int:
        drained.set()
        return 0

    async with running(on_postgres, drain):
        await asyncio.wait_for(drained.wait(), 5)
        drained.clear()
        await database.execute(f"NOTIFY {watch.CHANNEL}")
        await asyncio.wait_for(drained.wait(), 0.5)


async def test_a_lost_session_is_opened_again(
    on_postgres: Settings, database: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "_BETWEEN_ATTEMPTS", 0.01)
    drained = asyncio.Event()

    async def drain() -> int:
        drained.set()
        return 0

    async with running(on_postgres, drain):
        await asyncio.wait_for(drained.wait(), 5)
        drained.clear()
        await database.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'ideabox worker'"
            " AND datname = current_database()"
        )
        await asyncio.wait_for(drained.wait(), 2)  # for what was missed
        drained.clear()
        await database.execute(f"NOTIFY {watch.CHANNEL}")
        await asyncio.wait_for(drained.wait(), 2)


async def test_a_poisoned_drain_is_tried_again(settings: Settings) -> None:
    attempts: list[int] = []
    recovered = asyncio.Event()

    async def drain() -> int:
        attempts.append(1)
        if len(attempts) < 3:
            message = "poisoned"
            raise RuntimeError(message)
        recovered.set()
        return 0

    async with running(settings, drain):
        await asyncio.wait_for(recovered.wait(), 5)


async def test_periodic_work_is_done_on_time(settings: Settings) -> None:
    dues: asyncio.Queue[datetime] = asyncio.Queue()
    async with running(settings, nothing, Periodic("test.tick", "* * * * * *", dues.put)):
        first = await asyncio.wait_for(dues.get(), 6)
        assert first.tzinfo == UTC
        assert first.microsecond == 0
        assert await asyncio.wait_for(dues.get(), 6) != first
        names = {schedule["schedule_name"] for schedule in await aside(DBOS.list_schedules)}
    assert names == {"test.tick", "jobs.retention"}


async def test_what_is_not_in_the_schedule_any_more_is_not_done(settings: Settings) -> None:
    async def tick(due_at: datetime) -> None: ...

    async with running(settings, nothing, Periodic("test.yearly", "0 0 1 1 *", tick)):
        pass
    async with running(settings):
        names = {schedule["schedule_name"] for schedule in await aside(DBOS.list_schedules)}
    assert names == {"jobs.retention"}


async def test_a_stop_lets_the_batch_finish(settings: Settings) -> None:
    entered, finish = asyncio.Event(), asyncio.Event()

    async def drain() -> int:
        entered.set()
        await finish.wait()
        return 7

    clockwork = await engine.start(settings, Work(drain))
    await asyncio.wait_for(entered.wait(), 5)
    stopping = asyncio.create_task(clockwork.stop())
    finish.set()
    assert await stopping
    async with running(settings):
        runs = await list_runs(name="jobs.drain")
    assert {(run.status, run.output) for run in runs} >= {("SUCCESS", 7)}
    assert len([run for run in runs if run.status == "PENDING"]) <= 1  # that of the second start


async def test_what_a_stop_cuts_short_is_done_after_the_next_start(
    on_sqlite: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "GRACE", 0.01)
    entered, again = asyncio.Event(), asyncio.Event()

    async def too_long(due_at: datetime) -> None:
        entered.set()
        await asyncio.Event().wait()

    async def short(due_at: datetime) -> None:
        again.set()

    async with running(on_sqlite, nothing, Periodic("test.long", "* * * * * *", too_long)):
        await asyncio.wait_for(entered.wait(), 5)
    async with running(on_sqlite, nothing, Periodic("test.long", "0 0 1 1 *", short)):
        await asyncio.wait_for(again.wait(), 5)


async def test_finished_runs_are_forgotten_in_time(settings: Settings) -> None:
    drained = asyncio.Event()

    async def drain() -> int:
        drained.set()
        return 0

    async with running(settings, drain):
        await asyncio.wait_for(drained.wait(), 5)
    now = clock.now()
    async with running(settings):
        assert await list_runs(status="SUCCESS")
        await retention.forget(now)
        assert await list_runs(status="SUCCESS")
        await retention.forget(now + timedelta(days=2))
        assert not await list_runs(status="SUCCESS")


async def test_a_process_has_one_clockwork(on_sqlite: Settings) -> None:
    async with running(on_sqlite):
        with pytest.raises(engine.AlreadyRunning):
            await engine.start(on_sqlite, Work(nothing))


async def test_a_start_that_fails_leaves_nothing_behind(on_sqlite: Settings, tmp_path: Path) -> None:
    nowhere = on_sqlite.model_copy(update={"database_url": f"sqlite:///{tmp_path}/no/such/folder/ideabox.db"})
    with pytest.raises(Exception, match="unable to open database file"):
        await engine.start(nowhere, Work(nothing))
    async with running(on_sqlite):
        pass


async def test_it_is_quiet_and_leaves_the_loop_as_it_was(
    settings: Settings, capfd: pytest.CaptureFixture[str]
) -> None:
    async with running(settings):
        assert asyncio.get_running_loop()._default_executor is None  # type: ignore[attr-defined]  # noqa: SLF001
    assert "dbos" not in capfd.readouterr().err.lower()


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
        return f":{self.process.pid}:" in (run.executor_id or "")

    async def end(self, sign: signal.Signals) -> int:
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


async def test_two_workers_do_periodic_work_once(on_postgres: Settings) -> None:
    """They start at the same time on a database where DBOS has no tables yet."""
    async with workers(on_postgres, "", "") as (one, other):
        one.told["tick"] = other.told["tick"] = ticks = asyncio.Queue()
        await asyncio.gather(one.tells("started"), other.tells("started"))
        dues = [await asyncio.wait_for(ticks.get(), 10) for _ in range(3)]
        assert await asyncio.gather(one.end(signal.SIGTERM), other.end(signal.SIGTERM)) == [0, 0]
    while not ticks.empty():
        dues.append(ticks.get_nowait())
    assert len(set(dues)) == len(dues)


async def test_the_runs_of_a_killed_worker_are_taken_over(
    on_postgres: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = asyncio.Event()

    async def take_over(connection: asyncpg.Connection, executor: str) -> list[str]:
        gone = await real(connection, executor)
        looked.set()
        return gone

    real = takeover.take_over
    monkeypatch.setattr(takeover, "take_over", take_over)
    monkeypatch.setattr(watch, "INTERVAL", 0.1)
    monkeypatch.setattr(pump, "LINGER", 0.1)
    async with workers(on_postgres, "stuck") as (victim,), running(on_postgres):
        await victim.tells("drain")
        for _ in range(2):
            looked.clear()
            await asyncio.wait_for(looked.wait(), 5)
        (stuck,) = filter(victim.has_run, await list_runs(name="jobs.drain"))
        assert stuck.status == "PENDING"  # it lives: its run is left to it
        await victim.end(signal.SIGKILL)
        async with asyncio.timeout(10):
            assert await aside(DBOS.get_result, stuck.workflow_id) == 0
        (done,) = await list_runs(workflow_ids=[stuck.workflow_id])
    assert done.status == "SUCCESS"
    assert f":{os.getpid()}:" in (done.executor_id or "")


def test_the_pinned_dbos_is_the_one_that_was_tried() -> None:
    """Taking over leans on a private method: read the notes of a new release before raising this."""
    assert version("dbos") == "3.4.0"
    assert list(signature(DBOS._recover_pending_workflows).parameters) == ["executor_ids"]  # noqa: SLF001
