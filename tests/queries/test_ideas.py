"""Which ideas somebody may know of: asked for many at once, the answer is that of asking one by one."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select, update
from sqlmodel import col

from app.core import ids
from app.core.db import Database, ReadSession
from app.core.lanes import SessionLane
from app.domain.actors import Actor
from app.domain.ideas import NoSuchIdea
from app.models.employees import Employee, Management
from app.models.ideas import Idea
from app.queries import actors
from app.queries.ideas import get_visible, list_visible
from tests.services.test_notifications import submit
from tests.support.client import Client
from tests.support.statements import counted
from tests.support.world import Cast

Speak = Callable[[str], Client]


async def may_see(session: ReadSession, actor: Actor, idea_id: str) -> bool:
    try:
        await get_visible(session, actor, idea_id)
    except NoSuchIdea:
        return False
    return True


async def test_many_at_once_are_those_that_are_visible_one_by_one(
    speak: Speak, cast: Cast, database: Database
) -> None:
    for draft in (False, True, True):
        more: dict[str, Any] = {"draft": True, "function": None} if draft else {}
        path, _ = await submit(speak, cast, **more)
        if draft:
            for name in ("Max", "Pete"):
                await speak("Alice").post(f"{path}/authors", {"employee": cast[name].id})
    async with database.writer() as session:
        of_alice = col(Management.employee_id) == cast["Alice"].id
        await session.execute(update(Management).where(of_alice).values(manager_id=cast["Max"].id))
    async with database.reader() as session:
        people = (await session.scalars(select(col(Employee.id)))).all()
        known = [*(await session.scalars(select(col(Idea.id)))).all(), ids.new()]
        active = await actors.list_active(SessionLane(session), people)
        expected = {
            (actor.id, idea_id)
            for actor in active.values()
            for idea_id in known
            if await may_see(session, actor, idea_id)
        }
        found = await list_visible(session, active, {(one, idea) for one in people for idea in known})
        submitted = {pair for pair in expected if sum(pair[1] == idea for _, idea in expected) == len(active)}
        with counted(database) as statements:
            assert await list_visible(session, active, submitted) == submitted
    assert found == expected
    assert len(statements) == 1
    assert {len([one for _, one in found if one == idea]) for idea in known} == {0, 2, len(active)}
