"""The application with the people of the matrix in it, kept for a whole module: requests by operation."""

from dataclasses import dataclass, field
from typing import Any

import httpx2
from fastapi import FastAPI

from app.core import openapi
from app.core.db import Database
from app.models.employees import Employee
from app.routers import documentation
from tests.matrix import people
from tests.matrix.people import Company
from tests.support.client import Client

API = "/api/v1"


@dataclass
class House:
    """The application, its database, its people, and its operations as (method, path) by name."""

    app: FastAPI
    company: Company
    document: dict[str, Any]
    clients: dict[str, Client] = field(default_factory=dict)

    @property
    def database(self) -> Database:
        """The application's database."""
        found: Database = self.app.state.wiring.database
        return found

    @property
    def operations(self) -> dict[str, tuple[str, str]]:
        """Method and path of each operation; the path has its places in braces."""
        return {
            operation["operationId"]: (method.upper(), path)
            for path, method, operation in openapi.list_operations(self.document)
        }

    def speak(self, person: Employee | None) -> Client:
        """Return somebody's client; nobody's without a person."""
        key = person.id if person else ""
        if key not in self.clients:
            self.clients[key] = Client(self.app, person)
        return self.clients[key]

    async def call(
        self, person: Employee | None, operation: str, places: dict[str, str] | None = None, **sent: Any
    ) -> httpx2.Response:
        """Call an operation by its name."""
        method, path = self.operations[operation]
        path = path.format(**(places or {}))
        if path.startswith(API):
            return await self.speak(person).request(method, path.removeprefix(API), **sent)
        return await self.speak(person).http.request(method, f"http://testserver{path}", **sent)

    async def wear(self, role: str) -> None:
        """Dress everybody who has a relation to the ideas in a role."""
        if self.company.worn != role:
            async with self.database.writer() as session:
                await people.wear(session, self.company, role)


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the published description."""
    return documentation.describe(app)
