"""What commands have in common: settings, logs, a database for one piece of work."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from app.core import config, log
from app.core.config import Settings, UnusableSettings
from app.core.db import Database
from app.core.single import alone
from app.domain import retention
from app.domain.retention import UnknownKeeping

T = TypeVar("T")
_LONGEST = 3_600_000
"""Milliseconds that a statement of a command may take."""


def load() -> Settings:
    """Read the settings and set up the logs.

    Raises: UnusableSettings.
    """
    settings = config.load()
    try:
        retention.read(settings.keep_days)
    except UnknownKeeping as error:
        message = f"IDEABOX_KEEP_DAYS: {error}"
        raise UnusableSettings(message) from error
    log.configure(development=settings.environment == "development", level=settings.log_level)
    return settings


def write(work: Callable[[Database], Awaitable[T]], settings: Settings) -> T:
    """Run one piece of work that writes; on SQLite alone.

    Raises: AnotherProcess.
    """
    with alone(settings):
        return read(work, settings)


def read(work: Callable[[Database], Awaitable[T]], settings: Settings) -> T:
    """Run one piece of work on the database."""

    async def run() -> T:
        # What a command does may take longer than a request's statement.
        database = Database(settings.model_copy(update={"statement_timeout_ms": _LONGEST}))
        try:
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(run())
