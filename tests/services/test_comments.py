"""Who may discuss what, by the short way of writing."""

from collections.abc import Callable

from fastapi import FastAPI
from sqlalchemy import update
from sqlmodel import col

from app.core import clock
from app.core.db import Database
from app.models.authorships import Authorship
from app.models.employees import Management
from tests.support import world
from tests.support.client import Client
from tests.support.world import Cast

Speak = Callable[[str], Client]


async def test_who_came_into_the_line_does_not_know_of_the_draft_any_more(
    app: FastAPI, database: Database, cast: Cast, speak: Speak
) -> None:
    body = {"title": "Not yet", "problem": "p", "solution": "s", "theme": cast.themes["brand"], "draft": True}
    idea_id = (await speak("Alice").post("/ideas", body))["id"]
    async with database.writer() as session:
        invited = await world.make_employee(session, "Zoe")
        session.add(
            Authorship(
                idea_id=idea_id, employee_id=invited.id, position=1, state="invited", invited_at=clock.now()
            )
        )
    zoe = Client(app, invited)
    comments, words = f"/ideas/{idea_id}/comments", {"body": "Zoe was here."}
    await zoe.refused("POST", comments, 409, "comments.closed", json=words)
    async with database.writer() as session:
        await session.execute(
            update(Management)
            .where(col(Management.employee_id) == cast["Alice"].id)
            .values(manager_id=invited.id)
        )
    for method, path, given in (
        ("GET", f"/ideas/{idea_id}", {}),
        ("GET", comments, {}),
        ("PUT", f"/ideas/{idea_id}/vote", {}),
        ("POST", comments, {"json": words}),
        ("POST", comments, {"json": words | {"reply_to": idea_id}}),
    ):
        await zoe.refused(method, path, 404, "ideas.unknown", **given)
    await zoe.http.aclose()
