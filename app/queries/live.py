"""What live connections are told, read when something was committed: events, notifications, where ideas stand."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    String,
    and_,
    any_,
    bindparam,
    cast,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import col

from app.core.lanes import Fetching
from app.core.prepared import Prepared, among, pack
from app.core.types import UtcDateTime
from app.domain.events import VoteCast, VoteWithdrawn
from app.domain.pipeline import Stage
from app.models.comments import Comment
from app.models.employees import Employee
from app.models.events import Event
from app.models.ideas import Idea, Tally
from app.models.notifications import Notification
from app.models.reviews import Review
from app.models.sessions import Session
from app.models.votes import Vote

BATCH = 1_000
"""Rows that are read at a time; what is left is read at once afterwards."""

_TOLD = or_(col(Event.kind) == VoteCast.kind, col(Event.kind) == VoteWithdrawn.kind)

_OVERLAP = 200
"""Newest events that are looked at for gaps in the beginning."""


class Change(NamedTuple):
    """An event, and the idea that it is about where there is one (else its subject, which is none)."""

    sequence: int
    kind: str
    subject: str
    idea_id: str


class Message(NamedTuple):
    """A notification of a person."""

    position: int
    id: str
    employee_id: str
    kind: str
    idea_id: str | None
    subject_kind: str
    subject_id: str


class State(NamedTuple):
    """The counters of an idea and where it stands."""

    idea_id: str
    votes: int
    comments: int
    stage: str
    counting: str


async def list_newest(lane: Fetching) -> list[int]:
    """Return the sequence numbers of the newest events, in ascending order."""
    return sorted(number for (number,) in await lane.fetch(_NEWEST, {}))


async def find_position(lane: Fetching) -> int:
    """Return the position of the newest notification of anybody, 0 without any."""
    ((position,),) = await lane.fetch(_POSITION, {})
    return int(position)


async def list_changes(lane: Fetching, *, after: int, missing: list[int]) -> list[Change]:
    """Return events beyond a number and those of missing numbers, at most `BATCH`, in ascending order."""
    found = [Change._make(row) for row in await lane.fetch(_CHANGES, {"after": after})]
    if missing:
        numbers = pack([str(number) for number in missing], lane.engine)
        found += [Change._make(row) for row in await lane.fetch(_LATE, {"numbers": numbers})]
    return sorted(found)


async def list_messages(lane: Fetching, *, after: int) -> list[Message]:
    """Return notifications of everybody beyond a position, at most `BATCH`, in ascending order."""
    return [Message._make(row) for row in await lane.fetch(_MESSAGES, {"after": after})]


async def list_behind(lane: Fetching, people: Iterable[str], *, after: int, until: int) -> set[str]:
    """Return those of some people who were told something beyond a position, up to and with another one."""
    values = {"people": pack(sorted(people), lane.engine), "after": after, "until": until}
    return {employee_id for (employee_id,) in await lane.fetch(_BEHIND, values)}


async def list_missed(
    lane: Fetching, employee_id: str, *, after: int, until: int, most: int
) -> list[Message]:
    """Return the oldest notifications of a person beyond a position, up to and with another one."""
    values = {"employee": employee_id, "after": after, "until": until, "most": most}
    return [Message._make(row) for row in await lane.fetch(_MISSED, values)]


async def list_states(lane: Fetching, ideas: Iterable[str]) -> list[State]:
    """Return where ideas stand, by identifier; drafts, which are their writers' own business, are left out."""
    listed = pack(sorted(ideas), lane.engine)
    # The order of a table follows what was written last, which is not for everybody to know.
    return sorted(State._make(row) for row in await lane.fetch(_STATES, {"ideas": listed}))


async def list_reviewers(lane: Fetching, ideas: Iterable[str]) -> list[str]:
    """Return who has or had a turn on one of some ideas."""
    listed = pack(sorted(ideas), lane.engine)
    return [reviewer for (reviewer,) in await lane.fetch(_REVIEWERS, {"ideas": listed})]


async def list_standing(
    lane: Fetching, people: Iterable[str], sessions: Iterable[str], *, now: datetime
) -> set[str]:
    """Return those of some people who are active, and those of some sessions that still stand."""
    values = {"people": pack(sorted(people), lane.engine), "sessions": pack(sorted(sessions), lane.engine)}
    active = await lane.fetch(_ACTIVE, {"people": values["people"]})
    standing = await lane.fetch(_STANDING, {"sessions": values["sessions"], "now": now})
    return {found for (found,) in (*active, *standing)}


