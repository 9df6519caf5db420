"""Applications in this process, without sockets: Ideabox as it is served, and the floor beside it."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TextIO, cast

from fastapi import FastAPI

from app.core import log
from app.core.config import Settings
from app.main import create_app
from bench.asks import Application
from bench.floor import Floor
from bench.ground import Reader
from bench.stores import Postgres, Sqlite


class _Nowhere(io.TextIOBase):
    """Takes every line of a log and keeps none."""

    def write(self, text: str) -> int:
        return len(text)


@asynccontextmanager
async def having_ideabox(settings: Settings) -> AsyncIterator[FastAPI]:
    """Have Ideabox, whose log goes nowhere; what runs beside the requests is not started."""
    log.configure(level=settings.log_level, stream=cast("TextIO", _Nowhere()))
    app = create_app(settings)
    try:
        yield app
    finally:
        app.state.wiring.vault.close()
        await app.state.wiring.database.close()


@asynccontextmanager
async def having_floor(settings: Settings, readers: list[Reader]) -> AsyncIterator[Application]:
    """Have the floor on the same database."""
    store: Postgres | Sqlite
    if settings.on_sqlite:
        store = Sqlite(settings.sqlite_path)
    else:
        store = await Postgres.open(settings.database_url, 1)
    try:
        yield Floor(store, {reader.token: reader.id for reader in readers})
    finally:
        await store.close()
