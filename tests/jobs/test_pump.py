"""When event rows are worked off, and when not."""

import asyncio

import pytest

from app.jobs import pump, wake


class Rows:
    """Event rows in memory, and how often they were looked at."""

    def __init__(self, batches: int = 0) -> None:
        self.batches = batches
        self.looks = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.entered = asyncio.Event()

    async def drain(self) -> int:
        self.looks += 1
        self.entered.set()
        await self.gate.wait()
        if not self.batches:
            return 0
        self.batches -= 1
        return 100


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pump, "LINGER", 0.01)
    monkeypatch.setattr(pump, "GATHER", 0.0)


async def test_it_drains_until_nothing_is_left() -> None:
    rows = Rows(batches=3)
    assert await pump.Pump(rows.drain, wake.Bell()).work_off() == 300
    assert rows.looks == 4


async def test_rings_during_a_batch_cause_one_more() -> None:
    rows, bell = Rows(), wake.Bell()
    rows.gate.clear()
    working = asyncio.create_task(pump.Pump(rows.drain, bell).work_off())
    await rows.entered.wait()
    for _ in range(50):
        bell.ring()
    rows.gate.set()
    assert await working == 0
    assert rows.looks == 2


async def test_a_second_run_leaves_it_to_the_first_which_looks_once_more() -> None:
    rows, bell = Rows(), wake.Bell()
    rows.gate.clear()
    both = pump.Pump(rows.drain, bell)
    first = asyncio.create_task(both.work_off())
    await rows.entered.wait()
    rows.batches = 5
    assert await asyncio.wait_for(both.work_off(), 2) == 0
    assert rows.looks == 1
    rows.batches = 0
    rows.gate.set()
    await first
    assert rows.looks == 2


async def test_no_run_starts_beside_one_that_dbos_recovered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pump, "LINGER", 60)
    rows, bell = Rows(), wake.Bell()
    rows.gate.clear()
    both = pump.Pump(rows.drain, bell)
    recovered = asyncio.create_task(both.work_off())
    await rows.entered.wait()
    going = asyncio.create_task(both.keep_going(lambda: pytest.fail("started")))
    bell.ring()
    for _ in range(5):
        await asyncio.sleep(0)  # the ring is heard, and left to the one at work
    rows.entered.clear()
    rows.gate.set()
    await asyncio.wait_for(rows.entered.wait(), 2)
    assert rows.looks == 2
    both.stop()
    await asyncio.gather(recovered, going)


async def test_rows_are_found_though_nobody_rang(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pump, "SAFETY_NET", 0.01)
    rows = Rows(batches=2)
    ran = asyncio.Event()

    async def run() -> None:
        ran.set()

    going = asyncio.create_task(pump.Pump(rows.drain, wake.Bell()).keep_going(run))
    await asyncio.wait_for(ran.wait(), 2)
    going.cancel()
    assert rows.batches < 2


async def test_no_run_starts_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pump, "SAFETY_NET", 0.001)
    rows, runs = Rows(), []

    async def run() -> None:
        runs.append(1)

    going = asyncio.create_task(pump.Pump(rows.drain, wake.Bell()).keep_going(run))
    while rows.looks < 3:
        rows.entered.clear()
        await asyncio.wait_for(rows.entered.wait(), 2)
    going.cancel()
    assert runs == []


async def test_failing_runs_come_at_growing_intervals(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []

    async def note(seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", note)
    bell, recovered = wake.Bell(), asyncio.Event()

    async def run() -> None:
        if len(pauses) < 7:
            message = "poisoned"
            raise RuntimeError(message)
        recovered.set()

    going = asyncio.create_task(pump.Pump(Rows().drain, bell).keep_going(run))
    bell.ring()
    await asyncio.wait_for(recovered.wait(), 2)
    going.cancel()
    assert pauses == [1, 2, 4, 8, 16, 30, 30]


async def test_it_stops_after_the_batch() -> None:
    rows, bell = Rows(batches=1000), wake.Bell()
    rows.gate.clear()
    stopped = pump.Pump(rows.drain, bell)
    working = asyncio.create_task(stopped.work_off())
    await rows.entered.wait()
    stopped.stop()
    rows.gate.set()
    assert await working == 100
    # Nothing starts afterwards, though the bell has rung.
    await asyncio.wait_for(stopped.keep_going(lambda: pytest.fail("started")), 2)


async def test_what_comes_of_rows_is_looked_for_as_soon_as_they_are_handled() -> None:
    looks: asyncio.Queue[str] = asyncio.Queue()
    rows = Rows(batches=1)

    async def deliver() -> int:
        looks.put_nowait("deliveries")
        return 0

    async def forget() -> int:
        looks.put_nowait("events")
        return await rows.drain()

    pumps = pump.connect({"events": forget, "deliveries": deliver})
    assert list(pumps) == ["events", "deliveries"]
    going = asyncio.create_task(pumps["deliveries"].keep_going(pumps["deliveries"].work_off))
    assert await pumps["events"].work_off() == 100
    assert await asyncio.wait_for(looks.get(), 1) == "events"
    seen = {await asyncio.wait_for(looks.get(), 1) for _ in range(2)}
    assert "deliveries" in seen
    pumps["deliveries"].stop()
    await going


async def test_nothing_handled_rings_for_nobody() -> None:
    rows = Rows()
    pumps = pump.connect({"events": Rows().drain, "deliveries": rows.drain})
    going = asyncio.create_task(pumps["deliveries"].keep_going(pumps["deliveries"].work_off))
    await pumps["events"].work_off()
    assert rows.looks == 0
    pumps["deliveries"].stop()
    await going
