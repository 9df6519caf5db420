"""What a live connection waits for: bounded buffers, who hears of what, and numbers that may come out of order."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Generic, TypeVar

AT_STOP = "at_stop"
"""Name in the state of a request whose answer has no end of its own: what ends it when the server stops."""

MOST_PENDING = 128
"""Frames that wait for a connection; one that takes fewer than it is sent is ended, and resumes."""

PATIENCE = 60.0
"""Seconds after which a number that never came belonged to a transaction that was rolled back."""


class Listener:
    """What one connection is still to be sent. Nothing here waits for the client: that is the connection's own task."""

    __slots__ = ("__weakref__", "_count", "_pending", "_waiting", "ended")

    def __init__(self) -> None:
        self.ended = False
        self._pending: dict[str | int, bytes] = {}
        self._waiting: asyncio.Future[None] | None = None
        self._count = 0

    def say(self, frame: bytes, *, about: str | None = None) -> None:
        """Have a frame sent; of those about the same thing only the newest is kept, at its new place.

        Whoever has more than `MOST_PENDING` waiting is ended.
        """
        if self.ended:
            return
        self._count += 1
        key = about or self._count
        self._pending.pop(key, None)
        self._pending[key] = frame
        if len(self._pending) > MOST_PENDING:
            self.end()
        else:
            self._wake()

    def end(self) -> None:
        """End it; what still waits is dropped, and comes again when the client resumes."""
        self.ended = True
        self._pending.clear()
        self._wake()

    async def take(self) -> bytes:
        """Wait for frames and return all of them; nothing when it has ended. One task at a time may wait."""
        while not self._pending and not self.ended:
            self._waiting = asyncio.get_running_loop().create_future()
            await self._waiting
        frames = b"".join(self._pending.values())
        self._pending.clear()
        return frames

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)
        self._waiting = None


L = TypeVar("L", bound=Listener)


class Topics(Generic[L]):
    """Who listens to what; a topic exists while somebody does."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[L]] = {}

    def add(self, topic: str, listener: L) -> None:
        """Have a listener hear of a topic."""
        self._listeners.setdefault(topic, set()).add(listener)

    def discard(self, topic: str, listener: L) -> None:
        """Have a listener hear of a topic no more."""
        listeners = self._listeners.get(topic)
        if listeners is not None:
            listeners.discard(listener)
            if not listeners:
                del self._listeners[topic]

    def get(self, topic: str) -> Sequence[L]:
        """Return who listens to a topic, as of now."""
        return tuple(self._listeners.get(topic, ()))

    def keep_known(self, topics: Iterable[str]) -> set[str]:
        """Return those of some topics that somebody listens to."""
        return {topic for topic in topics if topic in self._listeners}


class Trail:
    """Which numbers of a sequence were seen, when a lower one may become visible after a higher one.

    PostgreSQL gives a number when a row is inserted, and shows the row when its transaction is committed.
    """

    def __init__(self, numbers: Sequence[int], now: float) -> None:
        """Begin behind the newest numbers there are, in ascending order; gaps among them are watched."""
        self.last = numbers[0] - 1 if numbers else 0
        self._missing: dict[int, float] = {}
        self.advance(numbers, now)

    @property
    def missing(self) -> list[int]:
        """The numbers before the last one that may still come, in ascending order."""
        return sorted(self._missing)

    def advance(self, numbers: Iterable[int], now: float) -> None:
        """Note numbers that were seen at a moment, in seconds of any one clock."""
        for number in numbers:
            if number > self.last:
                self._missing.update(dict.fromkeys(range(self.last + 1, number), now + PATIENCE))
                self.last = number
            else:
                self._missing.pop(number, None)
        if self._missing:
            self._missing = {number: until for number, until in self._missing.items() if until > now}
