"""Signing up for gatherings and leaving: places in the order of coming, and the waiting list that moves up."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlmodel import col

from app.core.db import WriteSession
from app.domain import sign_ups
from app.domain.actors import Actor
from app.domain.gathering_events import SignUpAdvanced, SignUpMade, SignUpWithdrawn
from app.domain.sign_ups import SignUpState
from app.models.events import Event
from app.models.gatherings import CalendarFeed, Gathering, SignUp
from app.queries.gatherings import get_visible
from app.schemas.sign_ups import SignUpTold
from app.services import events as outbox


async def sign_up(session: WriteSession, actor: Actor, gathering_id: str, *, now: datetime) -> SignUpTold:
    """Give the actor a place, or the next position of the waiting list; again changes and writes nothing.

    People come one after the other: the gathering is held, so that the last place goes to one of them.

    Raises: NoSuchGathering, NotInvited, HostsIt, Cancelled, SignUpClosed.
    """
    seen = await get_visible(session, actor, gathering_id, lock=True)
    gathering, standing = seen.gathering, seen.standing
    if standing.state is None:
        sign_ups.check_may_sign_up(gathering, invited=standing.invited, hosts=standing.hosts, now=now)
        gathering.last_number += 1
        full = gathering.places is not None and standing.seated >= gathering.places
        own = SignUp(
            gathering_id=gathering.id,
            employee_id=actor.id,
            number=gathering.last_number,
            state=SignUpState.WAITING if full else SignUpState.SEATED,
            signed_up_at=now,
            seated_at=None if full else now,
        )
        session.add(own)
        # Who it is stands in the row alone, and goes with it.
        outbox.record(session, SignUpMade(own.id, {"gathering": gathering.id}), actor_id=None, now=now)
        await session.flush()
        standing = (await get_visible(session, actor, gathering_id)).standing
    return SignUpTold.model_validate({"state": standing.state, "waiting_position": standing.waiting_position})


async def leave(session: WriteSession, actor: Actor, gathering_id: str, *, now: datetime) -> None:
    """Take the actor off; whoever waits first moves up. Without a sign-up nothing changes and nothing is written.

    Raises: NoSuchGathering, SignUpClosed.
    """
    seen = await get_visible(session, actor, gathering_id, lock=True)
    if seen.standing.state is not None:
        sign_ups.check_may_leave(seen.gathering, now=now)
        await release(session, seen.gathering, [actor.id], now=now)


async def release(
    session: WriteSession, gathering: Gathering, employee_ids: Collection[str], *, now: datetime
) -> None:
    """Take people off a gathering that is held, and let those who wait move up."""
    gone = await session.scalars(
        delete(SignUp)
        .where(col(SignUp.gathering_id) == gathering.id, col(SignUp.employee_id).in_(employee_ids))
        .returning(col(SignUp.id))
        .execution_options(synchronize_session=False)
    )
    for sign_up_id in gone.all():
        outbox.record(
            session, SignUpWithdrawn(sign_up_id, {"gathering": gathering.id}), actor_id=None, now=now
        )
    await fill(session, gathering, now=now)


async def fill(session: WriteSession, gathering: Gathering, *, now: datetime) -> None:
    """Give the free places of a gathering that is held to those who wait, in the order of coming."""
    if gathering.cancelled_at is not None:
        return
    waiting = await count(session, gathering.id, SignUpState.WAITING)
    seated = await count(session, gathering.id, SignUpState.SEATED)
    free = sign_ups.count_free(gathering.places, seated, waiting)
    if free == 0:
        return
    first = await session.scalars(
        select(SignUp)
        .where(col(SignUp.gathering_id) == gathering.id, col(SignUp.state) == SignUpState.WAITING)
        .order_by(col(SignUp.number))
        .limit(free)
        .execution_options(populate_existing=True)
    )
    for row in first.all():
        row.state, row.seated_at = SignUpState.SEATED, now
        outbox.record(session, SignUpAdvanced(row.id, {"gathering": gathering.id}), actor_id=None, now=now)
    await session.flush()


async def count(session: WriteSession, gathering_id: str, state: SignUpState) -> int:
    """Return how many people have signed up and have a place, or wait."""
    return (
        await session.scalar(
            select(func.count()).where(
                col(SignUp.gathering_id) == gathering_id, col(SignUp.state) == state.value
            )
        )
        or 0
    )


async def release_leavers(session: WriteSession, events: Sequence[Event], *, now: datetime) -> None:
    """Free the places of people who have left the company, and end their calendar links."""
    people = {event.subject for event in events}
    await session.execute(
        delete(CalendarFeed)
        .where(col(CalendarFeed.employee_id).in_(people))
        .execution_options(synchronize_session=False)
    )
    rows = await session.execute(
        select(col(SignUp.gathering_id), col(SignUp.employee_id))
        .join(Gathering, col(Gathering.id) == col(SignUp.gathering_id))
        .where(col(SignUp.employee_id).in_(people), col(Gathering.ends_at) > now)
    )
    found: dict[str, list[str]] = {}
    for gathering_id, employee_id in rows:
        found.setdefault(gathering_id, []).append(employee_id)
    # Always in the same order: two who hold several would wait for each other.
    for gathering_id in sorted(found):
        held = await session.scalar(
            select(Gathering).where(col(Gathering.id) == gathering_id).with_for_update(key_share=True)
        )
        if held is not None:
            await release(session, held, found[gathering_id], now=now)
