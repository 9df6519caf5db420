"""Notices between processes: heard when committed, and again after a connection was lost."""

import asyncio

import pytest
from sqlalchemy import text

from app.core import notices
from app.core.config import Settings
from app.core.db import Database

PATIENCE = 10.0


class Bell:
    """Counts rings."""

    def __init__(self) -> None:
        self.rung = asyncio.Event()

    async def heard(self) -> None:
        await asyncio.wait_for(self.rung.wait(), PATIENCE)
        self.rung.clear()


@pytest.fixture
def bell() -> Bell:
    return Bell()


async def test_what_followed_is_heard_after_the_commit_and_a_lost_connection_is_made_again(
    settings: Settings, database: Database, bell: Bell, monkeypatch: pytest.MonkeyPatch
) -> None:
    if settings.on_sqlite:
        async with database.writer() as session:
            await notices.announce(session)
        return
    monkeypatch.setattr(notices, "_AGAIN", 0.01)
    async with notices.hearing(settings.database_url, bell.rung.set):
        await bell.heard()
        async with database.writer() as session:
            await notices.announce(session)
            await session.flush()
            assert not bell.rung.is_set()
        await bell.heard()
        async with database.writer() as session:
            await session.execute(
                text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = :name"),
                {"name": "ideabox live"},
            )
        await bell.heard()
        async with database.writer() as session:
            await notices.announce(session)
        await bell.heard()


async def test_hearing_ends_at_once(settings: Settings, bell: Bell) -> None:
    if settings.on_sqlite:
        return
    async with asyncio.timeout(PATIENCE):
        for _ in range(3):
            async with notices.hearing(settings.database_url, bell.rung.set):
                pass
