"""The signed-in person over HTTP: profile and password."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI

from app.core import clock
from app.core.db import Database
from app.domain.roles import Role
from app.domain.throttles import FREE
from app.models.employees import Employee
from app.models.functions import Function
from tests.support import world
from tests.support.accounts import OTHER, PASSWORD, give_password, sign_in
from tests.support.client import Client
from tests.support.world import Cast

Speak = Callable[[str], Client]


async def test_an_employee_sees_who_one_is(speak: Speak, cast: Cast) -> None:
    profile = await speak("Alice").get("/me")
    assert profile.pop("entity")["name"] == "Lyon"
    assert profile == {
        "id": cast["Alice"].id,
        "name": "Alice",
        "email": cast["Alice"].email,
        "roles": ["employee"],
        "grants": [],
        "locale": "fr",
        "unread": 0,
        "can": ["submit_idea"],
    }
    await speak("").refused("GET", "/me", 401, "auth.required")


async def test_roles_come_with_what_they_hold_for(speak: Speak, cast: Cast, database: Database) -> None:
    async with database.writer() as session:
        it = await session.get_one(Function, cast.functions["IT"])
        await world.grant(session, cast["Dan"], Role.CORRESPONDENT, function=it)
        await world.grant(session, cast["Dan"], Role.SPONSOR, campaign_id=cast.permanent_box)
        await world.grant(session, cast["Dan"], Role.ADMIN)
    profile = await speak("Dan").get("/me")
    assert profile["roles"] == ["employee", "admin", "correspondent", "sponsor"]
    held = [
        (grant["role"], grant["function"] and grant["function"]["name"], grant["campaign"] is not None)
        for grant in profile["grants"]
    ]
    assert sorted(held, key=str) == sorted(
        [
            ("admin", None, False),
            ("correspondent", "Finance", False),
            ("correspondent", "IT", False),
            ("sponsor", None, True),
        ],
        key=str,
    )
    assert {"employees.invite", "scorecards.fill", "pipeline.decide", "submit_idea"} <= set(profile["can"])
    assert "exports.read" not in profile["can"]


async def test_an_operator_has_no_entity(speak: Speak, cast: Cast, database: Database) -> None:
    async with database.writer() as session:
        adam = await session.get_one(Employee, cast["Adam"].id)
        adam.kind, adam.entity_id = "operator", None
    assert (await speak("Adam").get("/me"))["entity"] is None


async def test_the_profile_has_an_etag(speak: Speak) -> None:
    seen = await speak("Alice").request("GET", "/me")
    again = await speak("Alice").request("GET", "/me", headers={"If-None-Match": seen.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("current", "new", "code", "pointer"),
    [
        ("wrong", OTHER, "passwords.current-wrong", "/current"),
        (PASSWORD, "too short", "passwords.too-weak", "/new"),
        (PASSWORD, "Alice Ideabox 2026", "passwords.too-weak", "/new"),
        (PASSWORD, "", "requests.invalid", "/new"),
        (PASSWORD, "x" * 1001, "requests.invalid", "/new"),
    ],
)
async def test_a_change_of_password_that_is_not_right_changes_nothing(
    app: FastAPI, speak: Speak, cast: Cast, current: str, new: str, code: str, pointer: str
) -> None:
    await give_password(app, cast["Alice"])
    body = {"current": current, "new": new}
    problem = await speak("Alice").refused("PUT", "/me/password", 422, code, json=body)
    assert [error["pointer"] for error in problem["errors"]] == [pointer]
    await sign_in(speak(""), cast["Alice"])


async def test_who_has_no_password_has_none_to_change(speak: Speak) -> None:
    body = {"current": PASSWORD, "new": OTHER}
    await speak("Alice").refused("PUT", "/me/password", 422, "passwords.current-wrong", json=body)


async def test_a_stolen_token_does_not_get_to_guess_the_password(
    app: FastAPI, speak: Speak, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    await give_password(app, cast["Alice"])
    moment = clock.now()
    monkeypatch.setattr(clock, "now", lambda: moment)
    for _ in range(FREE):
        await speak("Alice").refused("PUT", "/me/password", 422, json={"current": "wrong", "new": OTHER})
    answer = await speak("Alice").request("PUT", "/me/password", json={"current": PASSWORD, "new": OTHER})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
    await sign_in(speak(""), cast["Alice"])
