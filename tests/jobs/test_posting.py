"""Each channel has a drain of its own, also where it is not set up."""

from collections.abc import Mapping

from fastapi import FastAPI

from app.core.config import Settings
from app.core.db import Database
from app.integrations.calls import Reply
from app.integrations.posts import Refused
from app.jobs import posting


async def refuse(url: str, *, body: bytes, headers: Mapping[str, str]) -> Reply:
    """Reach nothing outside."""
    raise Refused("calls.refused")


async def test_each_channel_has_a_drain(settings: Settings, database: Database, app: FastAPI) -> None:
    office = posting.open_office(settings, call=refuse)
    drains = posting.list_drains(database, office)
    assert list(drains) == ["messages.email", "messages.push", "messages.slack", "messages.teams"]
    assert [await drain() for drain in drains.values()] == [0, 0, 0, 0]
    link = office.sender.unsubscribe("a" * 24, "email", "digest").removeprefix(settings.base_url)
    assert link.startswith("/api/v1/unsubscribe/")
    await posting.close_office(office)
