"""Reading gatherings: everybody may know of them; what one may do there depends on how one stands to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, select, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.core import ids, keysets
from app.core.db import ReadSession
from app.core.keysets import Place
from app.domain import attendances, gatherings, permissions, sign_ups
from app.domain.actors import Actor
from app.domain.gatherings import NoSuchGathering
from app.domain.permissions import Permission
from app.domain.sign_ups import SignUpState
from app.models.campaigns import Campaign
from app.models.entities import Entity
from app.models.gatherings import Attendance, Gathering, GatheringHost, SignUp
from app.schemas.gatherings import GatheringCard
from app.schemas.shapes import Named

_audience = aliased(Entity)
_own_entity = aliased(Entity)
_own = aliased(SignUp)
_ahead = aliased(SignUp)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a reader stands to a gathering, with how many have a place in it."""

    seated: int
    invited: bool
    hosts: bool
    state: str | None
    waiting_position: int | None
    attends: bool

    @property
    def takes_part(self) -> bool:
        """Whether the reader is expected: hosts, and whoever has a place."""
        return self.hosts or self.state == SignUpState.SEATED


@dataclass(frozen=True, slots=True)
class Seen:
    """A gathering with how the reader stands to it."""

    gathering: Gathering
    standing: Standing
    entity: Named | None
    campaign: Named | None


async def get_visible(session: ReadSession, actor: Actor, gathering_id: str, *, lock: bool = False) -> Seen:
    """Return a gathering, of which everybody may know, and how the actor stands to it.

    With `lock` it is held until the end of the transaction, and what is returned was read under the lock.

    Raises: NoSuchGathering.
    """
    if not ids.is_valid(gathering_id):
        raise NoSuchGathering
    if lock:
        # Rows that refer to it are added meanwhile: a lock on its key would meet theirs head-on.
        statement = select(col(Gathering.id)).where(col(Gathering.id) == gathering_id)
        await session.execute(statement.with_for_update(key_share=True))
    found = await list_seen(session, select_seen(actor).where(col(Gathering.id) == gathering_id))
    if not found:
        raise NoSuchGathering
    return found[0]


async def get_hosted(session: ReadSession, actor: Actor, gathering_id: str, *, lock: bool = False) -> Seen:
    """Return a gathering that the actor hosts.

    Raises: NoSuchGathering, NotHost.
    """
    seen = await get_visible(session, actor, gathering_id, lock=lock)
    if not seen.standing.hosts:
        raise gatherings.NotHost
    return seen


async def list_gatherings(
    session: ReadSession,
    actor: Actor,
    *,
    past: bool,
    mine: bool,
    campaign_id: str | None,
    after: Place | None,
    limit: int,
    now: datetime,
) -> tuple[list[GatheringCard], Place | None]:
    """Return a page of what is to come, the next first, or of what is over, the latest first."""
    order = (col(Gathering.starts_at), col(Gathering.id))
    statement = select_seen(actor)
    statement = statement.where(col(Gathering.ends_at) <= now if past else col(Gathering.ends_at) > now)
    if mine:
        statement = statement.where(col(_own.id).is_not(None) | _hosts(actor))
    if campaign_id is not None:
        statement = statement.where(col(Gathering.campaign_id) == campaign_id)
    if after is not None:
        place = keysets.read_time(after)
        statement = statement.where(tuple_(*order) < place if past else tuple_(*order) > place)
    ordered = statement.order_by(*(column.desc() if past else column for column in order))
    found = await list_seen(session, ordered.limit(limit + 1))
    shown = found[:limit]
    last = shown[-1].gathering if len(found) > limit else None
    cards = [GatheringCard.model_construct(**shape_card(actor, seen, now=now)) for seen in shown]
    return cards, keysets.write(last.starts_at, last.id) if last is not None else None


