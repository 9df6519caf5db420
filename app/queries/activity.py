"""Counting what people did by day, straight from the record."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, or_, select, union_all
from sqlmodel import col

from app.core.days import day_in
from app.domain.authorships import AuthorshipState
from app.domain.measures import DECISIONS, FIRST_ANSWERS
from app.domain.pipeline import Stage
from app.models.activity import ActivityChange
from app.models.authorships import Authorship
from app.models.comments import Comment
from app.models.ideas import Idea
from app.models.reviews import Review
from app.models.rewards import PointEntry
from app.models.sessions import SignIn
from app.models.votes import Vote

COUNTS = (
    "sign_ins",
    "ideas",
    "named_ideas",
    "comments",
    "named_comments",
    "votes",
    "answers",
    "points",
    "named_points",
)
"""What is counted of a day, as the columns of `activity_days`."""

PRIZE = "prize"
"""The rule under which the ledger keeps what prizes cost: nobody did less for having spent something."""

_ANSWERED = {act.value for act in FIRST_ANSWERS | DECISIONS}


def select_days(zone: str, people: list[str]) -> Select[Any]:
    """Return the statement that counts the days of people who have to be counted again, from their `since` on.

    Its columns are the person, the day, and `COUNTS` in order.
    """
    done = union_all(
        *(
            select(
                source.c.employee_id,
                source.c.day,
                *(source.c[name] if name in source.c else literal(0).label(name) for name in COUNTS),
            )
            for source in (part.subquery() for part in _list_sources(zone, people))
        )
    ).subquery()
    return (
        select(done.c.employee_id, done.c.day, *(func.sum(done.c[name]).label(name) for name in COUNTS))
        .join(ActivityChange, col(ActivityChange.employee_id) == done.c.employee_id)
        .where(done.c.day >= col(ActivityChange.since))
        .group_by(done.c.employee_id, done.c.day)
    )


def _list_sources(zone: str, people: list[str]) -> Iterator[Select[Any]]:
    def count(person: Any, at: Any, **what: ColumnElement[Any] | int) -> Select[Any]:
        return _count(person, day_in(zone, col(at)), what).where(col(person).in_(people))

    yield count(SignIn.employee_id, SignIn.at, sign_ins=1)
    yield (
        count(Authorship.employee_id, Idea.submitted_at, ideas=1, named_ideas=_one_if(~col(Idea.anonymous)))
        .join(Idea, col(Idea.id) == col(Authorship.idea_id))
        .where(
            col(Authorship.state) == AuthorshipState.ACCEPTED,
            col(Idea.source).is_(None),
            col(Idea.submitted_at).is_not(None),
            col(Idea.stage) != Stage.WITHDRAWN,
        )
    )
    yield count(
        Comment.author_id, Comment.created_at, comments=1, named_comments=_one_if(~col(Comment.unnamed))
    ).where(
        col(Comment.deleted_at).is_(None), col(Comment.hidden_at).is_(None), col(Comment.source).is_(None)
    )
    yield count(Vote.voter_id, Vote.cast_at, votes=1).where(col(Vote.withdrawn_at).is_(None))
    answered = func.coalesce(col(Review.acknowledged_at), col(Review.closed_at))
    yield _count(Review.reviewer_id, day_in(zone, answered), {"answers": 1}).where(
        col(Review.reviewer_id).in_(people),
        or_(
            # Whoever takes an idea over finds the answer of the one before in the review.
            col(Review.acknowledged_at) >= col(Review.opened_at),
            and_(
                col(Review.acknowledged_at).is_(None),
                col(Review.closed_at).is_not(None),
                col(Review.outcome).in_(_ANSWERED),
            ),
        ),
    )
    yield _count(
        PointEntry.employee_id,
        col(PointEntry.day),
        {"points": col(PointEntry.points), "named_points": _named_points()},
    ).where(col(PointEntry.employee_id).in_(people), col(PointEntry.rule) != PRIZE)


def _count(person: Any, day: Any, what: Mapping[str, Any]) -> Select[Any]:
    columns = (literal(one) if isinstance(one, int) else one for one in what.values())
    named = (column.label(name) for name, column in zip(what, columns, strict=True))
    return select(col(person).label("employee_id"), day.label("day"), *named)


def _one_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


def _named_points() -> ColumnElement[int]:
    """Return the points of an entry, 0 where they are for an anonymous idea of the person's own."""
    unnamed = exists().where(
        col(Idea.id) == col(PointEntry.subject),
        col(Idea.anonymous),
        col(Authorship.idea_id) == col(Idea.id),
        col(Authorship.employee_id) == col(PointEntry.employee_id),
    )
    return case((unnamed, 0), else_=col(PointEntry.points))
