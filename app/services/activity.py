"""Keeping the days of people's activity true: who did something is noted at once and counted a while later.

What is noted is only whose days have to be counted again, and from which day on. Counting reads the record
itself, so counting twice, or after a crash, gives the same.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, case, delete, func, insert, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from app.core import clock
from app.core.db import Database, WriteSession
from app.domain.events import CommentDeleted, CommentWritten, SignedIn, VoteCast, VoteWithdrawn
from app.domain.rights_events import CommentHidden, CommentRestored
from app.domain.voting_events import SealedVoteCast, SealedVoteWithdrawn
from app.models.activity import ActivityChange, ActivityDay
from app.models.authorships import Authorship
from app.models.comments import Comment
from app.models.events import Event
from app.models.help_requests import HelpRequest
from app.models.ideas import Idea
from app.models.reviews import Review
from app.models.votes import Vote
from app.queries import activity
from app.queries.activity import COUNTS
from app.services import badge_notes, standing_notes

PEOPLE = 400
"""People whose days are counted in one transaction: few enough that a writer waiting on SQLite does not notice."""

_VOTES = frozenset(kind.kind for kind in (VoteCast, VoteWithdrawn, SealedVoteCast, SealedVoteWithdrawn))
_COMMENTS = frozenset(kind.kind for kind in (CommentWritten, CommentDeleted, CommentHidden, CommentRestored))

Moments = Iterable[tuple[str, datetime]]
"""People and when something of theirs changed."""


async def note(session: WriteSession, events: Sequence[Event], *, now: datetime) -> None:  # noqa: ARG001  every reaction takes it
    """Note whose days events change. Somebody who did a thing again may have done it first on an earlier day."""
    of_votes = [event.subject for event in events if event.kind in _VOTES]
    of_comments = [event.subject for event in events if event.kind in _COMMENTS]
    moments: list[tuple[str, datetime]] = [
        (event.subject, event.at) for event in events if event.kind == SignedIn.kind
    ]
    if of_votes:
        moments += await _read(session, _select_first(Vote, Vote.voter_id, Vote.cast_at, of_votes))
    if of_comments:
        moments += await _read(
            session, _select_first(Comment, Comment.author_id, Comment.created_at, of_comments)
        )
    ideas = {
        event.subject: event.at
        for event in reversed(events)
        if event.kind not in _VOTES | _COMMENTS | {SignedIn.kind}
    }
    if ideas:
        moments += await _list_of_ideas(session, ideas)
    await _note(session, moments)


async def note_people(session: WriteSession, moments: Moments) -> None:
    """Note whose days have to be counted again, and from when on, for whoever knows it already."""
    await _note(session, moments)


async def refresh(database: Database, *, now: datetime) -> int:  # noqa: ARG001  every run of the schedule takes it
    """Count the days of everybody who did something since; returns the number of people."""
    counted = 0
    while True:
        async with database.writer() as session:
            people = await _take(session)
            if people:
                await _count(session, people)
        counted += len(people)
        if len(people) < PEOPLE:
            return counted


async def _take(session: WriteSession) -> list[str]:
    """Return people who wait, locked, so that what is noted of them meanwhile waits for the next time."""
    return list(
        await session.scalars(
            select(col(ActivityChange.employee_id))
            .order_by(col(ActivityChange.employee_id))
            .limit(PEOPLE)
            .with_for_update(skip_locked=True)
        )
    )


async def _count(session: WriteSession, people: list[str]) -> None:
    mine = col(ActivityDay.employee_id).in_(people)
    since = (
        select(col(ActivityChange.since))
        .where(col(ActivityChange.employee_id) == col(ActivityDay.employee_id))
        .scalar_subquery()
    )
    unsynchronised = {"synchronize_session": False}
    await session.execute(
        delete(ActivityDay).where(mine, col(ActivityDay.day) >= since), execution_options=unsynchronised
    )
    days = activity.select_days(session.zone, people)
    await session.execute(insert(ActivityDay).from_select(["employee_id", "day", *COUNTS], days))
    await session.execute(
        delete(ActivityChange).where(col(ActivityChange.employee_id).in_(people)),
        execution_options=unsynchronised,
    )
    await standing_notes.note_people(session, people)
    await badge_notes.note_people(session, people)


async def _note(session: WriteSession, moments: Moments) -> None:
    since: dict[str, date] = {}
    for person, at in moments:
        day = clock.day_in(session.zone, at)
        since[person] = min(day, since.get(person, day))
    if not since:
        return
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    adding = dialect.insert(ActivityChange)
    earlier = case(
        (adding.excluded.since < col(ActivityChange.since), adding.excluded.since),
        else_=col(ActivityChange.since),
    )
    # In order, so that two transactions never wait for each other's rows.
    rows = [{"employee_id": person, "since": day} for person, day in sorted(since.items())]
    await session.execute(
        adding.on_conflict_do_update(index_elements=["employee_id"], set_={"since": earlier}), rows
    )


def _select_first(table: Any, person: Any, at: Any, subjects: list[str]) -> Select[Any]:
    """Return the statement of people and when they first did to an idea what they did to it again now."""
    pairs = select(table.idea_id, person).where(table.id.in_(subjects)).distinct().subquery()
    return (
        select(col(person), func.min(col(at)))
        .join(pairs, and_(pairs.c.idea_id == table.idea_id, pairs.c[person.key] == person))
        .group_by(col(person), table.idea_id)
    )


async def _read(session: WriteSession, statement: Select[Any]) -> list[tuple[str, datetime]]:
    return [(person, at) for person, at in await session.execute(statement)]


async def _list_of_ideas(session: WriteSession, moved: dict[str, datetime]) -> list[tuple[str, datetime]]:
    """Return who wrote, held or helped with ideas, with when the ideas were submitted or moved."""
    moments: list[tuple[str, datetime]] = []
    authors = await session.execute(
        select(col(Authorship.idea_id), col(Authorship.employee_id), col(Idea.submitted_at))
        .join(Idea, col(Idea.id) == col(Authorship.idea_id))
        .where(col(Idea.id).in_(list(moved)))
    )
    for idea_id, person, at in authors:
        moments.append((person, min(at or moved[idea_id], moved[idea_id])))
    holders = await session.execute(
        select(col(Review.reviewer_id), func.coalesce(col(Review.acknowledged_at), col(Review.closed_at)))
        .where(col(Review.idea_id).in_(list(moved)), col(Review.reviewer_id).is_not(None))
        .where(or_(col(Review.acknowledged_at).is_not(None), col(Review.closed_at).is_not(None)))
    )
    # When an idea is signed, whoever helped with it is connected with it as well.
    helpers = await session.execute(
        select(col(HelpRequest.helper_id), col(HelpRequest.thanked_at)).where(
            col(HelpRequest.idea_id).in_(list(moved)), col(HelpRequest.counted).is_(True)
        )
    )
    return moments + [
        (person, at)
        for rows in (holders, helpers)
        for person, at in rows
        if person is not None and at is not None
    ]
