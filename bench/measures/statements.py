"""Statements per request, counted below the application, whatever the size of the page."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from fastapi import FastAPI

from bench import asks, inside, plans, pools, routes
from bench.asks import Ask
from bench.figures import Figures
from bench.scene import Scene

T = TypeVar("T")
SIZES = (5, 20, 100)
_FRAME = ("begin", "commit", "rollback", "savepoint", "release", "pragma", "--")
_STATE = "from employees left outer join role_grants"


async def measure_statements(scene: Scene, figures: Figures) -> None:
    """Count the statements of a feed, an idea and a vote, the sign-in's state apart."""
    settings = scene.installation.settings()
    sent = _list_asks(scene)
    with _listening(on_sqlite=settings.on_sqlite) as take:
        async with inside.having_ideabox(settings) as app:
            # A first round opens the connections, which ask for things of their own.
            for some in sent.values():
                await asks.hand_over(app, some[0])
            for key, some in sent.items():
                counts = [await _count(app, ask, take) for ask in some[1:]]
                name = key if scene.database else f"sqlite.{key}"
                figures.note(f"statements.{name}", [float(max(counts))])


async def _count(app: FastAPI, ask: Ask, take: Callable[[], list[str]]) -> int:
    """Return the statements of a request beside that for the state of the sign-in."""
    app.state.wiring.authenticator.forget()
    take()
    await asks.hand_over(app, ask)
    # The last notice comes with the answer; its listener is called a moment later.
    await asyncio.sleep(0)
    return sum(not _is_state(statement) for statement in take())


def _list_asks(scene: Scene) -> dict[str, list[Ask]]:
    reader = scene.ground.readers[0]
    votes = list(scene.pairs.take(1)[0])[:3]
    feed = [routes.ask_feed(reader, limit=size) for size in (20, *SIZES)]
    idea = [routes.ask_idea(reader, idea_id) for idea_id in scene.ground.discussed[:3]]
    return {"feed": feed, "idea": idea, "vote": votes}


def _is_state(statement: str) -> bool:
    return _STATE in " ".join(statement.lower().split())


@contextmanager
def _listening(*, on_sqlite: bool) -> Iterator[Callable[[], list[str]]]:
    """Give what returns the statements since it was asked last, without what only frames a transaction.

    PostgreSQL itself tells what it ran, sqlite3 what it was given; on connections that are opened within.
    """
    if on_sqlite:
        with _tracing() as seen:
            yield lambda: _empty(seen)
    else:
        with plans.watching() as ran:
            yield lambda: [plan.statement for plan in _empty(ran)]


@contextmanager
def _tracing() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(statement: str) -> None:
        if not statement.lstrip().lower().startswith(_FRAME):
            seen.append(statement)

    with pools.opening(lambda connection: connection.set_trace_callback(note)):
        yield seen


def _empty(seen: list[T]) -> list[T]:
    taken = seen[:]
    seen.clear()
    return taken
