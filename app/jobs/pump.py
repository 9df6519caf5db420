"""The pump: works rows off that wait, one batch at a time in this process, whenever it is rung for."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

import structlog

from app.jobs.wake import Bell
from app.jobs.work import Drain

_log = structlog.get_logger()

SAFETY_NET = 5.0
"""Seconds after which rows are looked for though nobody rang."""

LINGER = 2.0
"""Seconds that a run waits for the next ring: steady traffic costs DBOS one run, not one a ring."""

GATHER = 0.1
"""Seconds between such a ring and its batch, so that a busy hour is worked off in batches and not in rows."""

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds between two runs when they keep failing, doubled each time."""


class Pump:
    """Works rows off with `drain`; the pumps `behind` are rung for when it handled some."""

    def __init__(self, drain: Drain, bell: Bell, behind: Sequence["Pump"] = ()) -> None:
        self._drain = drain
        self._bell = bell
        self._behind = behind
        self._turn = asyncio.Lock()
        self._pause = FIRST_PAUSE
        self._once_more = False
        self._stopping = asyncio.Event()

    def ring(self) -> None:
        """Have it look for rows, from any thread."""
        self._bell.ring()

    def stop(self) -> None:
        """Have a run that works now end after its batch."""
        self._stopping.set()
        self._bell.ring()

    async def work_off(self) -> int:
        """Drain until nothing is left and nobody has rung for a while; return how many rows were handled.

        Leaves it to a run that is at it already, as those are that DBOS recovers after a crash.
        """
        total = 0
        if self._is_left_to_another():
            return total
        async with self._turn:
            while not self._stopping.is_set():
                self._once_more = False
                handled = await self._work_off_batch()
                # What was lost is back, even if this run never ends because the work does not.
                self._pause = FIRST_PAUSE
                total += handled
                if handled or self._once_more:
                    continue
                if not await self._bell.heard(within=LINGER) and not self._once_more:
                    break
                await asyncio.sleep(GATHER)
        return total

    async def keep_going(self, run: Callable[[], Awaitable[object]]) -> None:
        """Start a run, which is to call `work_off`, at every ring and when rows were left, until stopped."""
        while not self._stopping.is_set():
            rung = await self._bell.heard(within=SAFETY_NET)
            if self._stopping.is_set() or self._is_left_to_another():
                continue
            try:
                if rung or await self._find_leftovers():
                    await run()
                self._pause = FIRST_PAUSE
            except Exception as error:  # noqa: BLE001  whatever a reaction raises, the pump goes on
                _log.warning("jobs.drain-failed", pause=self._pause, exc_info=error)
                await asyncio.sleep(self._pause)
                self._pause = min(2 * self._pause, LONGEST_PAUSE)
                self._bell.ring()

    def _is_left_to_another(self) -> bool:
        self._once_more = self._turn.locked()
        return self._once_more

    async def _find_leftovers(self) -> bool:
        # Plainly, since nearly always there are none and a run of DBOS writes three times.
        async with self._turn:
            return await self._work_off_batch() > 0

    async def _work_off_batch(self) -> int:
        handled = await self._drain()
        if handled:
            for pump in self._behind:
                pump.ring()
        return handled


def connect(drains: Mapping[str, Drain]) -> dict[str, Pump]:
    """Return a pump for each drain by its name, each ringing for those that stand after it."""
    pumps: dict[str, Pump] = {}
    for name, drain in reversed(tuple(drains.items())):
        pumps[name] = Pump(drain, Bell(), tuple(pumps.values()))
    return dict(reversed(pumps.items()))
