"""Keeping the points ledger true: each reaction settles what the facts say is due, whatever was written before."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlmodel import col

from app.core import clock
from app.core.db import WriteSession
from app.domain import rewards
from app.domain.rewards import SCALE, RuleKey
from app.models.comments import Comment
from app.models.events import Event
from app.models.rewards import PointEntry
from app.models.votes import Vote

T = TypeVar("T")

Pair = tuple[str, str]
"""A subject of the ledger and a person."""


@dataclass(frozen=True, slots=True)
class Due:
    """What a person should have for a subject under a rule: `points` is 0 when the cause no longer stands."""

    subject: str
    employee_id: str
    points: int
    day: date


async def settle(session: WriteSession, rule: RuleKey, dues: Sequence[Due], *, now: datetime) -> int:
    """Write the entries by which the ledger says what is due; returns how many.

    Idempotent: a second call with the same facts writes nothing. The unique key of the ledger refuses
    what two writers would write at once.
    """
    if not dues:
        return 0
    per_day = SCALE[rule].per_day
    ledger = await _read_entries(session, rule, dues)
    used = await _count_slots(session, rule, dues) if per_day is not None else defaultdict(int)
    written = 0
    for due in dues:
        entries = ledger[due.subject, due.employee_id]
        new = rewards.settle(
            entries,
            due=due.points,
            day=due.day,
            slots_used=used[due.employee_id, due.day],
            per_day=per_day,
        )
        if new is None:
            continue
        entry = PointEntry(
            employee_id=due.employee_id,
            rule=rule,
            subject=due.subject,
            occurrence=new.occurrence,
            points=new.points,
            day=new.day,
            at=now,
        )
        session.add(entry)
        entries.append(entry)
        if new.occurrence == 1:
            used[due.employee_id, due.day] += 1
        written += 1
    await session.flush()
    return written


async def settle_votes(session: WriteSession, events: Sequence[Event], *, now: datetime) -> None:
    """Award a vote while it stands, take the award back when it was withdrawn."""
    found = await session.scalars(select(Vote).where(col(Vote.id).in_([event.subject for event in events])))
    cast = {vote.id: vote for vote in found}
    votes = [cast[event.subject] for event in events if event.subject in cast]
    pairs = {(vote.idea_id, vote.voter_id): vote for vote in reversed(votes)}
    standing = set(
        (
            await session.execute(
                select(col(Vote.idea_id), col(Vote.voter_id)).where(
                    _any_pair(pairs, col(Vote.idea_id), col(Vote.voter_id)), col(Vote.withdrawn_at).is_(None)
                )
            )
        ).all()
    )
    dues = [
        Due(
            idea,
            voter,
            SCALE[RuleKey.VOTE].points if (idea, voter) in standing else 0,
            _day(session, vote.cast_at),
        )
        for (idea, voter), vote in _in_order(pairs.items())
    ]
    await settle(session, RuleKey.VOTE, dues, now=now)


async def settle_comments(session: WriteSession, events: Sequence[Event], *, now: datetime) -> None:
    """Award having said something under an idea, once an idea, while a comment of the person stands there."""
    said = (
        await session.scalars(
            select(Comment)
            .where(col(Comment.id).in_([event.subject for event in events]), col(Comment.source).is_(None))
            .order_by(col(Comment.created_at))
        )
    ).all()
    pairs = {(comment.idea_id, comment.author_id): comment for comment in reversed(said)}
    standing = set(
        (
            await session.execute(
                select(col(Comment.idea_id), col(Comment.author_id)).where(
                    _any_pair(pairs, col(Comment.idea_id), col(Comment.author_id)),
                    col(Comment.deleted_at).is_(None),
                )
            )
        ).all()
    )
    dues = [
        Due(
            idea,
            author,
            SCALE[RuleKey.COMMENT].points if (idea, author) in standing else 0,
            _day(session, comment.created_at),
        )
        for (idea, author), comment in _in_order(pairs.items())
    ]
    await settle(session, RuleKey.COMMENT, dues, now=now)


async def settle_sign_ins(session: WriteSession, events: Sequence[Event], *, now: datetime) -> None:
    """Award a person's first sign-in."""
    first = {event.subject: event for event in reversed(events)}
    dues = [
        Due(person, person, SCALE[RuleKey.FIRST_SIGN_IN].points, _day(session, event.at))
        for person, event in first.items()
    ]
    await settle(session, RuleKey.FIRST_SIGN_IN, dues, now=now)


def _any_pair(pairs: Iterable[Pair], subject: Any, person: Any) -> ColumnElement[bool]:
    """Match any of the pairs; grouped by person, so that the condition stays small."""
    subjects = defaultdict(list)
    for idea_id, person_id in pairs:
        subjects[person_id].append(idea_id)
    return or_(*(and_(person == who, subject.in_(ideas)) for who, ideas in subjects.items()), false())


def _in_order(pairs: Iterable[tuple[Pair, T]]) -> list[tuple[Pair, T]]:
    return list(reversed(list(pairs)))


def _day(session: WriteSession, moment: datetime) -> date:
    return clock.day_in(session.zone, moment)


async def _read_entries(
    session: WriteSession, rule: RuleKey, dues: Sequence[Due]
) -> defaultdict[Pair, list[PointEntry]]:
    people = {due.employee_id for due in dues}
    subjects = {due.subject for due in dues}
    rows = await session.scalars(
        select(PointEntry)
        .where(
            col(PointEntry.rule) == rule,
            col(PointEntry.employee_id).in_(people),
            col(PointEntry.subject).in_(subjects),
        )
        .order_by(col(PointEntry.occurrence))
    )
    found: defaultdict[Pair, list[PointEntry]] = defaultdict(list)
    for entry in rows:
        found[entry.subject, entry.employee_id].append(entry)
    return found


async def _count_slots(
    session: WriteSession, rule: RuleKey, dues: Sequence[Due]
) -> defaultdict[tuple[str, date], int]:
    rows = await session.execute(
        select(col(PointEntry.employee_id), col(PointEntry.day), func.count())
        .where(
            col(PointEntry.rule) == rule,
            col(PointEntry.occurrence) == 1,
            col(PointEntry.employee_id).in_({due.employee_id for due in dues}),
            col(PointEntry.day).in_({due.day for due in dues}),
        )
        .group_by(col(PointEntry.employee_id), col(PointEntry.day))
    )
    return defaultdict(int, {(person, day): taken for person, day, taken in rows})
