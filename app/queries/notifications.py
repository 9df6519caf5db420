"""Reading what somebody was told: only what they may still know of."""

from datetime import date
from typing import Any, Literal, cast

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlmodel import col

from app.core.db import ReadSession
from app.core.keysets import Place
from app.domain.actors import Actor
from app.domain.authorships import AuthorshipState
from app.domain.pipeline import Stage
from app.models.authorships import Authorship
from app.models.ideas import Idea
from app.models.notifications import Notification as Row
from app.queries import conflicts, facts
from app.queries.facts import Facts
from app.schemas.notifications import IdeaTold, Notification
from app.schemas.preferences import KindName

State = Literal["unread", "all", "asks"]

_DRAFT_SEEN_BY = (AuthorshipState.ACCEPTED.value, AuthorshipState.INVITED.value)


async def list_notifications(
    session: ReadSession, actor: Actor, *, state: State, after: Place | None, limit: int
) -> tuple[list[Notification], Place | None]:
    """Return a page of what the actor was told, the latest first; `asks` is what is still to be done."""
    statement = _of_reader(select(Row, col(Idea.stage), col(Authorship.state)), actor.id)
    if state == "unread":
        statement = statement.where(col(Row.read_at).is_(None))
    if state == "asks":
        statement = statement.where(col(Row.asks).is_(True), col(Row.resolved_at).is_(None))
    if after is not None:
        statement = statement.where(col(Row.position) < after[0])
    rows = (await session.execute(statement.order_by(col(Row.position).desc()).limit(limit + 1))).all()
    page = rows[:limit]
    invited = [row.idea_id for row, stage, own in page if stage == Stage.DRAFT and own == _DRAFT_SEEN_BY[1]]
    close = await conflicts.find_conflicted(session, actor, invited)
    shown: list[Row] = [row for row, _, _ in page if row.idea_id not in close]
    known = await facts.look_up(session, shown)
    place = [page[-1][0].position] if len(rows) > limit else None
    return [_shape(row, known[row.id]) for row in shown], place


def count_unread(employee_id: str) -> ColumnElement[int]:
    """Return the number of notifications that somebody has not read, as part of a statement."""
    counted = _of_reader(select(func.count()), employee_id).where(col(Row.read_at).is_(None))
    return counted.scalar_subquery()


def _of_reader(statement: Any, employee_id: str) -> Select[Any]:
    """Narrow a statement to what somebody was told, drafts only while they may know of them."""
    narrowed: Select[Any] = (
        statement.select_from(Row)
        .join(Idea, col(Idea.id) == col(Row.idea_id))
        .outerjoin(
            Authorship,
            and_(col(Authorship.idea_id) == col(Row.idea_id), col(Authorship.employee_id) == employee_id),
        )
        .where(
            col(Row.employee_id) == employee_id,
            or_(col(Idea.stage) != Stage.DRAFT, col(Authorship.state).in_(_DRAFT_SEEN_BY)),
        )
    )
    return narrowed


def _shape(row: Row, known: Facts) -> Notification:
    due = row.facts.get("due_on")
    return Notification(
        id=row.id,
        position=row.position or 0,
        kind=cast("KindName", row.kind),
        asks=row.asks,
        idea=IdeaTold(id=row.idea_id, title=known.title),
        person=known.person,
        holder=known.holder,
        function=known.function,
        reason_code=known.reason,
        comment=row.facts.get("comment"),
        due_on=date.fromisoformat(due) if due else None,
        created_at=row.created_at,
        read_at=row.read_at,
        resolved_at=row.resolved_at,
    )
