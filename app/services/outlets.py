"""Outlets: the way out of one process for what webhooks are told, with room for a few requests to each receiver."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from app.core.security.safes import Safe
from app.integrations.calls import Call

PARALLEL, EACH = 128, 8
"""Requests on their way at the same time in one process, in all and to one webhook."""

CROWDED = PARALLEL // 2
"""From so many requests on their way, each webhook has only one: many silent receivers leave room for the others."""


def find_room(under_way: int) -> int:
    """Return how many requests one webhook may have on their way, with so many in all."""
    return EACH if under_way < CROWDED else 1


@dataclass(slots=True)
class Outlet:
    """What sending takes: the guarded way out, the safe, the public address; and the requests on their way.

    `ring` is called when there is room again for a webhook that had as many on their way as it may have. `watch`
    measures how long an attempt takes, in seconds.
    """

    call: Call
    safe: Safe
    base_url: str
    luck: Callable[[], float] = random.random
    ring: Callable[[], None] = lambda: None
    watch: Callable[[], float] = time.monotonic
    under_way: dict[asyncio.Task[None], str] = field(default_factory=dict)

    def list_busy(self) -> list[str]:
        """Return the webhooks that have as many requests on their way as one may have."""
        counts = Counter(self.under_way.values())
        most = find_room(len(self.under_way))
        return [webhook_id for webhook_id, count in counts.items() if count >= most]

    def begin(self, webhook_id: str, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Have a request of a webhook made beside."""
        task = asyncio.create_task(work)
        self.under_way[task] = webhook_id
        task.add_done_callback(self._make_room)
        return task

    def _make_room(self, task: asyncio.Task[None]) -> None:
        full = len(self.under_way) >= PARALLEL or self.under_way[task] in self.list_busy()
        del self.under_way[task]
        if full:
            self.ring()

    async def close(self) -> None:
        """End what is on its way; it is sent again when its claim is over."""
        for task in self.under_way:
            task.cancel()
        await asyncio.gather(*self.under_way, return_exceptions=True)
