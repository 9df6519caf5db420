"""Reading gatherings as entries of a calendar: one by itself, or a person's own under their secret link."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlmodel import col

from app.core.db import ReadSession
from app.core.security import calendar_tokens
from app.core.security.seals import Seals
from app.domain.actors import Actor
from app.domain.calendar_feeds import NoSuchFeed, name_entry
from app.domain.gatherings import KEPT
from app.domain.sign_ups import SignUpState
from app.integrations.calendar_files import Entry
from app.models.employees import Employee
from app.models.gatherings import CalendarFeed, Gathering, GatheringHost, SignUp
from app.queries.gatherings import Seen, get_visible, list_seen, select_seen
from app.schemas.calendar_feeds import CalendarLink

MOST = 500
"""Entries of a feed."""


async def get_entry(session: ReadSession, actor: Actor, gathering_id: str, *, base_url: str) -> Entry:
    """Return a gathering as an entry of the actor's calendar.

    Raises: NoSuchGathering.
    """
    return shape(await get_visible(session, actor, gathering_id), base_url)


async def list_own(
    session: ReadSession, token: str, *, seals: Seals, base_url: str, now: datetime
) -> list[Entry]:
    """Return what a person hosts or signed up for, from three months ago on, by their secret link.

    Raises: NoSuchFeed.
    """
    feed_id = calendar_tokens.read(seals, token)
    owner = await session.scalar(
        select(Employee)
        .join(CalendarFeed, col(CalendarFeed.employee_id) == col(Employee.id))
        .where(col(CalendarFeed.id) == (feed_id or ""), col(Employee.active).is_(True))
    )
    if owner is None:
        raise NoSuchFeed
    hosted = select(col(GatheringHost.gathering_id)).where(col(GatheringHost.employee_id) == owner.id)
    signed_up = select(col(SignUp.gathering_id)).where(col(SignUp.employee_id) == owner.id)
    statement = (
        select_seen(Actor(id=owner.id, entity_id=owner.entity_id))
        .where(
            or_(col(Gathering.id).in_(hosted), col(Gathering.id).in_(signed_up)),
            col(Gathering.ends_at) > now - KEPT,
        )
        .order_by(col(Gathering.starts_at), col(Gathering.id))
        .limit(MOST)
    )
    return [shape(seen, base_url) for seen in await list_seen(session, statement)]


async def find_link(session: ReadSession, actor: Actor, *, seals: Seals, base_url: str) -> CalendarLink:
    """Return the actor's own secret link, if there is one."""
    feed = await session.scalar(select(CalendarFeed).where(col(CalendarFeed.employee_id) == actor.id))
    return shape_link(feed, seals=seals, base_url=base_url)


def shape_link(feed: CalendarFeed | None, *, seals: Seals, base_url: str) -> CalendarLink:
    """Return a secret link as its owner sees it."""
    if feed is None:
        return CalendarLink(url=None, created_at=None)
    token = calendar_tokens.issue(seals, feed.id)
    return CalendarLink(url=f"{base_url}/api/v1/calendar-feeds/{token}", created_at=feed.created_at)


def shape(seen: Seen, base_url: str) -> Entry:
    """Return a gathering as an entry; only those who are expected get the link to take part."""
    gathering, standing = seen.gathering, seen.standing
    status = "TENTATIVE" if standing.state == SignUpState.WAITING else "CONFIRMED"
    if gathering.cancelled_at is not None:
        status = "CANCELLED"
    link = gathering.link if standing.takes_part else None
    parts = [gathering.cancel_reason, link, gathering.description]
    return Entry(
        uid=name_entry(gathering.id, base_url),
        sequence=gathering.sequence,
        status=status,
        title=gathering.title,
        description="\n\n".join(part for part in parts if part),
        location=gathering.place or link or "",
        url=f"{base_url}/gatherings/{gathering.id}",
        starts_at=gathering.starts_at,
        ends_at=gathering.ends_at,
        created_at=gathering.created_at,
        changed_at=gathering.updated_at,
    )
