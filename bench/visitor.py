"""The application in this process, spoken to as one person or another."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from fastapi import FastAPI

from app.core import clock, log
from app.core.config import Settings
from app.main import create_app
from app.services.authentication import DEVELOPMENT_SESSION


class WrongAnswer(Exception):
    """The application did not give the answer that is measured."""


class Visitor:
    """Sends requests without a network."""

    def __init__(self, app: FastAPI, http: httpx2.AsyncClient) -> None:
        self._app, self._http = app, http
        self._tokens: dict[str, str] = {}

    async def ask(self, person: str, path: str, *, method: str = "GET", **given: Any) -> Any:
        """Return the answer to a request of somebody, below `/api/v1`.

        Raises: WrongAnswer unless it succeeds.
        """
        if person not in self._tokens:
            signer = self._app.state.wiring.signer
            self._tokens[person] = signer.issue(person, DEVELOPMENT_SESSION, now=clock.now())
        headers = {"Authorization": f"Bearer {self._tokens[person]}"}
        answer = await self._http.request(method, path, headers=headers, **given)
        if not answer.is_success:
            raise WrongAnswer(f"{method} {path} {given}: {answer.status_code} {answer.text[:500]}")
        return answer.json()

    async def time(self, person: str, path: str, **given: Any) -> float:
        """Return the milliseconds that a request took."""
        begin = time.perf_counter()
        await self.ask(person, path, **given)
        return (time.perf_counter() - begin) * 1000


@asynccontextmanager
async def visiting(settings: Settings) -> AsyncIterator[Visitor]:
    """Start the application and give a visitor."""
    log.configure(level="error")
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url="http://bench/api/v1") as http:
            yield Visitor(app, http)
