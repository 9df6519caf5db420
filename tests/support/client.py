"""Speaking HTTP to the application, as somebody of the cast."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from fastapi import FastAPI

from app.core import clock
from app.models.employees import Employee
from app.services.authentication import DEVELOPMENT_SESSION


class Client:
    """One person's client; without a person, nobody's."""

    def __init__(self, app: FastAPI, person: Employee | None) -> None:
        headers = {}
        if person is not None:
            token = app.state.wiring.signer.issue(person.id, DEVELOPMENT_SESSION, now=clock.now())
            headers["Authorization"] = f"Bearer {token}"
        self.http = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app, raise_app_exceptions=False),
            base_url="http://testserver/api/v1",
            headers=headers,
        )

    async def request(self, method: str, path: str, **kwargs: Any) -> httpx2.Response:
        """Send a request and return whatever came back."""
        return await self.http.request(method, path, **kwargs)

    async def get(self, path: str, **kwargs: Any) -> Any:
        """Read something that must be there."""
        answer = await self.request("GET", path, **kwargs)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, json: Any = None, **kwargs: Any) -> Any:
        """Create something that must be accepted."""
        answer = await self.request("POST", path, json=json, **kwargs)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def put(self, path: str, json: Any = None, **kwargs: Any) -> Any:
        """Put something that must be accepted."""
        answer = await self.request("PUT", path, json=json, **kwargs)
        assert answer.status_code in (200, 204), answer.text
        return answer.json() if answer.content else None

    async def refused(
        self, method: str, path: str, status: int, code: str | None = None, **kwargs: Any
    ) -> Any:
        """Send something that must be refused with a problem document."""
        answer = await self.request(method, path, **kwargs)
        assert answer.status_code == status, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        problem = answer.json()
        if code is not None:
            assert problem["code"] == code, problem
        return problem


@asynccontextmanager
async def speaking_as(app: FastAPI, person: Employee | None) -> AsyncIterator[Client]:
    """Give a client that is closed in the end."""
    client = Client(app, person)
    try:
        yield client
    finally:
        await client.http.aclose()
