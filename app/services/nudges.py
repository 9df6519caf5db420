"""Writing nudges, scheduling, sending and cancelling them."""

from datetime import datetime
from typing import Any

from sqlalchemy import Integer, func, insert, literal, select
from sqlalchemy import cast as cast_sql
from sqlmodel import col

from app.core import ids
from app.core.db import Database, WriteSession
from app.core.lanes import SessionLane
from app.domain import nudges, permissions
from app.domain.actors import Actor
from app.domain.campaigns import CampaignState
from app.domain.ideas import NothingToChange, UnknownReference
from app.domain.nudge_events import NudgeCancelled, NudgeDrafted, NudgeEdited, NudgeSent
from app.domain.nudges import TENTHS, SeveralAbout, TooFewAddressed
from app.domain.permissions import Permission
from app.domain.pipeline import Stage
from app.models.campaigns import Campaign
from app.models.gatherings import Gathering
from app.models.ideas import Idea
from app.models.nudges import Nudge, NudgeRecipient
from app.queries import actors, nudge_groups
from app.queries.nudges import find_within, get_managed
from app.schemas.nudges import EditNudge, WriteNudge
from app.services import events, preconditions, references

BATCH = 20

_ABOUT = ("idea", "campaign", "gathering")
_RENAMED = {name: f"{name}_id" for name in ("entity", "function", *_ABOUT)}


async def write(session: WriteSession, actor: Actor, values: WriteNudge, *, now: datetime) -> Nudge:
    """Write a nudge: a draft, or one that is sent at a moment to come.

    Raises: RoleMissing, NudgeTimeNotRight, SeveralAbout, UnknownReference.
    """
    permissions.check(actor, Permission.NUDGES_WRITE)
    nudge = Nudge(**_rename(values.model_dump()), author_id=actor.id, created_at=now, updated_at=now)
    await _check(session, actor, nudge)
    nudges.check_time(nudge.send_at, now)
    session.add(nudge)
    await session.flush()
    events.record(session, NudgeDrafted(nudge.id), actor_id=actor.id, now=now)
    return nudge


async def edit(
    session: WriteSession,
    actor: Actor,
    nudge_id: str,
    values: EditNudge,
    *,
    version: int | None,
    now: datetime,
) -> Nudge:
    """Change a nudge that was not sent. A request that changes nothing writes nothing.

    Raises: NoSuchNudge, RoleMissing, PreconditionRequired, PreconditionFailed, AlreadySent, AlreadyCancelled,
    NothingToChange, NudgeTimeNotRight, SeveralAbout, UnknownReference.
    """
    nudge = await get_managed(session, actor, nudge_id, lock=True)
    preconditions.check(version, nudge.version)
    nudges.check_open(nudge)
    given = _rename(values.model_dump(exclude_unset=True))
    if not given:
        raise NothingToChange
    changes = {name: value for name, value in given.items() if getattr(nudge, name) != value}
    if not changes:
        return nudge
    with session.no_autoflush:
        for name, value in changes.items():
            setattr(nudge, name, value)
        if changes.keys() - {"title", "body", "send_at"}:
            await _check(session, actor, nudge)
        if "send_at" in changes:
            nudges.check_time(nudge.send_at, now)
    nudge.version += 1
    nudge.updated_at = now
    events.record(session, NudgeEdited(nudge.id, {"version": nudge.version}), actor_id=actor.id, now=now)
    await session.flush()
    return nudge


async def send(session: WriteSession, actor: Actor, nudge_id: str, *, now: datetime) -> Nudge:
    """Send a nudge at once.

    Raises: NoSuchNudge, RoleMissing, AlreadySent, AlreadyCancelled, TooFewAddressed.
    """
    nudge = await get_managed(session, actor, nudge_id, lock=True)
    nudges.check_open(nudge)
    await _address(session, nudge, now=now)
    events.record(session, NudgeSent(nudge.id), actor_id=actor.id, now=now)
    return nudge


async def cancel(session: WriteSession, actor: Actor, nudge_id: str, *, now: datetime) -> Nudge:
    """Cancel a nudge that was not sent.

    Raises: NoSuchNudge, RoleMissing, AlreadySent, AlreadyCancelled.
    """
    nudge = await get_managed(session, actor, nudge_id, lock=True)
    nudges.check_open(nudge)
    _cancel(session, nudge, "by_hand", actor.id, now=now)
    await session.flush()
    return nudge


