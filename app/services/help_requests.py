"""Asking for help with one's idea; answering, and withdrawing."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from app.core import locks
from app.core.db import WriteSession
from app.domain import help_requests, restrictions
from app.domain.actors import Actor
from app.domain.calendars import add_working_days
from app.domain.help_events import HelpAnswered
from app.domain.help_requests import SILENT_DAYS, AlreadyAsked, HelpState, NotWaiting, Turn
from app.models.help_requests import HelpRequest, HelpTurn
from app.models.ideas import Idea, IdeaTag
from app.queries import calendars, conflicts
from app.queries.help_requests import get_visible
from app.queries.ideas import get_visible as get_visible_idea
from app.schemas.help_requests import AskForHelp
from app.services import events, help_matching


async def ask(
    session: WriteSession, actor: Actor, idea_id: str, values: AskForHelp, *, now: datetime
) -> HelpRequest:
    """Ask for help with one's idea: it is put to one person after the other until somebody accepts.

    Raises: NoSuchIdea, NotAuthor, NothingToHelpWith, AlreadyRestricted, AlreadyAsked.
    """
    await locks.share(session, locks.ORGANISATION)
    seen = await get_visible_idea(session, actor, idea_id, lock=True)
    help_requests.check_may_ask(seen.idea, is_author=seen.is_author)
    restrictions.check_free(seen.idea.restriction)
    request = HelpRequest(
        idea_id=idea_id,
        asker_id=actor.id,
        wants=values.wants,
        text=values.text,
        words=values.skills or await _list_tags(session, idea_id),
        state=HelpState.ASKED,
        created_at=now,
    )
    session.add(request)
    try:
        await session.flush()
    except IntegrityError as error:
        raise AlreadyAsked from error
    await help_matching.put_to_next(
        session, request, seen.idea, actor_id=name_asker(actor, seen.idea), now=now
    )
    return request


async def answer(
    session: WriteSession, actor: Actor, request_id: str, *, accept: bool, now: datetime
) -> None:
    """Accept to help, or pass: then the next one is asked. Accepting once more changes nothing.

    Raises: NoSuchHelpRequest, NotForYou, NotWaiting.
    """
    await locks.share(session, locks.ORGANISATION)
    seen = await get_visible(session, actor, request_id, lock=True)
    request, idea = seen.request, seen.idea
    if accept and request.helper_id == actor.id and request.state == HelpState.HELPING:
        return
    help_requests.check_may_answer(actor.id, request)
    answered = HelpAnswered(request.id, {"idea": idea.id, "accept": accept})
    events.record(session, answered, actor_id=actor.id, now=now)
    if not accept:
        await help_matching.put_to_next(session, request, idea, outcome=Turn.PASSED, now=now)
        return
    if await conflicts.is_conflicted(session, actor, idea.id):
        raise NotWaiting
    calendar = await calendars.get_working(session, actor.id)
    request.state, request.accepted_at = HelpState.HELPING, now
    request.due_at = add_working_days(now, SILENT_DAYS, calendar)
    turn = await session.get_one(HelpTurn, (request.id, actor.id))
    turn.outcome, turn.answered_at = Turn.ACCEPTED, now
    await session.flush()


async def withdraw(session: WriteSession, actor: Actor, request_id: str, *, now: datetime) -> None:
    """Take a request back before anybody helps; a second time changes nothing.

    Raises: NoSuchHelpRequest, NotForYou, NotWaiting.
    """
    seen = await get_visible(session, actor, request_id, lock=True)
    if actor.id == seen.request.asker_id and seen.request.state == HelpState.WITHDRAWN:
        return
    help_requests.check_may_withdraw(actor.id, seen.request)
    await help_matching.close(session, seen.request, actor_id=name_asker(actor, seen.idea), now=now)


def name_asker(actor: Actor, idea: Idea) -> str | None:
    """Return who may be named in the audit trail for an act of the asker: nobody on an anonymous idea."""
    return None if idea.anonymous else actor.id


async def _list_tags(session: WriteSession, idea_id: str) -> list[str]:
    tags = await session.scalars(
        select(col(IdeaTag.tag)).where(col(IdeaTag.idea_id) == idea_id).order_by(col(IdeaTag.position))
    )
    return list(tags)
