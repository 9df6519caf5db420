"""What the engines of all tests share: the statements that SQLAlchemy has compiled.

A server has one engine for all of its life and compiles each statement once; a suite has a new one for each test.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import pytest
from sqlalchemy import Dialect, event
from sqlalchemy.ext.asyncio import AsyncEngine

from app.core import engines
from app.core.config import Settings

KEPT = 3_000
"""Statements that are kept compiled: those of the whole application, of which a server needs the usual ones."""


class Opening(Protocol):
    """A function of app.core.engines."""

    def __call__(self, settings: Settings, *, writing: bool) -> AsyncEngine: ...


@contextmanager
def sharing() -> Iterator[None]:
    """Let every engine that is opened in the block know what those before it compiled."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("open_sqlite", "open_postgresql"):
            patch.setattr(engines, name, _share(getattr(engines, name)))
        yield


def _share(opening: Opening) -> Opening:
    kept: dict[bool, tuple[Dialect, Any]] = {}

    def opened(settings: Settings, *, writing: bool) -> AsyncEngine:
        engine = opening(settings, writing=writing)
        sync = engine.sync_engine
        if writing in kept:
            # What is compiled is kept by dialect, the object: it has to be the same one.
            sync.dialect, sync._compiled_cache = kept[writing]  # noqa: SLF001  there is no other door
        else:
            # Listened to after SQLAlchemy itself, which asks the first connection what the dialect has to know.
            event.listen(sync, "connect", _keep(kept, sync, writing=writing), once=True)
        return engine

    return opened


def _keep(kept: dict[bool, tuple[Dialect, Any]], sync: Any, *, writing: bool) -> Callable[..., None]:
    def keep(_connection: Any, _record: Any) -> None:
        sync._compiled_cache.capacity = KEPT  # noqa: SLF001  there is no other door
        kept.setdefault(writing, (sync.dialect, sync._compiled_cache))  # noqa: SLF001  there is no other door

    return keep
