"""Asking who wrote an anonymous idea, and agreeing to that: two people of different roles, and a reason."""

from datetime import datetime
from secrets import SystemRandom

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from app.core import locks
from app.core.db import WriteSession
from app.domain import identity_openings, permissions
from app.domain.actors import Actor
from app.domain.identity_events import IdentityOpened, OpeningAsked, OpeningEnded
from app.domain.identity_openings import (
    AGREEING,
    ANSWERED_WITHIN,
    SHOWN_FOR,
    AskedAlready,
    NotAnonymous,
    OpeningOver,
    OpeningState,
    OwnIdea,
)
from app.domain.permissions import Permission
from app.domain.register import Entry
from app.models.employees import Employee
from app.models.ideas import Idea
from app.models.identity_openings import IdentityOpening
from app.models.roles import RoleGrant
from app.queries import conflicts
from app.queries.ideas import get_visible as get_idea
from app.queries.identity_openings import get_visible
from app.services import events, register

_random = SystemRandom()


async def ask(
    session: WriteSession, actor: Actor, idea_id: str, reason: str, *, now: datetime
) -> IdentityOpening:
    """Ask to open the identity behind an idea, and put it to a second person who is drawn.

    Whoever is too close to the idea may ask as everybody else does, and nobody is drawn: a refusal would tell them
    whose line the author is in.

    Raises: RoleMissing, NoSuchIdea, NotAnonymous, OwnIdea, AskedAlready.
    """
    permissions.check(actor, Permission.IDENTITIES_ASK)
    await locks.share(session, locks.ORGANISATION)
    seen = await get_idea(session, actor, idea_id, lock=True)
    if not seen.idea.anonymous:
        raise NotAnonymous
    if seen.is_author:
        raise OwnIdea
    opening = IdentityOpening(
        idea_id=idea_id,
        asked_by_id=actor.id,
        second_id=await _draw(session, idea_id, actor.id),
        reason=reason,
        state=OpeningState.ASKED.value,
        asked_at=now,
        due_at=now + ANSWERED_WITHIN,
    )
    session.add(opening)
    try:
        await session.flush()
    except IntegrityError as error:
        raise AskedAlready from error
    asked = OpeningAsked(opening.id, _tell(opening, opening.second_id))
    events.record(session, asked, actor_id=actor.id, now=now)
    _enter(session, asked.kind, opening, actor.id, now=now, text=reason)
    return opening


async def approve(session: WriteSession, actor: Actor, opening_id: str, *, now: datetime) -> None:
    """Agree as the second person: both see the name for a while, and the authors are told.

    Raises: NoSuchOpening, OthersAnswer, OpeningOver, NotAnonymous.
    """
    await locks.share(session, locks.ORGANISATION)
    opening = await get_visible(session, actor, opening_id, lock=True)
    identity_openings.check_may_answer(opening, actor.id, now)
    idea = await session.get_one(Idea, opening.idea_id)
    if not idea.anonymous:
        raise NotAnonymous
    if not {opening.asked_by_id, actor.id} <= await _list_free(session, opening.idea_id):
        raise OpeningOver
    opening.state, opening.ended_at = OpeningState.OPENED.value, now
    opening.shown_until = now + SHOWN_FOR
    opened = IdentityOpened(opening.id, _tell(opening, opening.asked_by_id))
    events.record(session, opened, actor_id=actor.id, now=now)
    _enter(session, opened.kind, opening, actor.id, now=now, text=opening.reason)
    await session.flush()


async def refuse(session: WriteSession, actor: Actor, opening_id: str, text: str, *, now: datetime) -> None:
    """Refuse as the second person, with a reason.

    Raises: NoSuchOpening, OthersAnswer, OpeningOver.
    """
    opening = await get_visible(session, actor, opening_id, lock=True)
    identity_openings.check_may_answer(opening, actor.id, now)
    opening.refusal = text
    await _end(session, opening, OpeningState.REFUSED, actor.id, now=now)


async def withdraw(session: WriteSession, actor: Actor, opening_id: str, *, now: datetime) -> None:
    """Take one's request back before it is answered.

    Raises: NoSuchOpening, OthersAnswer, OpeningOver.
    """
    opening = await get_visible(session, actor, opening_id, lock=True)
    identity_openings.check_may_withdraw(opening, actor.id, now)
    await _end(session, opening, OpeningState.WITHDRAWN, actor.id, now=now)


async def expire(session: WriteSession, *, now: datetime) -> None:
    """End the requests that nobody answered in time."""
    late = await session.scalars(
        select(IdentityOpening)
        .where(col(IdentityOpening.state) == OpeningState.ASKED.value, col(IdentityOpening.due_at) <= now)
        .order_by(col(IdentityOpening.id))
        .with_for_update(skip_locked=True)
    )
    for opening in late.all():
        await _end(session, opening, OpeningState.EXPIRED, None, now=now)


async def _end(
    session: WriteSession,
    opening: IdentityOpening,
    state: OpeningState,
    actor_id: str | None,
    *,
    now: datetime,
) -> None:
    opening.state, opening.ended_at = state.value, now
    ended = OpeningEnded(opening.id, {**_tell(opening, opening.asked_by_id), "state": state.value})
    events.record(session, ended, actor_id=actor_id, now=now)
    _enter(session, ended.kind, opening, actor_id, now=now, text=opening.refusal, state=state.value)
    await session.flush()


async def _draw(session: WriteSession, idea_id: str, asking_id: str) -> str | None:
    """Draw the second person among those who are free to agree; who did not agree before is passed over if possible.

    None where nobody is, and for whoever asks without being free.
    """
    free = await _list_free(session, idea_id)
    if asking_id not in free:
        return None
    able = await session.scalars(
        select(col(Employee.id))
        .join(RoleGrant, col(RoleGrant.employee_id) == col(Employee.id))
        .where(
            col(RoleGrant.ended_at).is_(None),
            col(RoleGrant.role).in_([role.value for role in AGREEING]),
            col(Employee.active).is_(True),
        )
        .distinct()
    )
    pool = (set(able) & free) - {asking_id}
    asked = await session.scalars(
        select(col(IdentityOpening.second_id)).where(col(IdentityOpening.idea_id) == idea_id)
    )
    fresh = pool - set(asked)
    drawn = sorted(fresh or pool)
    return _random.choice(drawn) if drawn else None


async def _list_free(session: WriteSession, idea_id: str) -> set[str]:
    """Return the active people with a role in this who are not too close to an idea."""
    people = await session.execute(
        select(col(Employee.id), col(Employee.entity_id))
        .join(RoleGrant, col(RoleGrant.employee_id) == col(Employee.id))
        .where(col(RoleGrant.ended_at).is_(None), col(Employee.active).is_(True))
        .distinct()
    )
    circle = (await conflicts.get_circle(session, idea_id)).conflicts
    return {person for person, entity_id in people if not circle.bars(person, entity_id)}


def _tell(opening: IdentityOpening, to: str | None) -> dict[str, str | None]:
    return {"idea": opening.idea_id, "to": to}


def _enter(
    session: WriteSession,
    act: str,
    opening: IdentityOpening,
    actor_id: str | None,
    *,
    now: datetime,
    text: str | None,
    **facts: str,
) -> None:
    """Enter a step into the register; who wrote the idea never stands there."""
    entry = Entry(act, opening.idea_id, actor_id, text=text, facts={"request": opening.id, **facts})
    register.enter(session, entry, now=now)
