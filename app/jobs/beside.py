"""What runs beside the requests of a server: started when requests are served already, tried again when it fails."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

import structlog

from app.core.db import Database

LATER = 0.3
"""Seconds that the server is given first, for those who wait for it to come back."""

AGAIN = 5.0
"""Seconds until the next attempt: without jobs a server still answers, say on a disk that is full."""

_log = structlog.get_logger()


class Background(Protocol):
    """Something that runs beside the requests until it is stopped."""

    async def stop(self) -> bool:
        """End politely; tells whether everything ended."""


Starter = Callable[[Database], Awaitable[Background]]
"""Starts what runs beside the requests, on the application's database."""


async def keep(start: Starter, database: Database, ending: asyncio.Event) -> None:
    """Start something a moment later, and stop it when the end is announced.

    Never cancelled while it starts or stops: half a start could not be taken back.
    """
    pause = LATER
    while not await _is_over(ending, within=pause):
        try:
            background = await start(database)
        except Exception as error:  # noqa: BLE001  whatever it is, requests are served meanwhile
            _log.error("jobs.not-started", exc_info=error)
            pause = AGAIN
        else:
            await ending.wait()
            await _stop(background)
            return


async def _stop(background: Background) -> None:
    try:
        await background.stop()
    except Exception as error:  # noqa: BLE001  the server has to put its own things away all the same
        _log.error("jobs.not-stopped", exc_info=error)


async def _is_over(ending: asyncio.Event, *, within: float) -> bool:
    try:
        async with asyncio.timeout(within):
            return await ending.wait()
    except TimeoutError:
        return False
