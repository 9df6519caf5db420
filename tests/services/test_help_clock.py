"""The clock of requests for help: the next one is asked after two working days, each once, by however many workers."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from app.core.config import Settings
from app.core.db import Database
from app.models.events import Event
from app.models.help_requests import HelpRequest, HelpTurn
from app.schemas.help_requests import AskForHelp
from app.schemas.ideas import SubmitIdea
from app.services import help_clock, help_matching, help_requests, ideas
from tests.support.client import Client
from tests.support.world import Cast

Speak = Callable[[str], Client]

# Thursday; the Monday after the next weekend is Easter Monday.
ASKED = datetime.fromisoformat("2026-04-02T10:00+02:00")
DUE = datetime.fromisoformat("2026-04-07T10:00+02:00")


@pytest.fixture
async def other(database: Database, settings: Settings) -> AsyncIterator[Database]:
    """What a second worker has."""
    if settings.on_sqlite:
        yield database
        return
    second = Database(settings)
    yield second
    await second.close()


async def ask(database: Database, cast: Cast, *, wants: str = "anyone") -> str:
    async with database.writer() as session:
        actor = await cast.actor(session, "Alice")
        values = SubmitIdea(title="A lamp", problem="dark", solution="a lamp", theme=cast.themes["brand"])
        idea = await ideas.create(session, actor, values, now=ASKED)
        request = AskForHelp.model_validate({"text": "How?", "wants": wants})
        return (await help_requests.ask(session, actor, idea.id, request, now=ASKED)).id


async def look(database: Database, request_id: str) -> HelpRequest:
    async with database.reader() as session:
        return await session.get_one(HelpRequest, request_id)


async def test_silence_goes_to_the_next_once_until_nobody_is_left(
    database: Database, other: Database, cast: Cast
) -> None:
    request_id = await ask(database, cast)
    first = await look(database, request_id)
    assert first.due_at == DUE
    assert await help_clock.advance(database, now=DUE - timedelta(seconds=1)) == 0
    made = await asyncio.gather(*(help_clock.advance(each, now=DUE) for each in (database, other, database)))
    assert sum(made) == 1
    second = await look(database, request_id)
    assert {first.helper_id, second.helper_id} == {cast["Fay"].id, cast["Dev"].id}
    assert second.due_at == DUE + timedelta(days=2)
    await asyncio.gather(
        *(help_clock.advance(each, now=DUE + timedelta(days=2)) for each in (database, other))
    )
    last = await look(database, request_id)
    assert (last.state, last.helper_id, last.due_at) == ("unmatched", None, None)
    assert await help_clock.advance(database, now=DUE + timedelta(days=99)) == 0
    async with database.reader() as session:
        turns = (await session.scalars(select(HelpTurn))).all()
        assert [turn.outcome for turn in turns] == ["expired", "expired"]
        events = await session.scalars(
            select(Event).where(col(Event.kind).like("help.%")).order_by(col(Event.sequence))
        )
        assert [event.kind for event in events] == ["help.asked", "help.asked", "help.unmatched"]


async def test_a_coaching_in_which_nobody_speaks_ends(database: Database, cast: Cast, speak: Speak) -> None:
    request_id = await ask(database, cast, wants="facilitator")
    path = f"/help-requests/{request_id}"
    await speak("Fay").put(f"{path}/answer", {"accept": True})
    due = (await look(database, request_id)).due_at
    assert due is not None
    async with database.writer() as session:
        await session.execute(update(HelpRequest).values(due_at=due - timedelta(days=7)))
    await speak("Fay").post(f"{path}/messages", {"body": "Alors ?"})
    spoken = await look(database, request_id)
    assert spoken.due_at is not None
    assert spoken.due_at >= due
    assert await help_clock.advance(database, now=spoken.due_at) == 1
    assert (await look(database, request_id)).state == "ended"


async def test_one_that_fails_keeps_nobody_else_waiting(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = sorted([await ask(database, cast) for _ in range(3)])
    put = help_matching.put_to_next

    async def fail(session: object, request: HelpRequest, *rest: object, **more: object) -> None:
        if request.id == ids[0]:
            raise RuntimeError
        await put(session, request, *rest, **more)  # type: ignore[arg-type]  # as they come

    monkeypatch.setattr(help_matching, "put_to_next", fail)
    assert await help_clock.advance(database, now=DUE) == 2
    assert (await look(database, ids[0])).due_at == DUE
