"""Reading what people wish for when they are erased, and what erasing them concerns."""

from typing import NamedTuple

from sqlalchemy import exists, func, select, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.core import keysets
from app.core.db import ReadSession
from app.core.keysets import Place
from app.domain import permissions, personal_data
from app.domain.actors import Actor
from app.domain.permissions import Permission
from app.domain.personal_data import Fate
from app.domain.pipeline import Stage
from app.models.authorships import Authorship
from app.models.comments import Comment
from app.models.employees import Employee
from app.models.erasures import ErasureChoice
from app.models.erasures import ErasureWish as Wish
from app.models.ideas import Idea
from app.schemas.erasures import ErasureWish, RemovableIdea, WishingPerson
from app.schemas.shapes import Named


class OwnIdea(NamedTuple):
    """An idea of a person; `alone` says that nobody else writes it, `draft` that nobody else reads it."""

    id: str
    title: str
    stage: str
    anonymous: bool
    draft: bool
    alone: bool


async def list_own_ideas(session: ReadSession, employee_id: str) -> list[OwnIdea]:
    """Return all ideas that a person wrote, drafts as well, the latest first."""
    other = aliased(Authorship)
    together = exists().where(
        col(other.idea_id) == col(Idea.id),
        col(other.employee_id) != employee_id,
        col(other.state) == "accepted",
    )
    rows = await session.execute(
        select(
            col(Idea.id),
            col(Idea.title),
            col(Idea.stage),
            col(Idea.anonymous),
            (col(Idea.stage) == Stage.DRAFT) & col(Idea.restriction).is_(None),
            ~together,
        )
        .join(Authorship, col(Authorship.idea_id) == col(Idea.id))
        .where(col(Authorship.employee_id) == employee_id, col(Authorship.state) == "accepted")
        .order_by(col(Idea.created_at).desc(), col(Idea.id))
    )
    return [OwnIdea(*row[:4], draft=bool(row[4]), alone=bool(row[5])) for row in rows]


async def count_named_comments(session: ReadSession, employee_id: str) -> int:
    """Return how many comments stand there under somebody's name."""
    return (
        await session.scalar(
            select(func.count()).where(
                col(Comment.author_id) == employee_id,
                col(Comment.unnamed).is_(False),
                col(Comment.deleted_at).is_(None),
            )
        )
        or 0
    )


async def get_wish(session: ReadSession, actor: Actor) -> ErasureWish:
    """Return what the actor wishes for, with the ideas that can be chosen."""
    asked = await session.scalar(select(Wish).where(col(Wish.employee_id) == actor.id))
    chosen = set(
        await session.scalars(
            select(col(ErasureChoice.idea_id)).where(col(ErasureChoice.employee_id) == actor.id)
        )
    )
    ideas = [idea for idea in await list_own_ideas(session, actor.id) if idea.alone]
    return ErasureWish(
        asked_at=asked.asked_at if asked else None,
        comments=asked.comments if asked else "keep",  # type: ignore[arg-type]  # one of the two
        ideas=[
            RemovableIdea(id=idea.id, title=idea.title, stage=idea.stage, chosen=idea.id in chosen)
            for idea in ideas
        ],
    )


async def list_wishing(
    session: ReadSession, actor: Actor, *, after: Place | None, limit: int
) -> tuple[list[WishingPerson], Place | None]:
    """Return a page of those who asked to be erased, the longest waiting first, and where the next page begins.

    Raises: RoleMissing.
    """
    permissions.check(actor, Permission.EMPLOYEES_ERASE)
    statement = (
        select(col(Wish.employee_id), col(Employee.name), col(Employee.active), col(Wish.asked_at))
        .join(Employee, col(Employee.id) == col(Wish.employee_id))
        .order_by(col(Wish.asked_at), col(Wish.employee_id))
        .limit(limit + 1)
    )
    if after is not None:
        statement = statement.where(
            tuple_(col(Wish.asked_at), col(Wish.employee_id)) > keysets.read_time(after)
        )
    rows = (await session.execute(statement)).all()
    items = [
        WishingPerson(
            employee=Named(id=person, name=name),
            active=active,
            asked_at=asked_at,
            can=[] if person == actor.id else ["deactivate" if active else "erase"],
        )
        for person, name, active, asked_at in rows[:limit]
    ]
    if len(rows) <= limit:
        return items, None
    return items, keysets.write(rows[limit - 1].asked_at, rows[limit - 1].employee_id)


def list_tables(fate: Fate) -> list[str]:
    """Return the tables with rows that have a fate."""
    return sorted({table for table, _ in personal_data.list_of(fate)})
