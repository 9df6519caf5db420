"""Workers on PostgreSQL: what wakes them, and how several share the work, also of the dead."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator

import asyncpg
import pytest
from dbos import DBOS

from app.core.config import Settings
from app.core.notices import CHANNEL
from app.jobs import pump, takeover, watch
from app.jobs.bridge import aside
from tests.jobs.clockwork import Drain, list_runs, running, workers


@pytest.fixture
async def api(bare: Settings) -> AsyncIterator[asyncpg.Connection]:
    """A connection as the API has one."""
    connection = await asyncpg.connect(bare.database_url)
    yield connection
    await connection.close()


async def test_a_notify_is_drained_at_once(bare: Settings, api: asyncpg.Connection) -> None:
    drain = Drain()
    async with running(bare, drain=drain):
        await drain.looks(within=5)
        await api.execute(f"NOTIFY {CHANNEL}")
        await drain.looks(within=0.5)


async def test_a_lost_session_is_opened_again(
    bare: Settings, api: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "_BETWEEN_ATTEMPTS", 0.01)
    drain = Drain()
    async with running(bare, drain=drain):
        await drain.looks(within=5)
        await api.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'ideabox worker'"
            " AND datname = current_database()"
        )
        await drain.looks(within=5)  # at what was missed
        await api.execute(f"NOTIFY {CHANNEL}")
        await drain.looks(within=0.5)


async def test_two_workers_do_periodic_work_once(bare: Settings) -> None:
    """They start at the same time on a database where DBOS has no tables yet."""
    async with workers(bare, "", "") as (one, other):
        ticks: asyncio.Queue[str] = asyncio.Queue()
        one.told["tick"] = other.told["tick"] = ticks
        await asyncio.gather(one.tells("started"), other.tells("started"))
        dues = [await asyncio.wait_for(ticks.get(), 10) for _ in range(3)]
        assert not any(await asyncio.gather(one.end(signal.SIGTERM), other.end(signal.SIGTERM)))
    while not ticks.empty():
        dues.append(ticks.get_nowait())
    assert len(set(dues)) == len(dues)


async def test_the_runs_of_a_killed_worker_are_taken_over(
    bare: Settings, monkeypatch: pytest.MonkeyPatch
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
    async with workers(bare, "stuck") as (victim,), running(bare):
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