def _bind(name: str) -> Any:
    return bindparam(name, type_=BigInteger())


def _select_changes() -> Select[*tuple[Any, ...]]:
    idea = func.coalesce(
        col(Vote.idea_id), col(Comment.idea_id), col(Review.idea_id), col(Event.subject), type_=String()
    )
    return (
        select(col(Event.sequence), col(Event.kind), col(Event.subject), idea)
        # A vote that is not counted yet is no change of its idea: the number of frames would count it.
        .outerjoin(Vote, and_(col(Vote.id) == col(Event.subject), _TOLD))
        .outerjoin(Comment, col(Comment.id) == col(Event.subject))
        .outerjoin(Review, col(Review.id) == col(Event.subject))
        .order_by(col(Event.sequence))
        .limit(BATCH)
    )


def _among_missing(engine: str) -> ColumnElement[bool]:
    if engine == "postgresql":
        numbers = bindparam("numbers", type_=ARRAY(String()))
        matching: ColumnElement[bool] = col(Event.sequence) == any_(cast(numbers, ARRAY(BigInteger())))
        return matching
    listed = func.json_each(bindparam("numbers", type_=String())).table_valued("value").c.value
    return col(Event.sequence).in_(select(cast(listed, BigInteger())))


def _select_messages() -> Select[*tuple[Any, ...]]:
    return select(
        col(Notification.position),
        col(Notification.id),
        col(Notification.employee_id),
        col(Notification.kind),
        col(Notification.idea_id),
        col(Notification.subject_kind),
        col(Notification.subject_id),
    ).order_by(col(Notification.position))


_NEWEST = Prepared(lambda _: select(col(Event.sequence)).order_by(col(Event.sequence).desc()).limit(_OVERLAP))
_POSITION = Prepared(lambda _: select(func.coalesce(func.max(col(Notification.position)), 0)))
_CHANGES = Prepared(lambda _: _select_changes().where(col(Event.sequence) > _bind("after")))
_LATE = Prepared(lambda engine: _select_changes().where(_among_missing(engine)))
_MESSAGES = Prepared(
    lambda _: _select_messages().where(col(Notification.position) > _bind("after")).limit(BATCH)
)
_BEHIND = Prepared(
    lambda engine: (
        select(col(Notification.employee_id))
        .where(
            among(col(Notification.employee_id), "people", engine),
            col(Notification.position) > _bind("after"),
            col(Notification.position) <= _bind("until"),
        )
        .distinct()
    )
)
_MISSED = Prepared(
    lambda _: (
        _select_messages()
        .where(
            col(Notification.employee_id) == bindparam("employee", type_=String()),
            col(Notification.position) > _bind("after"),
            col(Notification.position) <= _bind("until"),
            # Of what was restricted since nobody is told again, but by what is about the restriction itself.
            or_(
                col(Notification.kind).like("restrictions.%"),
                ~exists().where(
                    col(Idea.id) == col(Notification.idea_id), col(Idea.restriction).is_not(None)
                ),
            ),
        )
        .limit(_bind("most"))
    )
)
_STATES = Prepared(
    lambda engine: select(
        col(Tally.idea_id), col(Tally.votes), col(Tally.comments), col(Tally.stage), col(Tally.counting)
    ).where(among(col(Tally.idea_id), "ideas", engine), col(Tally.stage) != Stage.DRAFT.value)
)
_REVIEWERS = Prepared(
    lambda engine: (
        select(col(Review.reviewer_id))
        .where(among(col(Review.idea_id), "ideas", engine), col(Review.reviewer_id).is_not(None))
        .distinct()
    )
)
_ACTIVE = Prepared(
    lambda engine: select(col(Employee.id)).where(
        among(col(Employee.id), "people", engine), col(Employee.active).is_(True)
    )
)
_STANDING = Prepared(
    lambda engine: select(col(Session.id)).where(
        among(col(Session.id), "sessions", engine),
        col(Session.revoked_at).is_(None),
        col(Session.expires_at) > bindparam("now", type_=UtcDateTime()),
    )
)
