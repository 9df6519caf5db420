"""Who is too close to an idea and tries to act on it stands in the register, and nothing tells of an anonymous one."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from app.core.db import Database
from app.domain.roles import Role
from app.models.register import RegisterEntry
from tests.support import world
from tests.support.client import Client
from tests.support.world import Cast

Speak = Callable[[str], Client]
NO = {"action": "decline", "reason_code": "cost", "text": "Beaucoup trop cher pour nous."}


async def write(speak: Speak, cast: Cast, database: Database, **changes: Any) -> str:
    async with database.writer() as session:
        await world.grant(session, cast["Bob"], Role.INNOVATION_MANAGER)
    body = {"title": "Éteindre", "problem": "p", "solution": "s", "theme": cast.themes["brand"]}
    return f"/ideas/{(await speak('Alice').post('/ideas', body | changes))['id']}"


async def list_noted(database: Database) -> Sequence[RegisterEntry]:
    async with database.reader() as session:
        return (await session.scalars(select(RegisterEntry).order_by(col(RegisterEntry.position)))).all()


async def test_an_attempt_is_entered_once_a_day_for_each_act(
    speak: Speak, cast: Cast, database: Database
) -> None:
    path = await write(speak, cast, database)
    for _ in range(3):
        await speak("Bob").refused("POST", f"{path}/decisions", 403, "decisions.conflicted", json=NO)
    await speak("Bob").refused(
        "POST", f"{path}/transitions", 403, "decisions.conflicted", json={"to": "selected"}
    )
    noted = await list_noted(database)
    assert [(each.kind, each.facts["operation"]) for each in noted] == [
        ("conflicts", "decide"),
        ("conflicts", "move_idea"),
    ]
    assert {each.subject for each in noted} == {path.removeprefix("/ideas/")}
    shown = (await speak("Walt").get("/register?kind=conflicts"))["items"]
    assert {each["actor"]["name"] for each in shown} == {"Bob"}


async def test_other_refusals_are_not(speak: Speak, cast: Cast, database: Database) -> None:
    path = await write(speak, cast, database)
    await speak("Max").refused("POST", f"{path}/decisions", 403, "decisions.not-yours", json=NO)
    assert not await list_noted(database)


async def test_nothing_is_entered_about_an_anonymous_idea(
    speak: Speak, cast: Cast, database: Database
) -> None:
    path = await write(speak, cast, database, anonymous=True)
    await speak("Bob").refused("POST", f"{path}/decisions", 403, "decisions.not-yours", json=NO)
    assert not await list_noted(database)
