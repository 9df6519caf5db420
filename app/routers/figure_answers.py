"""Answering with figures: as they are kept, or read anew."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Request, Response

from app.core.db import ReadSession
from app.domain.actors import Actor
from app.queries.statistics import Filters
from app.routers import answers
from app.routers.dependencies import Now, Who, Wired
from app.routers.wiring import Wiring

Read = Callable[..., Awaitable[Any]]
"""A query of figures: takes a session, an actor, filters, `zone` and `now`, and returns an answer."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Who asks for figures, and with what they are read."""

    request: Request
    actor: Actor
    wiring: Wiring
    now: datetime

    async def show(self, name: str, read: Read, filters: Filters) -> Response:
        """Answer with what a query reads, or with what is kept of it under its name."""

        async def reading(session: ReadSession) -> Any:
            zone = self.wiring.settings.company_timezone
            return await read(session, self.actor, filters, zone=zone, now=self.now)

        body = await self.wiring.figures.read(self.actor, name, filters, reading, now=self.now)
        return answers.show_json(self.request, body)


async def find_figures(request: Request, actor: Who, wiring: Wired, now: Now) -> Figures:
    """Return what answering with figures takes."""
    return Figures(request, actor, wiring, now)


Asked = Annotated[Figures, Depends(find_figures)]
