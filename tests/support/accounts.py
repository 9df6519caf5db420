"""Passwords for the cast, and signing in with them."""

from typing import Any

import httpx2
from fastapi import FastAPI

from app.models.employees import Employee
from tests.support.client import Client

PASSWORD = "le chat dort sous la table"
OTHER = "une autre phrase, assez longue"


async def give_password(app: FastAPI, *people: Employee, password: str = PASSWORD) -> None:
    """Set the password of people as if they had chosen it long ago."""
    wiring = app.state.wiring
    fresh = await wiring.vault.hash(password)
    async with wiring.database.writer() as session:
        for person in people:
            held = await session.get_one(Employee, person.id)
            held.password_hash = fresh


async def try_sign_in(
    client: Client, email: str | None, password: str = PASSWORD, **fields: str
) -> httpx2.Response:
    """Send the form, from a place that is known to nobody unless `device` is among the fields."""
    client.http.cookies.clear()
    form = {"username": email, "password": password, **fields}
    return await client.request("POST", "/auth/token", data=form)


async def sign_in(
    client: Client, person: Employee, password: str = PASSWORD, **fields: str
) -> dict[str, Any]:
    """Sign in, which must succeed; the client speaks as the person from then on."""
    answer = await try_sign_in(client, person.email, password, **fields)
    assert answer.status_code == 200, answer.text
    tokens: dict[str, Any] = answer.json()
    client.http.headers["Authorization"] = f"Bearer {tokens['access_token']}"
    return tokens
