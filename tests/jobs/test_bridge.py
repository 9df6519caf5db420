"""Between DBOS's threads and our loop, in both directions."""

import asyncio
import threading

import pytest

from app.jobs.bridge import Bridge, Interrupted, aside


async def test_a_thread_gets_the_result_of_a_coroutine_on_the_loop() -> None:
    async def double(number: int) -> int:
        assert threading.current_thread() is threading.main_thread()
        return 2 * number

    assert await aside(Bridge().call, double, 21) == 42


async def test_a_thread_gets_what_the_coroutine_raises() -> None:
    async def fail() -> None:
        raise ValueError("poisoned")

    with pytest.raises(ValueError, match="poisoned"):
        await aside(Bridge().call, fail)


async def test_closing_waits_for_what_runs_and_refuses_what_comes() -> None:
    bridge, entered, finish = Bridge(), asyncio.Event(), asyncio.Event()

    async def work() -> str:
        entered.set()
        await finish.wait()
        return "done"

    running = asyncio.create_task(aside(bridge.call, work))
    await entered.wait()
    closing = asyncio.create_task(bridge.close(grace=5))
    await asyncio.sleep(0)
    with pytest.raises(Interrupted):
        await aside(bridge.call, work)
    finish.set()
    assert await closing
    assert await running == "done"


async def test_what_does_not_finish_is_cut_short_and_has_not_failed() -> None:
    bridge, entered = Bridge(), asyncio.Event()

    async def work() -> None:
        entered.set()
        await asyncio.Event().wait()

    running = asyncio.create_task(aside(bridge.call, work))
    await entered.wait()
    assert not await bridge.close(grace=0.01)
    with pytest.raises(Interrupted) as cut_short:
        await running
    # DBOS would record an `Exception` as the outcome of the run.
    assert not isinstance(cut_short.value, Exception)


async def test_the_end_of_the_process_does_not_wait_for_what_is_aside() -> None:
    assert await aside(lambda: threading.current_thread().daemon)
