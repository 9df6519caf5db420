"""The bridge between the engine's threads and the event loop, to which our database connections are bound."""

import asyncio
import contextvars
from collections.abc import Awaitable, Callable
from concurrent.futures import CancelledError, Future
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")

_CANCELLING = 1.0


class Interrupted(BaseException):
    """The process stops: a run is left as it stands, for whoever takes it over.

    Not an `Exception`, which DBOS would record as the outcome of the run.
    """


class Bridge:
    """Runs coroutines on the loop for threads that wait for them, until it is closed."""

    def __init__(self) -> None:
        self.closing = False
        self._loop = asyncio.get_running_loop()
        self._running: set[asyncio.Task[Any]] = set()

    def call(self, function: Callable[..., Awaitable[T]], *args: object) -> T:
        """Run a coroutine function on the loop and wait for its result, in any thread but the loop's own.

        Raises: what the function raises; Interrupted when the bridge closes.
        """
        if self.closing:
            raise Interrupted
        # In a context of its own: our code must not find itself inside a step of DBOS.
        future = contextvars.Context().run(
            asyncio.run_coroutine_threadsafe, self._tracked(function, *args), self._loop
        )
        try:
            return future.result()
        except CancelledError as error:
            raise Interrupted from error

    async def close(self, *, grace: float) -> bool:
        """Start nothing more, let what runs finish for so many seconds, then cancel it.

        Tells whether something ran and all of it finished.
        """
        self.closing = True
        if not self._running:
            return False
        _, late = await asyncio.wait(self._running, timeout=grace)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late, timeout=_CANCELLING)
        return not late

    async def _tracked(self, function: Callable[..., Awaitable[T]], *args: object) -> T:
        task = asyncio.current_task()
        if self.closing or task is None:
            raise asyncio.CancelledError
        self._running.add(task)
        try:
            return await function(*args)
        finally:
            self._running.discard(task)


async def aside(function: Callable[..., T], *args: object) -> T:
    """Run a blocking function in a thread that the end of the process does not wait for.

    The loop's own pool would not do: DBOS may wait for a lost database for as long as it is lost.
    """
    outcome: Future[T] = Future()
    outcome.set_running_or_notify_cancel()

    def work() -> None:
        try:
            outcome.set_result(function(*args))
        except BaseException as error:  # noqa: BLE001  handed to the coroutine that waits
            outcome.set_exception(error)

    Thread(target=work, name="ideabox-aside", daemon=True).start()
    return await asyncio.wrap_future(outcome)
