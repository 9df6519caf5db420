"""Following ideas, people, functions and campaigns, and leaving them again."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from app.core import ids
from app.core.db import WriteSession
from app.domain import follows
from app.domain.actors import Actor
from app.domain.follows import DraftNotFollowed, Followed
from app.domain.news_events import FollowBegun, FollowEnded
from app.models.events import Event
from app.queries.follows import TABLES, is_draft
from app.services import events

_ADDING = {
    (dialect.__name__.rpartition(".")[2], what): dialect.insert(table)
    .on_conflict_do_nothing()
    .returning(col(table.follower_id))
    for dialect in (postgresql, sqlite)
    for what, (table, _) in TABLES.items()
}


async def follow(
    session: WriteSession, actor: Actor, what: Followed, subject_id: str, *, now: datetime
) -> None:
    """Follow something that the actor may know of; doing it again changes nothing.

    The event says who, and never what.

    Raises: NoSuchIdea, NoSuchEmployee, NoSuchFunction, NoSuchCampaign, FollowingOneself, DraftNotFollowed,
    TooManyFollows.
    """
    drafted = await is_draft(session, actor, what, subject_id)
    if what is Followed.EMPLOYEE:
        follows.check_other(actor.id, subject_id)
    if drafted:
        raise DraftNotFollowed
    table, subject = TABLES[what]
    row = {"follower_id": actor.id, subject.key: subject_id, "followed_at": now}
    adding = _ADDING[session.get_bind().dialect.name, what]
    if await session.scalar(adding, row) is None:
        return
    own = select(func.count()).select_from(table).where(col(table.follower_id) == actor.id)
    follows.check_number(what, await session.scalar(own) or 0)
    events.record(session, FollowBegun(actor.id, {"what": what.value}), actor_id=actor.id, now=now)


async def unfollow(
    session: WriteSession, actor: Actor, what: Followed, subject_id: str, *, now: datetime
) -> None:
    """Follow something no more, also what the actor may no longer know of; doing it again changes nothing.

    Raises: NoSuchIdea, NoSuchEmployee, NoSuchFunction, NoSuchCampaign where it was never followed.
    """
    table, subject = TABLES[what]
    leaving = (
        delete(table)
        .where(col(table.follower_id) == actor.id, subject == subject_id)
        .returning(col(table.follower_id))
        .execution_options(synchronize_session=False)
    )
    gone = await session.scalar(leaving) if ids.is_valid(subject_id) else None
    if gone is None:
        await is_draft(session, actor, what, subject_id)
    else:
        events.record(session, FollowEnded(actor.id, {"what": what.value}), actor_id=actor.id, now=now)


async def forget_leavers(session: WriteSession, events: Sequence[Event], *, now: datetime) -> None:  # noqa: ARG001  one shape
    """Forget what people followed who have left the company."""
    people = {event.subject for event in events}
    for table, _ in TABLES.values():
        await session.execute(
            delete(table)
            .where(col(table.follower_id).in_(people))
            .execution_options(synchronize_session=False)
        )
