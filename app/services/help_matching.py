"""Putting a request for help to the next person, and closing it."""

from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlmodel import col

from app.core import clock
from app.core.db import WriteSession
from app.domain import offers
from app.domain.authorships import AuthorshipState
from app.domain.calendars import add_working_days
from app.domain.help_events import CoachingEnded, HelpAsked, HelpUnmatched, HelpWithdrawn
from app.domain.help_requests import ANSWER_DAYS, SPARED, HelpState, Turn
from app.domain.offers import Wish
from app.models.authorships import Authorship
from app.models.help_requests import HelpRequest, HelpTurn
from app.models.ideas import Idea
from app.queries import calendars, conflicts
from app.queries import offers as reading
from app.services import events


def read_wish(request: HelpRequest, idea: Idea) -> Wish:
    """Return what a request looks for."""
    words = frozenset(request.words)
    return Wish(request.wants, words, idea.function_id, idea.campaign_id, request.id)


async def put_to_next(
    session: WriteSession,
    request: HelpRequest,
    idea: Idea,
    *,
    outcome: Turn | None = None,
    actor_id: str | None = None,
    now: datetime,
) -> None:
    """Ask the next person, or note that nobody is left; `outcome` is how the turn of the present one ended.

    Called with the row of the request held and a share in the lock of the organisation.
    """
    await _close_turn(session, request, outcome, now=now)
    await session.flush()
    wish = read_wish(request, idea)
    circle = await conflicts.get_circle(session, idea.id)
    chosen = offers.choose(
        await reading.list_offers(session, wish, today=clock.day_in(session.zone, now)),
        wish,
        conflicts=circle.conflicts,
        passed_over=await _list_passed_over(session, request, now=now),
        holder_id=idea.holder_id,
    )
    request.helper_id = chosen
    if chosen is None:
        request.state, request.due_at = HelpState.UNMATCHED, None
        events.record(session, HelpUnmatched(request.id, {"idea": idea.id}), actor_id=actor_id, now=now)
    else:
        calendar = await calendars.get_working(session, chosen)
        request.state, request.due_at = HelpState.ASKED, add_working_days(now, ANSWER_DAYS, calendar)
        session.add(HelpTurn(request_id=request.id, employee_id=chosen, asked_at=now))
        asked = HelpAsked(request.id, {"idea": idea.id, "to": chosen})
        events.record(session, asked, actor_id=actor_id, now=now)
    await session.flush()


async def close(
    session: WriteSession, request: HelpRequest, *, actor_id: str | None = None, now: datetime
) -> None:
    """End a coaching, or withdraw a request that nobody took up; whoever was asked knows of nothing any more."""
    request.ended_at, request.due_at = now, None
    if request.state == HelpState.HELPING:
        request.state = HelpState.ENDED
        ended = CoachingEnded(request.id, {"idea": request.idea_id})
        events.record(session, ended, actor_id=actor_id, now=now)
    else:
        await _close_turn(session, request, Turn.TAKEN, now=now)
        request.state, request.helper_id = HelpState.WITHDRAWN, None
        withdrawn = HelpWithdrawn(request.id, {"idea": request.idea_id})
        events.record(session, withdrawn, actor_id=actor_id, now=now)
    await session.flush()


async def _close_turn(
    session: WriteSession, request: HelpRequest, outcome: Turn | None, *, now: datetime
) -> None:
    if request.helper_id is not None and outcome is not None:
        turn = await session.get_one(HelpTurn, (request.id, request.helper_id))
        turn.outcome, turn.answered_at = outcome, now


async def _list_passed_over(session: WriteSession, request: HelpRequest, *, now: datetime) -> set[str]:
    """Return who is not asked: who was by this request, or lately about this idea; who may become its author."""
    helped = and_(col(HelpTurn.outcome) == Turn.ACCEPTED.value, col(HelpTurn.request_id) != request.id)
    asked = await session.scalars(
        select(col(HelpTurn.employee_id))
        .join(HelpRequest, col(HelpRequest.id) == col(HelpTurn.request_id))
        .where(
            col(HelpRequest.idea_id) == request.idea_id,
            or_(col(HelpTurn.request_id) == request.id, col(HelpTurn.asked_at) > now - SPARED),
            or_(col(HelpTurn.outcome).is_(None), ~helped),
        )
    )
    invited = await session.scalars(
        select(col(Authorship.employee_id)).where(
            col(Authorship.idea_id) == request.idea_id,
            col(Authorship.state).in_([AuthorshipState.ACCEPTED.value, AuthorshipState.INVITED.value]),
        )
    )
    return {*asked, *invited, request.asker_id}
