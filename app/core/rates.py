"""How often one key may do one thing: rate limits in the memory of one process."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable

from limits import RateLimitItem, RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.aio.storage import MovingWindowSupport, Storage
from limits.aio.strategies import MovingWindowRateLimiter

MAX_KEYS = 50_000
"""Keys remembered; beyond that the one unused for longest is forgotten."""


def per_second(amount: int) -> RateLimitItem:
    """Return a limit of so many acts in any second."""
    return RateLimitItemPerSecond(amount)


def per_minute(amount: int) -> RateLimitItem:
    """Return a limit of so many acts in any minute."""
    return RateLimitItemPerMinute(amount)


class RateLimiter:
    """Counts acts by key in moving windows.

    Each process counts for itself: with n replicas behind a balancer a key may do up to n times the limit.
    The limits here bound load, which replicas share; guessing of passwords is throttled in the database.
    """

    def __init__(self, *, max_keys: int = MAX_KEYS, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._windows = MovingWindowRateLimiter(_Windows(max_keys, clock))

    async def hit(self, key: str, limit: RateLimitItem) -> int | None:
        """Count one act of `key` and return None; or count nothing and return the seconds to wait, 1 or more.

        Keys of different purposes begin differently (`sign-in:…`, `write:…`).
        """
        if await self._windows.hit(limit, key):
            return None
        oldest_ends, _ = await self._windows.get_window_stats(limit, key)
        # Rounded first: a hair of floating point above the limit would be a second more than the window has.
        return max(1, math.ceil(round(oldest_ends - self._clock(), 6)))


class _Windows(Storage, MovingWindowSupport):
    """The moments of the acts of each key, oldest first.

    The library's own memory storage goes through all keys after a hit, with a thread for each: 75 µs a hit
    at ten keys, 4 ms at ten thousand, and no bound. Here a hit costs the same whatever the number of keys.
    """

    STORAGE_SCHEME = None

    def __init__(self, max_keys: int, clock: Callable[[], float]) -> None:
        super().__init__()
        self._max_keys = max_keys
        self._clock = clock
        self._acts: OrderedDict[str, list[float]] = OrderedDict()

    @property
    def base_exceptions(self) -> type[Exception]:
        return ValueError

    async def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        moment = self._clock()
        acts = self._live_acts(key, moment - expiry)
        self._acts[key] = acts
        # A refused key is in use too: else a flood of other keys would free it.
        self._acts.move_to_end(key)
        if len(acts) + amount > limit:
            return False
        acts.extend([moment] * amount)
        if len(self._acts) > self._max_keys:
            self._acts.popitem(last=False)
        return True

    async def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        moment = self._clock()
        acts = self._live_acts(key, moment - expiry)
        return (acts[0], len(acts)) if acts else (moment, 0)

    def _live_acts(self, key: str, start: float) -> list[float]:
        acts = self._acts.get(key, [])
        ended = 0
        while ended < len(acts) and acts[ended] <= start:
            ended += 1
        del acts[:ended]
        return acts

    async def clear(self, key: str) -> None:
        self._acts.pop(key, None)

    async def reset(self) -> int:
        forgotten = len(self._acts)
        self._acts.clear()
        return forgotten

    async def check(self) -> bool:
        return True

    async def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        raise NotImplementedError

    async def get(self, key: str) -> int:
        raise NotImplementedError

    async def get_expiry(self, key: str) -> float:
        raise NotImplementedError
