"""The bell, and who may ring it."""

import asyncio
import subprocess
import sys
from threading import Thread

import pytest

from app.jobs import wake


async def test_any_number_of_rings_is_heard_once() -> None:
    bell = wake.Bell()
    for _ in range(10):
        bell.ring()
    assert await bell.heard(within=1)
    assert not await bell.heard(within=0.01)


async def test_it_rings_from_another_thread() -> None:
    bell = wake.Bell()
    Thread(target=bell.ring).start()
    assert await bell.heard(within=2)


def test_a_ring_for_a_loop_that_is_gone_is_no_error() -> None:
    async def make() -> wake.Bell:
        return wake.Bell()

    asyncio.run(make()).ring()


def test_notices_reach_listeners_until_they_leave() -> None:
    heard: list[str] = []

    def listener() -> None:
        heard.append("notice")

    wake.notify()
    wake.subscribe(listener)
    wake.notify()
    wake.unsubscribe(listener)
    wake.unsubscribe(listener)
    wake.notify()
    assert heard == ["notice"]


@pytest.mark.parametrize("module", ["app.jobs.wake", "app.jobs.work"])
def test_a_replica_that_only_wakes_does_not_load_the_engine(module: str) -> None:
    command = f"import sys, {module}; sys.exit('dbos' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", command], check=False).returncode == 0
