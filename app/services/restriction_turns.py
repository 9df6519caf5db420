"""Whose turn a restricted idea is: a reader of its lane, never somebody close to an author; and what the clock does."""

from collections.abc import Collection, Sequence
from datetime import datetime
from random import SystemRandom

import structlog
from sqlalchemy import func, select
from sqlmodel import col

from app.core import clock, locks
from app.core.db import Database, DatabaseAway, WriteSession
from app.domain import deadlines
from app.domain.calendars import add_working_days
from app.domain.clock_policies import ClockPolicy
from app.domain.deadlines import ClockStep, Wait
from app.domain.happenings import Happening
from app.domain.pipeline import Stage
from app.domain.restriction_events import RestrictionAssigned, RestrictionLate, RestrictionReminded
from app.domain.restrictions import State
from app.models.employees import Employee
from app.models.restrictions import Restriction, RestrictionLane, RestrictionReader
from app.queries import calendars, clock_policies, conflicts
from app.queries import deadlines as presence
from app.services import events

BATCH = 200
_OPEN = (col(Restriction.state) == State.OPEN.value, col(Restriction.lifted_at).is_(None))
_random = SystemRandom()
_log = structlog.get_logger()


async def begin(session: WriteSession, row: Restriction, *, now: datetime) -> None:
    """Give a restricted idea to a reader, with the deadlines of an idea that was just submitted."""
    await _give(session, row, await _choose(session, row, now=now), now=now)
    calendar = await calendars.get_working(session, row.reader_id)
    _put(row, deadlines.begin(now, await clock_policies.get_policy(session, Stage.SUBMITTED), calendar))
    policy = await clock_policies.get_policy(session, Stage.EVALUATION)
    row.decision_due_at = add_working_days(now, policy.days, calendar)


async def note_answer(session: WriteSession, row: Restriction, *, now: datetime) -> None:
    """Begin the wait for a decision after the first answer."""
    if row.acknowledged_at is not None:
        return
    row.acknowledged_at = now
    calendar = await calendars.get_working(session, row.reader_id)
    policy = await clock_policies.get_policy(session, Stage.EVALUATION)
    _put(row, deadlines.restart(now, row.decision_due_at or now, policy, calendar))


def stop(row: Restriction) -> None:
    """Let the clock of a restriction wait for nobody any more."""
    row.step = row.step_due_at = row.due_at = None


async def settle_all(session: WriteSession, *, now: datetime) -> None:
    """Take turns off whoever may no longer have them; called when people, managers, roles or lanes change."""
    await session.flush()
    rows = await session.scalars(
        select(Restriction).where(*_OPEN).order_by(col(Restriction.id)).with_for_update(key_share=True)
    )
    for row in rows.all():
        if row.reader_id not in await list_eligible(session, row):
            await _hand_over(session, row, await _choose(session, row, now=now), now=now, by_clock=False)
    await session.flush()


async def list_eligible(session: WriteSession, row: Restriction) -> list[str]:
    """Return whose turn it may be: the readers of the kind, else whom the lane names for escalations."""
    circle = await conflicts.get_circle(session, row.idea_id)
    active = select(col(Employee.id), col(Employee.entity_id)).where(col(Employee.active).is_(True))
    readers = active.join(RestrictionReader, col(RestrictionReader.employee_id) == col(Employee.id))
    named = active.join(RestrictionLane, col(RestrictionLane.escalation_id) == col(Employee.id))
    for statement, kind in ((readers, RestrictionReader.kind), (named, RestrictionLane.kind)):
        people = await session.execute(statement.where(col(kind) == row.kind))
        free = sorted(person for person, entity in people if not circle.conflicts.bars(person, entity))
        if free:
            return free
    return []


async def advance(database: Database, *, now: datetime) -> int:
    """Make every step of every clock of the lanes that is due, each once; returns how many were made.

    Raises: DatabaseAway.
    """
    made, last = 0, ""
    while True:
        async with database.reader() as session:
            page = (
                await session.scalars(
                    select(col(Restriction.id))
                    .where(*_OPEN, col(Restriction.step_due_at) <= now, col(Restriction.id) > last)
                    .order_by(col(Restriction.id))
                    .limit(BATCH)
                )
            ).all()
        if not page:
            return made
        for row_id in page:
            try:
                for _ in ClockStep:
                    async with database.writer() as session:
                        stepped = await _make_step(session, row_id, now=now)
                    made += stepped
                    if not stepped:
                        break
            except DatabaseAway:
                raise
            except Exception as error:  # noqa: BLE001  one idea must not stop the clock of all others
                _log.error("restrictions.step-failed", restriction=row_id, exc_info=error)
        last = page[-1]


