"""The bell by which those who record events wake the drain, cheaply and from any thread."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

_listeners: list[Callable[[], None]] = []


def notify() -> None:
    """Say that new event rows are committed. Does nothing in a process that runs no jobs."""
    for listener in tuple(_listeners):
        listener()


def subscribe(listener: Callable[[], None]) -> None:
    """Have a listener called at every notice, in the thread of the one who gives it."""
    _listeners.append(listener)


def unsubscribe(listener: Callable[[], None]) -> None:
    """Stop calling a listener, if it is called at all."""
    with suppress(ValueError):
        _listeners.remove(listener)


class Bell:
    """Rings until somebody hears it: any number of rings before that count as one."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Ring, from any thread."""
        # A ring already waiting is heard before the rows are read, so this one may be dropped.
        if not self._rung.is_set():
            with suppress(RuntimeError):  # the loop is closed: nobody is left to hear
                self._loop.call_soon_threadsafe(self._rung.set)

    async def heard(self, *, within: float) -> bool:
        """Wait for a ring, at most so many seconds; tell whether there was one, and forget it."""
        try:
            async with asyncio.timeout(within):
                await self._rung.wait()
        except TimeoutError:
            return False
        self._rung.clear()
        return True
