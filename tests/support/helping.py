"""Small ways for tests about help."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from app.core import clock
from app.core.db import Database
from app.jobs.drain import drain
from app.models.help_requests import HelpRequest
from app.models.notifications import Notification
from tests.support.client import Client
from tests.support.world import Cast

Speak = Callable[[str], Client]


async def submit(speak: Speak, cast: Cast, name: str = "Alice", **more: Any) -> str:
    """Submit an idea; returns its identifier."""
    body = {
        "title": "Éteindre",
        "problem": "p",
        "solution": "s",
        "theme": cast.themes["brand"],
        "function": cast.functions["Finance"],
        **more,
    }
    return str((await speak(name).post("/ideas", body))["id"])


async def draft(speak: Speak, cast: Cast, name: str = "Alice", **more: Any) -> str:
    """Begin a draft; returns its identifier."""
    return await submit(speak, cast, name, draft=True, **more)


async def ask(
    speak: Speak, idea: str, name: str = "Alice", *, wants: str = "facilitator", **more: Any
) -> Any:
    """Ask for help with an idea; returns the request."""
    body = {"text": "Comment **chiffrer** cela ?", "wants": wants, **more}
    return await speak(name).post(f"/ideas/{idea}/help-requests", body)


async def find_asked(database: Database, cast: Cast, request_id: str) -> str | None:
    """Return the first name of who is asked, or who helps."""
    async with database.reader() as session:
        helper = (await session.get_one(HelpRequest, request_id)).helper_id
    return next((name for name, person in cast.people.items() if person.id == helper), None)


async def work_off(database: Database) -> None:
    """Let everything follow from what happened."""
    while await drain(database, now=clock.now()):
        pass


async def list_told(database: Database, cast: Cast, name: str) -> list[str]:
    """Return the kinds about help that somebody was told; those that were asked and are done in brackets."""
    async with database.reader() as session:
        rows = await session.scalars(
            select(Notification)
            .where(col(Notification.employee_id) == cast[name].id, col(Notification.kind).like("help.%"))
            .order_by(col(Notification.position))
        )
        return [f"({row.kind})" if row.resolved_at else row.kind for row in rows]


def clock_day(days: int) -> date:
    """Return the day so many days from today."""
    return clock.now().date() + timedelta(days=days)
