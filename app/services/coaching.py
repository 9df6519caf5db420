"""The coaching of two people: writing, ending, thanking."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlmodel import col

from app.core import clock
from app.core.db import WriteSession
from app.domain import help_requests
from app.domain.actors import Actor
from app.domain.calendars import add_working_days
from app.domain.help_events import CoachingWritten, HelpThanked
from app.domain.help_requests import PAIR, SILENT_DAYS, HelpState
from app.models.employees import Employee
from app.models.help_requests import HelpMessage, HelpRequest
from app.models.ideas import Idea
from app.queries import calendars
from app.queries import coaching as reading
from app.queries.help_requests import Visible, get_visible
from app.schemas import help_requests as shapes
from app.services import events, help_matching, turns


async def write(
    session: WriteSession, actor: Actor, request_id: str, *, body: str, now: datetime
) -> shapes.HelpMessage:
    """Say something to the other one.

    Raises: NoSuchHelpRequest, NotHelping.
    """
    seen = await get_visible(session, actor, request_id, lock=True)
    help_requests.check_may_talk(seen.request)
    message = HelpMessage(request_id=request_id, author_id=actor.id, body=body, created_at=now)
    session.add(message)
    calendar = await calendars.get_working(session, seen.request.helper_id)
    seen.request.due_at = add_working_days(now, SILENT_DAYS, calendar)
    by = "asker" if actor.id == seen.request.asker_id else "helper"
    written = CoachingWritten(request_id, {"idea": seen.idea.id, "by": by})
    events.record(session, written, actor_id=_name(actor, seen), now=now)
    await session.flush()
    person = await session.get_one(Employee, actor.id)
    return reading.shape_message(actor, seen, message, person.name)


async def end(session: WriteSession, actor: Actor, request_id: str, *, now: datetime) -> None:
    """End the coaching as either of the two, and with it the helper's look at a draft; once more changes nothing.

    Raises: NoSuchHelpRequest, NotHelping.
    """
    seen = await get_visible(session, actor, request_id, lock=True)
    if seen.request.state == HelpState.ENDED:
        return
    help_requests.check_may_talk(seen.request)
    await help_matching.close(session, seen.request, actor_id=_name(actor, seen), now=now)


async def thank(session: WriteSession, actor: Actor, request_id: str, *, now: datetime) -> None:
    """Thank the helper, once; whether it counts for points is decided now.

    The two take their turns, so that thanks given at the same moment see each other.

    Raises: NoSuchHelpRequest, NotForYou, NotHelping.
    """
    before = (await get_visible(session, actor, request_id)).request
    for person in sorted({before.asker_id, before.helper_id or before.asker_id}):
        await turns.take(session, person)
    seen = await get_visible(session, actor, request_id, lock=True)
    help_requests.check_may_thank(actor.id, seen.request)
    if seen.request.thanked_at is not None:
        return
    seen.request.counted = await _counts(session, seen.request, seen.idea, now=now)
    seen.request.thanked_at = now
    thanked = HelpThanked(request_id, {"idea": seen.idea.id})
    events.record(session, thanked, actor_id=_name(actor, seen), now=now)
    await session.flush()


async def _counts(session: WriteSession, request: HelpRequest, idea: Idea, *, now: datetime) -> bool:
    pair = {request.asker_id, request.helper_id}
    earlier = await session.execute(
        select(
            col(HelpRequest.asker_id),
            col(HelpRequest.helper_id),
            col(HelpRequest.thanked_at),
            col(Idea.anonymous),
        )
        .join(Idea, col(Idea.id) == col(HelpRequest.idea_id))
        .where(
            or_(
                col(HelpRequest.helper_id) == request.helper_id,
                col(HelpRequest.helper_id) == request.asker_id,
            ),
            col(HelpRequest.counted).is_(True),
            col(HelpRequest.thanked_at) > now - PAIR,
        )
    )
    today, found = clock.day_in(session.zone, now), earlier.all()
    own = [row for row in found if row.helper_id == request.helper_id]
    return help_requests.counts(
        anonymous=idea.anonymous,
        today=sum(clock.day_in(session.zone, row.thanked_at) == today for row in own),
        between=sum({row.asker_id, row.helper_id} == pair and not row.anonymous for row in found),
        unnamed=sum(row.anonymous for row in own),
    )


def _name(actor: Actor, seen: Visible) -> str | None:
    unnamed = seen.idea.anonymous and actor.id == seen.request.asker_id
    return None if unnamed else actor.id
