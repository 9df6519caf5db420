"""Reading what the figures know of people: when they were employed, and what they did first in each way.

Of what was never undone the first time is enough: it holds from then on.
"""

from collections.abc import Collection
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, case, func, literal, select
from sqlmodel import col

from app.core.db import ReadSession
from app.core.types import UtcDateTime
from app.domain.breakdowns import Tree
from app.domain.people_marks import Person, Span
from app.models.authorships import Authorship
from app.models.comments import Comment
from app.models.employees import Employee, Employment
from app.models.ideas import Idea
from app.models.sessions import SignIn
from app.models.votes import Vote
from app.queries import votings

_NEVER = literal(None, UtcDateTime())


async def read(
    session: ReadSession,
    people: Collection[str],
    tree: Tree,  # noqa: ARG001  of the whole company only
    zone: ZoneInfo,  # noqa: ARG001  the days are found when marks are derived
) -> dict[str, Person]:
    """Return what the figures know of some people, of those who were ever employed; seven statements."""
    found: dict[str, Person] = {}
    employments: Any = await session.execute(
        select(col(Employment.employee_id), col(Employment.started_at), col(Employment.ended_at))
        .join(Employee, col(Employee.id) == col(Employment.employee_id))
        .where(col(Employment.employee_id).in_(people), col(Employee.kind) == "employee")
    )
    for person, began_at, ended_at in employments:
        found.setdefault(person, Person()).employed.append(Span(began_at, ended_at))
    for figure, statement in _list_statements(people):
        for person, began_at, ended_at in await session.execute(statement):
            if person in found and began_at is not None:
                found[person].acts.setdefault(figure, []).append(Span(began_at, ended_at))
    return found


def _list_statements(people: Collection[str]) -> list[tuple[str, Any]]:
    """Return for each figure the statements of who did it, from when on, until when."""
    accepted_at = func.coalesce(col(Authorship.answered_at), col(Authorship.invited_at))
    submitted_at = col(Idea.submitted_at)
    vote, comment = (
        and_(col(Vote.voter_id).in_(people), col(Vote.idea_id).not_in(votings.SEALED_IDEAS)),
        and_(col(Comment.author_id).in_(people), col(Comment.source).is_(None)),
    )
    return [
        (
            "connected",
            select(col(SignIn.employee_id), func.min(col(SignIn.at)), _NEVER)
            .where(col(SignIn.employee_id).in_(people))
            .group_by(col(SignIn.employee_id)),
        ),
        (
            "submitted",
            select(
                col(Authorship.employee_id),
                case((accepted_at > submitted_at, accepted_at), else_=submitted_at),
                _NEVER,
            )
            .join(Idea, col(Idea.id) == col(Authorship.idea_id))
            .where(
                col(Authorship.employee_id).in_(people),
                col(Authorship.state) == "accepted",
                col(Idea.source).is_(None),
                col(Idea.submitted_at).is_not(None),
            ),
        ),
        (
            "commented",
            select(col(Comment.author_id), func.min(col(Comment.created_at)), _NEVER)
            .where(comment, col(Comment.deleted_at).is_(None))
            .group_by(col(Comment.author_id)),
        ),
        (
            "commented",
            select(col(Comment.author_id), col(Comment.created_at), col(Comment.deleted_at)).where(
                comment, col(Comment.deleted_at).is_not(None)
            ),
        ),
        (
            "voted",
            select(col(Vote.voter_id), func.min(col(Vote.cast_at)), _NEVER)
            .where(vote, col(Vote.withdrawn_at).is_(None))
            .group_by(col(Vote.voter_id)),
        ),
        (
            "voted",
            select(col(Vote.voter_id), col(Vote.cast_at), col(Vote.withdrawn_at)).where(
                vote, col(Vote.withdrawn_at).is_not(None)
            ),
        ),
    ]
