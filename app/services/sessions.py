"""Sessions: opened, prolonged by their refresh tokens, ended."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlmodel import col

from app.core import ids
from app.core.db import WriteSession
from app.domain import sessions
from app.domain.actors import Actor
from app.domain.events import SessionRevoked, SignedIn
from app.domain.sessions import Lifetimes, NoSuchSession, Verdict
from app.models.employees import Employee
from app.models.sessions import Session, SignIn
from app.services import events

_DEFAULT = Lifetimes()
_OPEN, _SIGN_IN = insert(Session), insert(SignIn)


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that stands, as its tokens say it."""

    session_id: str
    employee_id: str
    generation: int


async def open(  # noqa: A001  what is done to a session; always read as `sessions.open`
    session: WriteSession,
    employee: Employee,
    *,
    client: str,
    now: datetime,
    lifetimes: Lifetimes = _DEFAULT,
) -> Opened:
    """Open a session for a person who signed in, and record the sign-in.

    Checks nothing; who lets in a person from outside holds the person first (`accounts.find_held`).
    """
    session_id = ids.new()
    opened = {
        "id": session_id,
        "employee_id": employee.id,
        "client": sessions.describe_client(client),
        "generation": 0,
        "started_at": now,
        "last_used_at": now,
        "expires_at": sessions.find_end(now, now, lifetimes),
    }
    # Past the unit of work, which costs as much as the rest of a sign-in but its hash.
    await session.flush()
    connection = await session.connection()
    await connection.execute(_OPEN, opened)
    await connection.execute(_SIGN_IN, {"id": ids.new(), "employee_id": employee.id, "at": now})
    events.record(session, SignedIn(employee.id), actor_id=employee.id, now=now)
    return Opened(session_id, employee.id, 0)


async def rotate(
    session: WriteSession,
    session_id: str,
    generation: int,
    *,
    now: datetime,
    lifetimes: Lifetimes = _DEFAULT,
) -> Opened | Verdict:
    """Prolong a session by a genuine refresh token of one generation; it is not a sign-in.

    Gives a verdict instead of raising: what it says was written too, and must be committed before the
    refusal. REUSED and EXPIRED ended the session.
    """
    found = await session.scalar(
        select(Session)
        .where(col(Session.id) == session_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        return Verdict.REFUSED
    verdict = sessions.judge(found, generation, now)
    if verdict in (Verdict.REUSED, Verdict.EXPIRED):
        found.revoked_at = now
        # An ended session must not come back when the clock is set back: so its end is written down.
        events.record(session, SessionRevoked(found.id, {"why": verdict.value}), actor_id=None, now=now)
    if verdict not in (Verdict.ROTATE, Verdict.REPEAT):
        return verdict
    active = await session.scalar(select(col(Employee.active)).where(col(Employee.id) == found.employee_id))
    if not active:
        return Verdict.REFUSED
    if verdict is Verdict.ROTATE:
        found.generation += 1
        found.rotated_at = now
        found.last_used_at = max(found.last_used_at, now)
        found.expires_at = sessions.find_end(found.started_at, found.last_used_at, lifetimes)
    return Opened(found.id, found.employee_id, found.generation)


async def revoke(session: WriteSession, actor: Actor, session_id: str, *, now: datetime) -> None:
    """End one of the actor's own sessions.

    Raises: NoSuchSession, also when it ended before.
    """
    if not ids.is_valid(session_id) or not await _end(session, actor, session_id, now=now):
        raise NoSuchSession


async def sign_out(session: WriteSession, actor: Actor, *, now: datetime) -> None:
    """End the session that the actor speaks through; without one nothing happens."""
    if actor.session_id is not None:
        await _end(session, actor, actor.session_id, now=now)


async def _end(session: WriteSession, actor: Actor, session_id: str, *, now: datetime) -> bool:
    ended = await session.scalar(
        update(Session)
        .where(
            col(Session.id) == session_id,
            col(Session.employee_id) == actor.id,
            col(Session.revoked_at).is_(None),
            col(Session.expires_at) > now,
        )
        .values(revoked_at=now)
        .returning(col(Session.id))
        .execution_options(synchronize_session=False)
    )
    if ended is not None:
        events.record(session, SessionRevoked(ended, {"why": "signed-out"}), actor_id=actor.id, now=now)
    return ended is not None


async def revoke_all(
    session: WriteSession, employee_id: str, *, why: str, now: datetime, but: str | None = None
) -> int:
    """End every session of a person, except one; returns how many ended.

    The person's row is written first: a sign-in that is under way waits, then sees what changed.
    """
    await session.execute(
        update(Employee)
        .where(col(Employee.id) == employee_id)
        .values(access_version=col(Employee.access_version) + 1)
        .execution_options(synchronize_session=False)
    )
    standing = update(Session).where(
        col(Session.employee_id) == employee_id, col(Session.revoked_at).is_(None)
    )
    if but is not None:
        standing = standing.where(col(Session.id) != but)
    ended = (
        await session.scalars(
            standing.values(revoked_at=now)
            .returning(col(Session.id))
            .execution_options(synchronize_session=False)
        )
    ).all()
    for session_id in ended:
        events.record(session, SessionRevoked(session_id, {"why": why}), actor_id=None, now=now)
    return len(ended)
