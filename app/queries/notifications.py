"""Reading what somebody was told: only what they may still know of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, cast

from sqlalchemy import ColumnElement, FromClause, Select, and_, exists, func, or_, select
from sqlmodel import col

from app.core.db import ReadSession
from app.core.keysets import Place
from app.core.lanes import SessionLane
from app.domain.actors import Actor
from app.domain.authorships import AuthorshipState
from app.domain.help_requests import HelpState
from app.domain.notifications import ABOUT_HELP
from app.domain.pipeline import Stage
from app.domain.subjects import OPEN, SubjectKind, Topic
from app.models.authorships import Authorship
from app.models.help_requests import HelpRequest
from app.models.ideas import Idea
from app.models.notifications import Notification as Row
from app.queries import facts, restrictions, subjects
from app.queries.facts import Facts
from app.queries.ideas import list_drafts_seen
from app.schemas.notifications import IdeaTold, Notification, SubjectTold
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
    hidden = await _list_hidden(session, actor, [tuple(row) for row in page])
    shown: list[Row] = [row for row, _, _ in page if row.topic not in hidden or row.kind in ABOUT_HELP]
    known = await facts.look_up(session, shown)
    place = [page[-1][0].position] if len(rows) > limit else None
    return [_shape(row, known[row.id], titled=row.topic not in hidden) for row in shown], place


async def _list_hidden(
    session: ReadSession, actor: Actor, rows: Sequence[tuple[Row, str | None, str | None]]
) -> set[Topic]:
    """Return what the actor may not know of any more, of notifications with stage and authorship of their idea."""
    drafts = {row.idea_id: own for row, stage, own in rows if stage == Stage.DRAFT and row.idea_id}
    hidden = drafts.keys() - await list_drafts_seen(SessionLane(session), actor, drafts)
    others = {(actor.id, row.topic) for row, _, _ in rows if row.idea_id is None}
    unseen = others - await subjects.list_visible(session, {actor.id: actor}, others)
    return {Topic(SubjectKind.IDEA, idea_id) for idea_id in hidden} | {topic for _, topic in unseen}


@dataclass(frozen=True, slots=True)
class Unread:
    """What somebody has not read: what they may see for sure, and what may be hidden from them."""

    sure: ColumnElement[int]
    unsure: ColumnElement[int]
    source: FromClause


def count_unread(employee_id: str) -> Unread:
    """Return the numbers of notifications that somebody has not read, as one part of a statement."""
    counted = (
        _of_reader(
            select(func.count().label("unread"), func.count().filter(_UNSURE).label("unsure")), employee_id
        )
        .where(col(Row.read_at).is_(None))
        .subquery()
    )
    return Unread(counted.c.unread - counted.c.unsure, counted.c.unsure, counted)


async def count_unsure(session: ReadSession, actor: Actor) -> int:
    """Return how many unread notifications the actor may still see, of those that may be hidden.

    Most people have none: ask only those of whom `count_unread` says that they have some.
    """
    statement = _of_reader(select(Row, col(Idea.stage), col(Authorship.state)), actor.id).where(
        col(Row.read_at).is_(None), _UNSURE
    )
    rows = [tuple(row) for row in (await session.execute(statement)).all()]
    hidden = await _list_hidden(session, actor, rows)
    return sum(row.topic not in hidden for row, _, _ in rows)


_UNSURE = or_(
    # What a conflict may hide: invitations, and what is told to who helps with a draft.
    and_(
        col(Idea.stage) == Stage.DRAFT,
        or_(col(Authorship.state).is_(None), col(Authorship.state) != AuthorshipState.ACCEPTED.value),
        col(Row.kind).not_in([kind.value for kind in ABOUT_HELP]),
    ),
    col(Row.subject_kind).not_in([SubjectKind.IDEA.value, *(kind.value for kind in OPEN)]),
)


def _of_reader(statement: Any, employee_id: str) -> Select[Any]:
    """Narrow a statement to what somebody was told, of drafts only while they may know of them."""
    narrowed: Select[Any] = (
        statement.select_from(Row)
        .outerjoin(Idea, col(Idea.id) == col(Row.idea_id))
        .outerjoin(
            Authorship,
            and_(col(Authorship.idea_id) == col(Row.idea_id), col(Authorship.employee_id) == employee_id),
        )
        .where(
            col(Row.employee_id) == employee_id,
            or_(
                col(Row.idea_id).is_(None),
                col(Idea.stage) != Stage.DRAFT,
                and_(
                    col(Idea.restriction).is_(None),
                    or_(col(Authorship.state).in_(_DRAFT_SEEN_BY), _is_helped_by(employee_id)),
                ),
                and_(
                    col(Idea.restriction).is_not(None),
                    or_(
                        col(Authorship.state) == AuthorshipState.ACCEPTED.value,
                        restrictions.is_read_by(col(Row.idea_id), employee_id),
                    ),
                ),
            ),
        )
    )
    return narrowed


def _is_helped_by(employee_id: str) -> ColumnElement[bool]:
    """Return the condition that somebody helps with the idea, or has a part in the request they were told of."""
    return exists().where(
        col(HelpRequest.idea_id) == col(Row.idea_id),
        col(HelpRequest.helper_id) == employee_id,
        or_(
            col(HelpRequest.state) == HelpState.HELPING.value,
            col(Row.kind).in_([kind.value for kind in ABOUT_HELP]),
        ),
    )


def _shape(row: Row, known: Facts, *, titled: bool) -> Notification:
    due, name = row.facts.get("due_on"), known.title if titled else None
    return Notification(
        id=row.id,
        position=row.position or 0,
        kind=cast("KindName", row.kind),
        asks=row.asks,
        subject=SubjectTold(kind=row.topic.kind.value, id=row.subject_id, name=name),
        idea=IdeaTold(id=row.idea_id, title=name) if row.idea_id else None,
        person=known.person,
        holder=known.holder,
        function=known.function,
        reason_code=known.reason,
        comment=row.facts.get("comment"),
        help=row.facts.get("help"),
        due_on=date.fromisoformat(due) if due else None,
        starts_at=known.at,
        place=known.place,
        created_at=row.created_at,
        read_at=row.read_at,
        resolved_at=row.resolved_at,
    )
