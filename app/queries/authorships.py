"""Reading who writes an idea."""

from sqlalchemy import select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain.actors import Actor
from app.models.authorships import Authorship
from app.models.employees import Employee
from app.queries.ideas import get_visible
from app.schemas.authorships import Author, Authors
from app.schemas.shapes import Named


async def list_authors(session: ReadSession, actor: Actor, idea_id: str) -> Authors:
    """Return the authors, and to authors also who was asked; nobody else learns the authors of an anonymous idea.

    Raises: NoSuchIdea.
    """
    seen = await get_visible(session, actor, idea_id)
    states = ["accepted", "invited"] if seen.is_author else ["accepted"]
    if seen.idea.anonymous and not seen.is_author:
        return Authors(items=[])
    rows = await session.execute(
        select(col(Employee.id), col(Employee.name), col(Authorship.state))
        .join(Authorship, col(Authorship.employee_id) == col(Employee.id))
        .where(col(Authorship.idea_id) == idea_id, col(Authorship.state).in_(states))
        .order_by(col(Authorship.position))
    )
    return Authors(
        items=[Author(employee=Named(id=person, name=name), state=state) for person, name, state in rows]
    )
