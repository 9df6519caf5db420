"""Taking requests for help off whoever may no longer have them, when people, roles, managers or authors change."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select, true
from sqlmodel import col

from app.core import clock, locks
from app.core.db import WriteSession
from app.domain import offers
from app.domain.authorships import AuthorshipState
from app.domain.help_requests import CLOSED, OPEN, HelpState, Turn
from app.domain.offers import Offer, Wanted
from app.models.authorships import Authorship
from app.models.employees import Employee
from app.models.events import Event
from app.models.help_requests import HelpRequest
from app.models.ideas import Idea
from app.queries import conflicts
from app.queries import offers as reading
from app.services import events as recording
from app.services import help_matching

_BATCH = 200
_STATES = [state.value for state in OPEN]


async def settle_all(session: WriteSession, *, now: datetime) -> None:
    """Look at every open request; called under the exclusive lock of the organisation."""
    await _settle(session, true(), now=now)


async def settle_ideas(session: WriteSession, idea_ids: Collection[str], *, now: datetime) -> None:
    """Look at the open requests of some ideas; called with a share in the lock of the organisation."""
    await _settle(session, col(HelpRequest.idea_id).in_(idea_ids), now=now)


async def let_go(session: WriteSession, people: Sequence[str], *, now: datetime) -> None:
    """Look at the open requests of people who have left, as askers or helpers."""
    concerned = or_(col(HelpRequest.helper_id).in_(people), col(HelpRequest.asker_id).in_(people))
    await _settle(session, concerned, now=now)


async def settle_moved(session: WriteSession, events: Sequence[Event], *, now: datetime) -> None:
    """Let nobody help with an idea who has come to hold it, and ask nobody any more about one that is over."""
    moved = {str(event.payload.get("idea", event.subject)) for event in events}
    if await _list_open(session, col(HelpRequest.idea_id).in_(moved)):
        await locks.share(session, locks.ORGANISATION)
        await settle_ideas(session, moved, now=now)


async def hide_asker(session: WriteSession, idea_id: str, *, now: datetime) -> None:
    """Close the requests of a draft that becomes anonymous, and take the askers out of their events.

    Whoever was asked by name knows it; whoever is asked from now on does not learn it.
    """
    requests = await session.scalars(
        select(HelpRequest)
        .where(col(HelpRequest.idea_id) == idea_id)
        .order_by(col(HelpRequest.id))
        .with_for_update(key_share=True)
    )
    for request in requests.all():
        if request.state in OPEN:
            await help_matching.close(session, request, now=now)
        await recording.forget_actor(session, request.id)


async def let_nobody_help(session: WriteSession, idea_id: str, *, now: datetime) -> None:
    """Close the requests of an idea that is for few people alone from now on."""
    requests = await session.scalars(
        select(HelpRequest)
        .where(col(HelpRequest.idea_id) == idea_id, col(HelpRequest.state).in_(_STATES))
        .order_by(col(HelpRequest.id))
        .with_for_update(key_share=True)
    )
    for request in requests.all():
        await help_matching.close(session, request, now=now)


async def _settle(session: WriteSession, concerned: ColumnElement[bool], *, now: datetime) -> None:
    found = await _list_open(session, concerned)
    for start in range(0, len(found), _BATCH):
        await _settle_batch(session, found[start : start + _BATCH], now=now)


async def _list_open(session: WriteSession, concerned: ColumnElement[bool]) -> list[str]:
    found = await session.scalars(
        select(col(HelpRequest.id))
        .where(col(HelpRequest.state).in_(_STATES), concerned)
        .order_by(col(HelpRequest.id))
    )
    return list(found)


async def _settle_batch(session: WriteSession, request_ids: list[str], *, now: datetime) -> None:
    rows = (
        await session.execute(
            select(HelpRequest, Idea, col(Employee.active), col(Authorship.state))
            .join(Idea, col(Idea.id) == col(HelpRequest.idea_id))
            .join(Employee, col(Employee.id) == col(HelpRequest.asker_id))
            .outerjoin(
                Authorship,
                (col(Authorship.idea_id) == col(HelpRequest.idea_id))
                & (col(Authorship.employee_id) == col(HelpRequest.asker_id)),
            )
            .where(col(HelpRequest.id).in_(request_ids), col(HelpRequest.state).in_(_STATES))
            .order_by(col(HelpRequest.id))
            .with_for_update(of=HelpRequest, key_share=True)
            .execution_options(populate_existing=True)
        )
    ).all()
    circles = await conflicts.list_circles(session, sorted({row[1].id for row in rows}))
    people = await reading.find_offers(
        session, {row[0].helper_id or "" for row in rows}, today=clock.day_in(session.zone, now)
    )
    for request, idea, active, state in rows:
        # That it ends in the hour in which somebody leaves would tell who wrote an anonymous idea.
        gone = state != AuthorshipState.ACCEPTED or not (active or idea.anonymous)
        over = request.state == HelpState.ASKED and idea.stage in CLOSED
        helper = people.get(request.helper_id or "")
        if gone or over:
            await help_matching.close(session, request, now=now)
        elif not _fits(helper, request, idea, circles[idea.id]):
            await _take_off(session, request, idea, now=now)


def _fits(helper: Offer | None, request: HelpRequest, idea: Idea, circle: Any) -> bool:
    if helper is None or helper.person_id == idea.holder_id:
        return False
    if circle.conflicts.bars(helper.person_id, helper.entity_id):
        return False
    # Whoever helps as anyone goes on, whatever their skills are called by now.
    if request.state == HelpState.HELPING and request.wants == Wanted.ANYONE:
        return True
    return offers.qualifies(helper, help_matching.read_wish(request, idea))


async def _take_off(session: WriteSession, request: HelpRequest, idea: Idea, *, now: datetime) -> None:
    if request.state == HelpState.HELPING:
        await help_matching.close(session, request, now=now)
    else:
        await help_matching.put_to_next(session, request, idea, outcome=Turn.TAKEN, now=now)
