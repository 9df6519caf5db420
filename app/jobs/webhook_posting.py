"""The drain that sends what webhooks are told; it stands behind the drain of the events."""

from functools import partial

from app.core import clock
from app.core.config import Settings
from app.core.db import Database
from app.core.security.safes import open_safe
from app.integrations.calls import Call
from app.jobs import wake
from app.jobs.work import Drain
from app.services import webhook_posting
from app.services.outlets import Outlet


def open_outlet(settings: Settings, *, call: Call) -> Outlet:
    """Return what sending takes; `call` reaches the outside through the guard. Nothing is connected yet."""
    return Outlet(call, open_safe(settings), settings.base_url, ring=wake.notify)


def list_drains(database: Database, outlet: Outlet) -> dict[str, Drain]:
    """Return the drain by its name."""
    return {"webhooks.send": partial(_send, database, outlet)}


async def _send(database: Database, outlet: Outlet) -> int:
    return await webhook_posting.send_due(database, outlet, now=clock.now())