def select_seen(actor: Actor) -> Select[Any]:
    """Return the statement of gatherings as a reader stands to them, for `list_seen`."""
    seated = (
        select(func.count())
        .where(col(SignUp.gathering_id) == col(Gathering.id), col(SignUp.state) == SignUpState.SEATED)
        .scalar_subquery()
    )
    ahead = (
        select(func.count())
        .where(
            col(_ahead.gathering_id) == col(Gathering.id),
            col(_ahead.state) == SignUpState.WAITING,
            col(_ahead.number) <= col(_own.number),
        )
        .scalar_subquery()
    )
    attends = (
        select(col(Attendance.id))
        .where(col(Attendance.gathering_id) == col(Gathering.id), col(Attendance.employee_id) == actor.id)
        .exists()
    )
    own_path = (
        select(col(_own_entity.path)).where(col(_own_entity.id) == (actor.entity_id or "")).scalar_subquery()
    )
    return (
        select(
            Gathering,
            _audience,
            col(Campaign.name).label("campaign"),
            col(_own.state).label("state"),
            own_path.label("own_path"),
            seated.label("seated"),
            ahead.label("ahead"),
            _hosts(actor).label("hosts"),
            attends.label("attends"),
        )
        .outerjoin(_audience, col(_audience.id) == col(Gathering.entity_id))
        .outerjoin(Campaign, col(Campaign.id) == col(Gathering.campaign_id))
        .outerjoin(_own, and_(col(_own.gathering_id) == col(Gathering.id), col(_own.employee_id) == actor.id))
        .execution_options(populate_existing=True)
    )


async def list_seen(session: ReadSession, statement: Select[Any]) -> list[Seen]:
    """Return what a statement of `select_seen` finds."""
    found = []
    for row in await session.execute(statement):
        gathering, audience = row[0], row[1]
        waits = row.state == SignUpState.WAITING
        standing = Standing(
            seated=row.seated,
            invited=sign_ups.covers(audience.path if audience else None, row.own_path),
            hosts=bool(row.hosts),
            state=row.state,
            waiting_position=row.ahead if waits else None,
            attends=bool(row.attends),
        )
        entity = Named(id=audience.id, name=audience.name) if audience else None
        campaign = Named(id=gathering.campaign_id, name=row.campaign) if gathering.campaign_id else None
        found.append(Seen(gathering, standing, entity, campaign))
    return found


def shape_card(actor: Actor, seen: Seen, *, now: datetime) -> dict[str, Any]:
    """Return the fields of a card as the reader sees it."""
    gathering, standing = seen.gathering, seen.standing
    seats = gatherings.tell_seats(gathering.places, standing.seated)
    return {
        "id": gathering.id,
        "kind": gathering.kind,
        "title": gathering.title,
        "place": gathering.place,
        "online": gathering.link is not None,
        "starts_at": gathering.starts_at,
        "ends_at": gathering.ends_at,
        "time_zone": gathering.time_zone,
        "places": gathering.places,
        "room": seats.room.value,
        "left": seats.left,
        "walk_ins": gathering.walk_ins,
        "entity": seen.entity,
        "campaign": seen.campaign,
        "cancelled_at": gathering.cancelled_at,
        "sign_up": standing.state,
        "waiting_position": standing.waiting_position,
        "can": list(list_abilities(actor, seen, now=now)),
    }


def list_abilities(actor: Actor, seen: Seen, *, now: datetime) -> Sequence[str]:
    """Return what a reader may do with a gathering now."""
    gathering, standing = seen.gathering, seen.standing
    able = []
    opened = sign_ups.is_open(gathering, now=now)
    if opened and standing.invited and not standing.hosts and standing.state is None:
        able.append("sign_up")
    if standing.state is not None and now < gathering.starts_at:
        able.append("leave")
    expected = standing.state == SignUpState.SEATED or (gathering.walk_ins and standing.invited)
    if expected and not standing.attends and attendances.is_open(gathering, now=now):
        able.append("attend")
    if gathering.cancelled_at is None and now < gathering.ends_at:
        able += ["edit", "cancel"] if permissions.may(actor, Permission.GATHERINGS_WRITE) else []
    if standing.hosts:
        able.append("read_people")
        able += ["show_code"] if attendances.is_open(gathering, now=now) else []
        able += ["note_people", "capture"] if attendances.is_open_by_hand(gathering, now=now) else []
        began = gathering.cancelled_at is None and gathering.starts_at <= now
        able += ["sum_up"] if began else []
    return able


def _hosts(actor: Actor) -> Any:
    return (
        select(col(GatheringHost.employee_id))
        .where(
            col(GatheringHost.gathering_id) == col(Gathering.id), col(GatheringHost.employee_id) == actor.id
        )
        .exists()
    )
