"""Reading what the figures know of people: when they were employed, what they did first in each way, who answered them.

Of what was never undone the first time is enough: it holds from then on.
"""

from collections.abc import Collection
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, case, func, literal, or_, select, union_all
from sqlmodel import col

from app.core.db import ReadSession
from app.core.types import UtcDateTime
from app.domain.breakdowns import Tree
from app.domain.crossing_marks import Answer, Written
from app.domain.crossings import Places
from app.domain.measures import FIRST_ANSWERS
from app.domain.people_marks import Person, Span
from app.models.authorships import Authorship
from app.models.comments import Comment
from app.models.employees import Employee, Employment
from app.models.ideas import Idea
from app.models.itinerary import ItineraryActor, ItineraryEntry
from app.models.sessions import SignIn
from app.models.votes import Vote
from app.queries import votings

_NEVER = literal(None, UtcDateTime())


async def read(
    session: ReadSession,
    people: Collection[str],
    tree: Tree,
    zone: ZoneInfo,  # noqa: ARG001  the days are found when marks are derived
) -> dict[str, Person]:
    """Return what the figures know of some people, of those who were ever employed or wrote; three statements."""
    found: dict[str, Person] = {}
    employments: Any = await session.execute(
        select(col(Employment.employee_id), col(Employment.started_at), col(Employment.ended_at))
        .join(Employee, col(Employee.id) == col(Employment.employee_id))
        .where(col(Employment.employee_id).in_(people), col(Employee.kind) == "employee")
    )
    for person, began_at, ended_at in employments:
        found.setdefault(person, Person()).employed.append(Span(began_at, ended_at))
    acts: Any = await session.execute(union_all(*_list_statements(people)))
    for figure, person, began_at, ended_at in acts:
        if person in found and began_at is not None:
            found[person].acts.setdefault(figure, []).append(Span(began_at, ended_at))
    for person, written in (await _read_written(session, people, Places(tree))).items():
        found.setdefault(person, Person()).written.extend(written)
    return found


async def _read_written(
    session: ReadSession, people: Collection[str], places: Places
) -> dict[str, list[Written]]:
    """Return the signed ideas of which somebody is the first author, with the answers to them."""
    rows: Any = await session.execute(_select_answers(people))
    ideas: dict[tuple[str, str], Written] = {}
    for person, idea, submitted_at, origin, at, answering in rows:
        spots = () if answering is None else places.list_spots(origin, answering)
        written = ideas.setdefault((person, idea), Written(submitted_at, []))
        written.answers.append(Answer(at, spots))
    found: dict[str, list[Written]] = {}
    for (person, _), written in ideas.items():
        found.setdefault(person, []).append(written)
    return found


def _select_answers(people: Collection[str]) -> Select[Any]:
    """Return the statement of first answers and those after them, and where whoever gave one worked then."""
    entry = ItineraryEntry
    statement: Any = (
        select(
            col(Authorship.employee_id),
            col(Idea.id),
            col(Idea.submitted_at),
            col(Idea.origin_id),
            col(entry.at),
            col(Employment.entity_id),
        )
        .select_from(Authorship)
        .join(Idea, col(Idea.id) == col(Authorship.idea_id))
        .join(entry, col(entry.idea_id) == col(Idea.id))
        .outerjoin(ItineraryActor, col(ItineraryActor.ref) == col(entry.actor_ref))
        .outerjoin(
            Employment,
            and_(
                col(Employment.employee_id) == col(ItineraryActor.employee_id),
                col(Employment.started_at) <= col(entry.at),
                or_(col(Employment.ended_at).is_(None), col(Employment.ended_at) > col(entry.at)),
            ),
        )
        .where(
            col(Authorship.employee_id).in_(people),
            col(Authorship.position) == 0,
            col(Idea.submitted_at).is_not(None),
            col(Idea.anonymous).is_(False),
            col(Idea.origin_id).is_not(None),
            col(entry.act).in_(sorted(FIRST_ANSWERS)),
        )
        .order_by(col(Idea.id), col(entry.position))
    )
    chosen: Select[Any] = statement
    return chosen


def _list_statements(people: Collection[str]) -> list[Any]:
    """Return statements of figures: which, of whom, from when on, until when."""
    accepted_at = func.coalesce(col(Authorship.answered_at), col(Authorship.invited_at))
    submitted_at = col(Idea.submitted_at)
    vote, comment = col(Vote.idea_id).not_in(votings.SEALED_IDEAS), col(Comment.source).is_(None)
    return [
        _select_first("connected", people, func.min(col(SignIn.at)), col(SignIn.employee_id)),
        select(
            literal("submitted"),
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
        _select_first(
            "commented",
            people,
            func.min(col(Comment.created_at)),
            col(Comment.author_id),
            comment,
            col(Comment.deleted_at).is_(None),
        ),
        select(
            literal("commented"), col(Comment.author_id), col(Comment.created_at), col(Comment.deleted_at)
        ).where(col(Comment.author_id).in_(people), comment, col(Comment.deleted_at).is_not(None)),
        _select_first(
            "voted",
            people,
            func.min(col(Vote.cast_at)),
            col(Vote.voter_id),
            vote,
            col(Vote.withdrawn_at).is_(None),
        ),
        select(literal("voted"), col(Vote.voter_id), col(Vote.cast_at), col(Vote.withdrawn_at)).where(
            col(Vote.voter_id).in_(people), vote, col(Vote.withdrawn_at).is_not(None)
        ),
    ]


def _select_first(
    figure: str, people: Collection[str], first: Any, person: Any, *conditions: Any
) -> Select[Any]:
    """Return the statement of when each did something first: one look into an index each, however much they did."""
    found = select(first).where(person == col(Employee.id), *conditions).scalar_subquery()
    return select(literal(figure), col(Employee.id), found, _NEVER).where(col(Employee.id).in_(people))
