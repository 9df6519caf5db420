"""The statements that read a discussion: a page of threads, their replies, one comment, and whose idea it is."""

from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    func,
    literal_column,
    select,
    tuple_,
    type_coerce,
)
from sqlmodel import col

from app.core.prepared import Prepared, among
from app.core.types import UtcDateTime
from app.models.authorships import Authorship
from app.models.comments import Comment
from app.models.employees import Employee
from app.models.ideas import Idea
from app.queries.fresh import stamp


class CommentRow(NamedTuple):
    """A comment with the name of its author; `hidden` when that is nobody's business."""

    id: str
    idea_id: str
    author_id: str
    parent_id: str | None
    body: str
    version: int
    created_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None
    credited_at: datetime | None
    hidden_code: str | None
    name: str
    hidden: bool


def _select_comments() -> Select[Any]:
    """Comments with their author; what an author wrote under an anonymous idea has no name until it is signed."""
    hidden = and_(col(Comment.unnamed).is_(True), col(Idea.anonymous).is_(True))
    return (
        select(
            *(getattr(Comment, name) for name in CommentRow._fields[:-2]),
            col(Employee.name),
            hidden.label("hidden"),
        )
        .join(Employee, col(Employee.id) == col(Comment.author_id))
        .join(Idea, col(Idea.id) == col(Comment.idea_id))
    )


_IN_ORDER = (col(Comment.created_at), col(Comment.id))
ONE = Prepared(lambda _: _select_comments().where(col(Comment.id) == bindparam("comment_id", type_=String())))
"""One comment, as a `CommentRow`."""

REPLIES = Prepared(
    lambda engine: (
        _select_comments().where(among(col(Comment.parent_id), "parents", engine)).order_by(*_IN_ORDER)
    )
)
"""The replies to some comments, in order."""


def _select_idea(engine: str) -> Select[Any]:
    gather = func.json_agg if engine == "postgresql" else func.json_group_array
    authors = (
        select(type_coerce(gather(col(Authorship.employee_id)), JSON()))
        .where(col(Authorship.idea_id) == col(Idea.id), col(Authorship.state) == "accepted")
        .scalar_subquery()
    )
    found = select(col(Idea.stage), authors).where(col(Idea.id) == bindparam("idea_id", type_=String()))
    return stamp(found, engine)


IDEA = Prepared(_select_idea)
"""Where an idea stands, the identifiers of its authors, and the stamp."""


@lru_cache(maxsize=256)
def prepare_page(limit: int, *, resumed: bool) -> Prepared:
    """Return the statement for the threads of a page and one more; with `resumed`, of those beyond a place."""
    statement = _select_comments().where(
        col(Comment.idea_id) == bindparam("idea_id", type_=String()), col(Comment.parent_id).is_(None)
    )
    if resumed:
        here = tuple_(*_IN_ORDER)
        statement = statement.where(
            here > tuple_(bindparam("last_at", type_=UtcDateTime()), bindparam("last_id", type_=String()))
        )
    statement = statement.order_by(*_IN_ORDER).limit(literal_column(str(limit + 1), Integer()))
    return Prepared(lambda _: statement)