async def _make_step(session: WriteSession, row_id: str, *, now: datetime) -> bool:
    await locks.share(session, locks.ORGANISATION)
    row = await session.scalar(
        select(Restriction)
        .where(*_OPEN, col(Restriction.id) == row_id, col(Restriction.step_due_at) <= now)
        .with_for_update(key_share=True, skip_locked=True)
    )
    wait = _read(row) if row is not None else None
    if row is None or wait is None or wait.step is None:
        return False
    away = row.reader_id and await presence.is_away(session, row.reader_id, clock.day_in(session.zone, now))
    if wait.step is ClockStep.REASSIGN or (wait.step is ClockStep.REMIND and away and not wait.reassigned):
        passed_over = {row.reader_id} if row.reader_id else set()
        choice = await _choose(session, row, passed_over=passed_over, now=now)
        if choice is not None:
            await _hand_over(session, row, choice, now=now, by_clock=True)
            return True
    if wait.step is ClockStep.REMIND and row.reader_id is not None:
        _record(session, row, RestrictionReminded, [row.reader_id], now=now)
    elif wait.step is ClockStep.LATE:
        _record(session, row, RestrictionLate, [], now=now)
    elif wait.step is ClockStep.ESCALATE:
        await _escalate(session, row, now=now)
    calendar = await calendars.get_working(session, row.reader_id)
    _put(row, deadlines.follow(wait, now, await _get_policy(session, row), calendar))
    return True


async def _escalate(session: WriteSession, row: Restriction, *, now: datetime) -> None:
    """Let whom the lane names read the idea and hear of it; where that is nobody, or too close, all its readers."""
    circle = await conflicts.get_circle(session, row.idea_id)
    named = (
        await session.execute(
            select(col(Employee.id), col(Employee.entity_id))
            .join(RestrictionLane, col(RestrictionLane.escalation_id) == col(Employee.id))
            .where(col(RestrictionLane.kind) == row.kind, col(Employee.active).is_(True))
        )
    ).one_or_none()
    row.escalated_at = now
    heard = [] if named is None or circle.conflicts.bars(*named) else [named[0]]
    _record(session, row, RestrictionReminded, heard or await list_eligible(session, row), now=now)


async def _choose(
    session: WriteSession, row: Restriction, *, passed_over: Collection[str] = (), now: datetime
) -> str | None:
    """Return who is there with the fewest turns, by lot among equals; who is away only where nobody else is left."""
    eligible = sorted(person for person in await list_eligible(session, row) if person not in passed_over)
    loads = dict(
        (
            await session.execute(
                select(col(Restriction.reader_id), func.count())
                .where(*_OPEN, col(Restriction.reader_id).in_(eligible))
                .group_by(col(Restriction.reader_id))
            )
        ).all()
    )
    today = clock.day_in(session.zone, now)
    ranked = [
        (await presence.is_away(session, person, today), loads.get(person, 0), _random.random(), person)
        for person in eligible
    ]
    return min(ranked)[-1] if ranked else None


async def _give(session: WriteSession, row: Restriction, choice: str | None, *, now: datetime) -> None:
    row.reader_id = choice
    await session.flush()
    if choice is not None:
        _record(session, row, RestrictionAssigned, [choice], now=now)


async def _hand_over(
    session: WriteSession, row: Restriction, choice: str | None, *, now: datetime, by_clock: bool
) -> None:
    wait = _read(row)
    if choice == row.reader_id:
        return
    await _give(session, row, choice, now=now)
    if wait is not None:
        calendar = await calendars.get_working(session, choice)
        policy = await _get_policy(session, row)
        _put(row, deadlines.hand_over(wait, now, policy, calendar, by_clock=by_clock))


async def _get_policy(session: WriteSession, row: Restriction) -> ClockPolicy:
    stage = Stage.SUBMITTED if row.acknowledged_at is None else Stage.EVALUATION
    return await clock_policies.get_policy(session, stage)


def _record(
    session: WriteSession, row: Restriction, happening: type[Happening], to: Sequence[str], *, now: datetime
) -> None:
    told = happening(row.idea_id, {"restriction": row.id, "to": list(to)})
    events.record(session, told, actor_id=None, now=now)


def _read(row: Restriction) -> Wait | None:
    if row.due_at is None:
        return None
    return Wait(row.due_at, ClockStep(row.step) if row.step else None, row.step_due_at, row.reassigned)


def _put(row: Restriction, wait: Wait) -> None:
    row.due_at, row.step, row.step_due_at = wait.due_at, wait.step, wait.step_due_at
    row.reassigned = wait.reassigned