async def send_due(database: Database, *, now: datetime) -> int:
    """Send each nudge whose moment has come, once, however many workers are at it; returns how many were handled.

    One whose group is too small by now is cancelled, and one whose author has left or may not write to it any more.
    """
    handled = 0
    while batch := await _send_batch(database, now):
        handled += batch
    return handled


async def _send_batch(database: Database, now: datetime) -> int:
    async with database.writer() as session:
        due = (
            await session.scalars(
                select(Nudge)
                .where(
                    col(Nudge.sent_at).is_(None),
                    col(Nudge.cancelled_at).is_(None),
                    col(Nudge.send_at) <= now,
                )
                .order_by(col(Nudge.send_at), col(Nudge.id))
                .limit(BATCH)
                .with_for_update(skip_locked=True)
            )
        ).all()
        authors = await actors.list_active(SessionLane(session), {nudge.author_id for nudge in due})
        for nudge in due:
            author = authors.get(nudge.author_id)
            if author is None or not nudges.manages(author, nudge, await find_within(session, author)):
                _cancel(session, nudge, "not_entitled", None, now=now)
                continue
            try:
                await _address(session, nudge, now=now)
            except TooFewAddressed:
                _cancel(session, nudge, "too_few", None, now=now)
            else:
                events.record(session, NudgeSent(nudge.id), actor_id=nudge.author_id, now=now)
        return len(due)


async def _address(session: WriteSession, nudge: Nudge, *, now: datetime) -> None:
    """Write down whom a nudge goes to, and by lot who is held out.

    Raises: TooFewAddressed.
    """
    group = (await nudge_groups.select_group(session, nudge)).subquery()
    people = await session.scalar(select(func.count()).select_from(group)) or 0
    nudges.check_people(people)
    tenth = func.ntile(TENTHS).over(order_by=func.random()) if nudges.compares(people) else literal(0)
    await session.execute(
        insert(NudgeRecipient).from_select(
            ["nudge_id", "employee_id", "held_out"],
            select(literal(nudge.id), group.c[0], cast_sql(tenth, Integer) == 1),
        )
    )
    held_out = await session.scalar(
        select(func.count()).where(
            col(NudgeRecipient.nudge_id) == nudge.id, col(NudgeRecipient.held_out).is_(True)
        )
    )
    nudge.held_out = held_out or 0
    nudge.told = people - nudge.held_out
    nudge.send_at = nudge.sent_at = nudge.updated_at = now
    nudge.version += 1
    await session.flush()


def _cancel(session: WriteSession, nudge: Nudge, why: str, actor_id: str | None, *, now: datetime) -> None:
    nudge.cancelled_at = nudge.updated_at = now
    nudge.version += 1
    events.record(session, NudgeCancelled(nudge.id, {"why": why}), actor_id=actor_id, now=now)


def _rename(values: dict[str, Any]) -> dict[str, Any]:
    return {_RENAMED.get(name, name): value for name, value in values.items()}


async def _check(session: WriteSession, actor: Actor, nudge: Nudge) -> None:
    """Let pass a group that the actor writes to, and something that everybody may read.

    Raises: RoleMissing, SeveralAbout, UnknownReference.
    """
    about = [name for name in _ABOUT if getattr(nudge, f"{name}_id") is not None]
    if len(about) > 1:
        raise SeveralAbout.at(f"/{about[1]}")
    if nudge.entity_id is not None:
        await references.check_entity(session, nudge.entity_id)
    if nudge.function_id is not None:
        await references.check_function(session, nudge.function_id)
    if about and not await _is_open(session, nudge):
        raise UnknownReference.at(f"/{about[0]}", "There is no such thing that everybody may read.")
    nudges.check_manages(actor, nudge, await find_within(session, actor))


async def _is_open(session: WriteSession, nudge: Nudge) -> bool:
    if not ids.is_valid(nudge.idea_id or nudge.campaign_id or nudge.gathering_id or ""):
        return False
    if nudge.idea_id is not None:
        idea = await session.get(Idea, nudge.idea_id)
        return idea is not None and idea.stage != Stage.DRAFT and idea.hidden_code is None
    if nudge.campaign_id is not None:
        campaign = await session.get(Campaign, nudge.campaign_id)
        return campaign is not None and campaign.state != CampaignState.DRAFTED
    gathering = await session.get(Gathering, nudge.gathering_id)
    return gathering is not None and gathering.cancelled_at is None
