"""Announcing gatherings, changing and cancelling them, and saying what came of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlmodel import col

from app.core.db import WriteSession
from app.domain import gatherings, permissions, preferences
from app.domain.actors import Actor
from app.domain.gathering_events import (
    GatheringAnnounced,
    GatheringCancelled,
    GatheringChanged,
    GatheringSummedUp,
)
from app.domain.gatherings import PlacesTaken
from app.domain.ideas import NothingToChange
from app.domain.permissions import Permission
from app.domain.register import Entry
from app.domain.sign_ups import SignUpState
from app.models.gatherings import Gathering, GatheringHost
from app.queries.gatherings import get_hosted, get_visible
from app.schemas.gatherings import AnnounceGathering, ChangeGathering
from app.services import events, preconditions, references, register, sign_ups

_MOVING = {"starts_at", "ends_at", "place", "link"}
_RENAMED = {"entity": "entity_id", "campaign": "campaign_id"}


async def announce(
    session: WriteSession, actor: Actor, values: AnnounceGathering, *, now: datetime
) -> Gathering:
    """Announce a gathering; whoever does hosts it, unless others are named.

    Raises: RoleMissing, TimesNotRight, Nowhere, LinkNotRight, UnknownZone, UnknownReference.
    """
    permissions.check(actor, Permission.GATHERINGS_WRITE)
    gatherings.check_times(values.starts_at, values.ends_at, now=now)
    gatherings.check_where(values.place, values.link)
    given = values.model_dump()
    hosts = given.pop("hosts") or [actor.id]
    given["time_zone"] = given["time_zone"] or session.zone
    await _check_references(session, given)
    gathering = Gathering(**_rename(given), created_at=now, updated_at=now)
    session.add(gathering)
    await session.flush()
    await _set_hosts(session, actor, gathering, hosts, now=now)
    events.record(session, GatheringAnnounced(gathering.id), actor_id=actor.id, now=now)
    await session.flush()
    return gathering


async def change(
    session: WriteSession,
    actor: Actor,
    gathering_id: str,
    values: ChangeGathering,
    *,
    version: int | None,
    now: datetime,
) -> Gathering:
    """Change a gathering until it is over; more places go to those who wait, in this very transaction.

    Calendars hear of each change. A request that changes nothing writes nothing.

    Raises: NoSuchGathering, RoleMissing, PreconditionRequired, PreconditionFailed, Cancelled, Over, PlacesTaken,
    NothingToChange, TimesNotRight, Nowhere, LinkNotRight, UnknownZone, UnknownReference.
    """
    gathering = await _get_written(session, actor, gathering_id)
    preconditions.check(version, gathering.version)
    gatherings.check_may_change(gathering, now=now)
    given = values.model_dump(exclude_unset=True)
    if not given:
        raise NothingToChange
    hosts = given.pop("hosts", None)
    changes = {name: value for name, value in _rename(given).items() if getattr(gathering, name) != value}
    await _check_changes(session, gathering, given, changes, now=now)
    for name, value in changes.items():
        setattr(gathering, name, value)
    moved = hosts is not None and await _set_hosts(session, actor, gathering, hosts, now=now)
    if changes or moved:
        _note_change(gathering, now=now)
        elsewhere = bool(_MOVING & changes.keys())
        changed = GatheringChanged(gathering.id, {"version": gathering.version, "moved": elsewhere})
        events.record(session, changed, actor_id=actor.id, now=now)
    if "places" in changes:
        await session.flush()
        await sign_ups.fill(session, gathering, now=now)
    await session.flush()
    return gathering


async def cancel(
    session: WriteSession, actor: Actor, gathering_id: str, *, reason: str, now: datetime
) -> Gathering:
    """Cancel a gathering that is not over; those who signed up stay known, because they have to be told.

    Raises: NoSuchGathering, RoleMissing, Cancelled, Over.
    """
    gathering = await _get_written(session, actor, gathering_id)
    gatherings.check_may_change(gathering, now=now)
    gathering.cancelled_at, gathering.cancel_reason = now, reason
    _note_change(gathering, now=now)
    events.record(session, GatheringCancelled(gathering.id), actor_id=actor.id, now=now)
    await session.flush()
    return gathering


async def sum_up(
    session: WriteSession, actor: Actor, gathering_id: str, *, text: str, now: datetime
) -> Gathering:
    """Say what came of a gathering, from its beginning on; the same text again changes nothing.

    Raises: NoSuchGathering, NotHost, Cancelled, NotBegun.
    """
    gathering = (await get_hosted(session, actor, gathering_id, lock=True)).gathering
    gatherings.check_has_begun(gathering, now=now)
    if gathering.summary != text:
        gathering.summary = text
        gathering.version += 1
        gathering.updated_at = now
        events.record(session, GatheringSummedUp(gathering.id), actor_id=actor.id, now=now)
        await session.flush()
    return gathering


async def _get_written(session: WriteSession, actor: Actor, gathering_id: str) -> Gathering:
    seen = await get_visible(session, actor, gathering_id, lock=True)
    permissions.check(actor, Permission.GATHERINGS_WRITE)
    return seen.gathering


def _note_change(gathering: Gathering, *, now: datetime) -> None:
    gathering.version += 1
    gathering.sequence += 1
    gathering.updated_at = now


def _rename(given: dict[str, Any]) -> dict[str, Any]:
    return {_RENAMED.get(name, name): value for name, value in given.items()}


async def _check_changes(
    session: WriteSession,
    gathering: Gathering,
    given: dict[str, Any],
    changes: dict[str, Any],
    *,
    now: datetime,
) -> None:
    """Let pass changes that fit the gathering and refer to what there is."""
    if changes.get("places") is not None:
        seated = await sign_ups.count(session, gathering.id, SignUpState.SEATED)
        if seated > changes["places"]:
            raise PlacesTaken.at("/places")
    if {"starts_at", "ends_at"} & changes.keys():
        starts_at = changes.get("starts_at", gathering.starts_at)
        gatherings.check_times(starts_at, changes.get("ends_at", gathering.ends_at), now=now)
    if {"place", "link"} & changes.keys():
        gatherings.check_where(
            changes.get("place", gathering.place),
            changes.get("link", gathering.link),
        )
    await _check_references(session, given)


async def _check_references(session: WriteSession, given: dict[str, Any]) -> None:
    if "time_zone" in given:
        preferences.check_zone(given["time_zone"])
    if given.get("entity") is not None:
        await references.check_entity(session, given["entity"])
    if given.get("campaign") is not None:
        await references.check_campaign(session, given["campaign"])


async def _set_hosts(
    session: WriteSession, actor: Actor, gathering: Gathering, hosts: Sequence[str], *, now: datetime
) -> bool:
    """Say who hosts a gathering, and return whether others do than before; a new host needs no place.

    Raises: UnknownReference.
    """
    for number, host in enumerate(hosts):
        await references.check_employee(session, host, pointer=f"/hosts/{number}")
    named = select(col(GatheringHost.employee_id)).where(col(GatheringHost.gathering_id) == gathering.id)
    before = set(await session.scalars(named))
    gone, new = before - set(hosts), set(hosts) - before
    if gone:
        await session.execute(
            delete(GatheringHost).where(
                col(GatheringHost.gathering_id) == gathering.id, col(GatheringHost.employee_id).in_(gone)
            )
        )
    session.add_all(GatheringHost(gathering_id=gathering.id, employee_id=host) for host in sorted(new))
    # A host reads who signed up and who came: a right, as a role is.
    for act, people in (("gatherings.host-named", new), ("gatherings.host-ended", gone)):
        for person in sorted(people):
            register.enter(session, Entry(act, gathering.id, actor.id, person), now=now)
    await session.flush()
    if new and before:
        await sign_ups.release(session, gathering, new, now=now)
    return bool(gone or new)
