"""Facts: the names and texts that notifications stand for, looked up when somebody reads, not when they are written."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain.authorships import AuthorshipState
from app.domain.notifications import Kind
from app.models.authorships import Authorship
from app.models.comments import Comment
from app.models.employees import Employee
from app.models.functions import Function
from app.models.ideas import Idea
from app.models.itinerary import ItineraryEntry
from app.models.notifications import Notification
from app.queries import subjects
from app.queries.subjects import Described
from app.schemas.shapes import Named

_Texts = dict[str, tuple[str | None, str | None]]


@dataclass(frozen=True, slots=True)
class Facts:
    """What one notification stands for; `gone` says that it is about something that is not there any more.

    `at` is when something takes place, in the time zone in which it is told.
    """

    title: str
    holder: Named | None = None
    person: Named | None = None
    function: Named | None = None
    text: str | None = None
    reason: str | None = None
    at: datetime | None = None
    place: str | None = None
    gone: bool = False


_GONE = Facts(title="", gone=True)


async def look_up(session: ReadSession, told: Sequence[Notification]) -> dict[str, Facts]:
    """Return what notifications stand for now, by identifier.

    Nobody is named where it would say who wrote an anonymous idea.
    """
    ideas = await _read_ideas(session, {each.idea_id for each in told if each.idea_id is not None})
    described = await subjects.describe(session, {each.topic for each in told})
    comments = await _read_comments(session, _list_named(told, "comment"))
    people = await _read_people(session, told, comments.values())
    functions = await _read_functions(session, _list_named(told, "function"))
    texts = await _read_texts(session, _list_named(told, "entry"))
    hidden = await _list_hidden(session, [idea_id for idea_id, (_, anonymous) in ideas.items() if anonymous])
    found = {}
    for each in told:
        if each.idea_id is None:
            found[each.id] = _say(each, described.get(each.topic), people)
            continue
        comment = comments.get(each.facts.get("comment", ""))
        named = _name_person(each, comment)
        text, reason = texts.get(each.facts.get("entry", ""), (None, None))
        found[each.id] = Facts(
            title=ideas[each.idea_id][0],
            holder=people.get(each.facts.get("holder", "")),
            person=None if (each.idea_id, named) in hidden else people.get(named),
            function=functions.get(each.facts.get("function", "")),
            text=comment.body if comment else text,
            reason=reason,
            gone=comment is not None and comment.deleted_at is not None,
        )
    return found


def _say(each: Notification, described: Described | None, people: Mapping[str, Named]) -> Facts:
    """Return what a notification stands for that is about no idea."""
    if described is None:
        return _GONE
    return Facts(
        title=described.name,
        person=people.get(str(each.facts.get("person", ""))),
        text=described.text if each.kind in _QUOTING else None,
        at=described.at,
        place=described.place,
    )


_QUOTING = frozenset({Kind.GATHERING_CANCELLED, Kind.AWARD_REFUSED, Kind.NUDGE_SENT})
"""What comes with somebody's words."""


def _list_named(told: Sequence[Notification], fact: str) -> set[str]:
    return {each.facts[fact] for each in told if fact in each.facts}


def _name_person(each: Notification, comment: Comment | None) -> str:
    if each.kind == Kind.COMMENT_CREDITED:
        return ""
    if comment is not None:
        return "" if comment.unnamed else comment.author_id
    return str(each.facts.get("person", ""))


async def _read_ideas(session: ReadSession, idea_ids: Collection[str]) -> dict[str, tuple[str, bool]]:
    rows = await session.execute(
        select(col(Idea.id), col(Idea.title), col(Idea.anonymous)).where(col(Idea.id).in_(idea_ids))
    )
    return {idea_id: (title, anonymous) for idea_id, title, anonymous in rows}


async def _read_comments(session: ReadSession, comment_ids: Collection[str]) -> dict[str, Comment]:
    if not comment_ids:
        return {}
    rows = await session.scalars(select(Comment).where(col(Comment.id).in_(comment_ids)))
    return {row.id: row for row in rows}


async def _read_people(
    session: ReadSession, told: Sequence[Notification], comments: Collection[Comment]
) -> dict[str, Named]:
    wanted = _list_named(told, "holder") | _list_named(told, "person")
    wanted |= {comment.author_id for comment in comments if not comment.unnamed}
    if not wanted:
        return {}
    rows = await session.execute(
        select(col(Employee.id), col(Employee.name)).where(col(Employee.id).in_(wanted))
    )
    return {employee_id: Named(id=employee_id, name=name) for employee_id, name in rows}


async def _read_functions(session: ReadSession, function_ids: Collection[str]) -> dict[str, Named]:
    if not function_ids:
        return {}
    rows = await session.execute(
        select(col(Function.id), col(Function.name)).where(col(Function.id).in_(function_ids))
    )
    return {function_id: Named(id=function_id, name=name) for function_id, name in rows}


async def _read_texts(session: ReadSession, entry_ids: Collection[str]) -> _Texts:
    if not entry_ids:
        return {}
    rows = await session.execute(
        select(col(ItineraryEntry.id), col(ItineraryEntry.text), col(ItineraryEntry.reason_code)).where(
            col(ItineraryEntry.id).in_(entry_ids)
        )
    )
    return {entry_id: (text, reason) for entry_id, text, reason in rows}


async def _list_hidden(session: ReadSession, idea_ids: Collection[str]) -> set[tuple[str, str]]:
    """Return who must not be named with which idea: whoever wrote an anonymous one, or was asked to."""
    if not idea_ids:
        return set()
    rows = await session.execute(
        select(col(Authorship.idea_id), col(Authorship.employee_id)).where(
            col(Authorship.idea_id).in_(idea_ids), col(Authorship.state) != AuthorshipState.REFUSED
        )
    )
    return {(idea_id, employee_id) for idea_id, employee_id in rows}
