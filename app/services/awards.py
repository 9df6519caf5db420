"""Giving prizes: claimed with points or proposed by a jury, agreed to by two people, refused or taken back."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import col

from app.core import ids, locks
from app.core.db import WriteSession
from app.domain import awards, permissions, prizes
from app.domain.actors import Actor
from app.domain.awards import AwardState, NotYoursToGive, UnknownRecipient
from app.domain.happenings import Happening
from app.domain.permissions import Permission
from app.domain.prize_events import (
    PrizeAgreed,
    PrizeClaimed,
    PrizeGranted,
    PrizeProposed,
    PrizeRefused,
    PrizeWithdrawn,
)
from app.domain.prizes import Way
from app.models.awards import PrizeAward, PrizeRecipient
from app.models.employees import Employee
from app.models.events import Event
from app.queries import prizes as catalogue
from app.queries.awards import get_visible
from app.schemas.awards import ProposeAward
from app.services import events, panels, recipients, rewards
from app.services import prizes as pieces


async def claim(session: WriteSession, actor: Actor, prize_id: str, *, now: datetime) -> PrizeAward:
    """Ask for a prize: a piece of it and the points are taken now, and come back if it is refused.

    Raises: NoSuchPrize, OtherWay, PrizeNotOffered, PrizeGone, BalanceTooSmall, RecipientGone.
    """
    await locks.share(session, locks.ORGANISATION)
    prize = await catalogue.get_visible(session, prize_id, lock=True)
    prizes.check_offered(prize, Way.POINTS, now=now)
    await recipients.check_here(session, actor.id)
    pieces.take(prize)
    award = PrizeAward(
        prize_id=prize.id,
        employee_id=actor.id,
        points=prize.cost,
        proposed_by_id=actor.id,
        created_at=now,
    )
    session.add(award)
    _record(session, PrizeClaimed, award, actor_id=actor.id, now=now)
    await session.flush()
    await rewards.spend(session, actor.id, subject=award.id, points=prize.cost or 0, now=now)
    return award


async def propose(
    session: WriteSession, actor: Actor, prize_id: str, values: ProposeAward, *, now: datetime
) -> PrizeAward:
    """Propose to give a prize to a person, or to the authors of an idea; this is the first of two yes.

    For an anonymous idea it is a suggestion that anybody may make who gives prizes, but its author: two people are
    drawn who decide.

    Raises: NoSuchPrize, NotYoursToGive, OtherWay, PrizeNotOffered, PrizeGone, UnknownRecipient, TooCloseToGive.
    """
    await locks.share(session, locks.ORGANISATION)
    prize = await catalogue.get_visible(session, prize_id)
    juror = prize.way == Way.JURY and await catalogue.is_juror(session, actor, prize.id)
    if not juror and not permissions.may(actor, Permission.PRIZES_GIVE):
        raise NotYoursToGive
    prizes.check_offered(prize, Way.JURY, now=now)
    if (values.employee is None) is (values.idea is None):
        raise UnknownRecipient.at("/idea" if values.idea else "/employee")
    award = PrizeAward(prize_id=prize.id, reason=values.reason, proposed_by_id=actor.id, created_at=now)
    if values.idea is not None:
        anonymous = await recipients.name_idea(session, actor, award, values.idea)
    else:
        anonymous = await recipients.name_person(session, actor, award, values.employee or "")
    # An idea is held before a prize, here as everywhere.
    prize = await catalogue.get_visible(session, prize_id, lock=True)
    prizes.check_offered(prize, Way.JURY, now=now)
    pieces.take(prize)
    if not anonymous:
        award.state, award.first_id = AwardState.PROPOSED, actor.id
    session.add(award)
    _record(session, PrizeProposed, award, actor_id=actor.id, now=now)
    await session.flush()
    if anonymous and award.idea_id is not None:
        await panels.fill(session, award, award.idea_id, now=now)
    return award


async def approve(session: WriteSession, actor: Actor, award_id: str, *, now: datetime) -> None:
    """Say yes to an award: the first yes waits for a second person's, with the second one it is granted.

    Raises: NoSuchAward, NotYoursToGive, TooCloseToGive, SecondPersonNeeded, AlreadyDecided, RecipientGone.
    """
    await locks.share(session, locks.ORGANISATION)
    seen = await get_visible(session, actor, award_id, lock=True)
    award = seen.award
    awards.check_may_approve(actor, award, seen.stance)
    people = await recipients.list_now(session, seen)
    if award.first_id is None or await recipients.has_come_close(session, award, award.first_id):
        award.state, award.first_id = AwardState.PROPOSED, actor.id
        _record(session, PrizeAgreed, award, actor_id=actor.id, now=now)
        if seen.stance.anonymous and award.idea_id is not None:
            await panels.fill(session, award, award.idea_id, now=now)
    else:
        award.state, award.second_id, award.decided_at = AwardState.GRANTED, actor.id, now
        # What it costs then is what it cost, whatever becomes of the price.
        award.price, award.price_currency = seen.prize.price, seen.prize.price_currency
        number = ids.new().upper()
        award.receipt_number = f"{number[:4]}-{number[4:8]}-{number[8:12]}"
        session.add_all(PrizeRecipient(award_id=award.id, employee_id=person) for person in people)
        _record(session, PrizeGranted, award, actor_id=actor.id, now=now)
    await session.flush()


async def refuse(session: WriteSession, actor: Actor, award_id: str, *, text: str, now: datetime) -> None:
    """Say no to a claim or a proposal: the piece and the points go back.

    Raises: NoSuchAward, NotYoursToGive, TooCloseToGive, AlreadyDecided.
    """
    await locks.share(session, locks.ORGANISATION)
    seen = await get_visible(session, actor, award_id, lock=True)
    awards.check_may_refuse(seen.award, seen.stance)
    seen.award.refused_by_id, seen.award.refusal = actor.id, text
    await _undo(session, seen.award, AwardState.REFUSED, now=now)
    _record(session, PrizeRefused, seen.award, actor_id=actor.id, now=now)


async def withdraw(session: WriteSession, actor: Actor, award_id: str, *, now: datetime) -> None:
    """Take one's claim or proposal back before it is decided: the piece and the points go back.

    Raises: NoSuchAward, NotYoursToGive, AlreadyDecided.
    """
    seen = await get_visible(session, actor, award_id, lock=True)
    awards.check_may_withdraw(actor, seen.award)
    await _undo(session, seen.award, AwardState.WITHDRAWN, now=now)
    _record(session, PrizeWithdrawn, seen.award, actor_id=actor.id, now=now)


async def refuse_leavers(session: WriteSession, events: Sequence[Event], *, now: datetime) -> None:
    """Refuse what people who have left would have received, and name them no more among those who did."""
    left = select(col(Employee.id)).where(
        col(Employee.id).in_([event.subject for event in events]), col(Employee.active).is_(False)
    )
    # All awards before the first prize, in one order: whoever decides on one holds it, then its prize.
    waiting = await session.scalars(
        select(PrizeAward)
        .where(col(PrizeAward.employee_id).in_(left), col(PrizeAward.state).in_(sorted(awards.OPEN)))
        .order_by(col(PrizeAward.id))
        .with_for_update(key_share=True)
    )
    for award in sorted(waiting.all(), key=lambda each: (each.prize_id, each.id)):
        await _undo(session, award, AwardState.REFUSED, now=now)
        _record(session, PrizeRefused, award, actor_id=None, now=now)
    await session.execute(
        update(PrizeRecipient)
        .where(col(PrizeRecipient.employee_id).in_(left))
        .values(shown=False)
        .execution_options(synchronize_session=False)
    )


async def _undo(session: WriteSession, award: PrizeAward, state: AwardState, *, now: datetime) -> None:
    """End an open award that is held: its piece goes back to the stock, and points to who spent them."""
    award.state, award.decided_at = state, now
    await session.flush()
    await pieces.put_back(session, award.prize_id)
    if award.points is not None and award.employee_id is not None:
        await rewards.give_back(session, award.employee_id, subject=award.id, now=now)


def _record(
    session: WriteSession,
    happening: type[Happening],
    award: PrizeAward,
    *,
    actor_id: str | None,
    now: datetime,
) -> None:
    events.record(session, happening(award.id, {"prize": award.prize_id}), actor_id=actor_id, now=now)
