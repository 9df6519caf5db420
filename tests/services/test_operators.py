"""Accounts of those who run the installation."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select
from sqlmodel import col

from app.core.db import Database
from app.core.security.passwords import PasswordVault
from app.domain.employees import NoSuchEmployee
from app.domain.errors import Refusal
from app.models.employees import Employee, Employment
from app.services import operators
from tests.support.accounts import PASSWORD, sign_in
from tests.support.client import speaking_as
from tests.support.world import START


@pytest.fixture
async def vault() -> AsyncIterator[PasswordVault]:
    made = PasswordVault(concurrency=1)
    yield made
    made.close()


async def create(
    database: Database, vault: PasswordVault, email: str = "Root@Company.example", **changes: str
) -> Employee:
    values = {"name": "Root", "password": PASSWORD} | changes
    return await operators.create_admin(database, vault, email=email, now=START, **values)


async def test_an_operator_signs_in_as_admin_and_counts_in_no_headcount(
    app: FastAPI, database: Database, vault: PasswordVault
) -> None:
    made = await create(database, vault)
    async with database.reader() as session:
        assert await session.scalar(select(func.count()).select_from(Employment)) == 0
        found = await operators.get_by_email(session, " ROOT@company.example")
    assert (found.id, found.kind, found.entity_id) == (made.id, "operator", None)
    async with speaking_as(app, None) as client:
        await sign_in(client, found)
        me = await client.get("/me")
        assert me["roles"] == ["employee", "admin"]
        assert (await client.get("/employees"))["items"] == []


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"password": "short"}, "passwords.too-weak", "/password"),
        ({"email": "root"}, "operators.bad-email", "/email"),
        ({"name": " "}, "operators.bad-name", "/name"),
        ({"email": "root@COMPANY.example"}, "operators.email-taken", "/email"),
    ],
)
async def test_what_is_not_right_is_named(
    database: Database, vault: PasswordVault, changes: dict[str, str], code: str, pointer: str
) -> None:
    await create(database, vault)
    with pytest.raises(Refusal) as refused:
        await create(database, vault, **({"email": "new@company.example"} | changes))
    assert (refused.value.code, refused.value.errors[0].pointer) == (code, pointer)
    async with database.reader() as session:
        assert await session.scalar(select(func.count()).where(col(Employee.kind) == "operator")) == 1


async def test_nobody_is_found_under_another_address(database: Database) -> None:
    async with database.reader() as session:
        with pytest.raises(NoSuchEmployee):
            await operators.get_by_email(session, "nobody@company.example")
