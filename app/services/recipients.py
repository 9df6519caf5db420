"""Who receives a prize: named when it is proposed, listed when it is granted; they consent and confirm the receipt."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from app.core import ids
from app.core.db import WriteSession
from app.domain import awards
from app.domain.actors import Actor
from app.domain.awards import AnonymousStays, NotYoursToGive, RecipientGone, TooCloseToGive, UnknownRecipient
from app.domain.ideas import NoSuchIdea
from app.domain.pipeline import Stage
from app.domain.prize_events import PrizeConsentSet, PrizeReceived
from app.models.authorships import Authorship
from app.models.awards import PrizeAward
from app.models.employees import Employee
from app.queries import conflicts, ideas
from app.queries.awards import Seen, get_visible
from app.services import events

_TAKEN_BACK = frozenset({Stage.DRAFT, Stage.WITHDRAWN, Stage.MERGED})


async def name_idea(session: WriteSession, actor: Actor, award: PrizeAward, idea_id: str) -> bool:
    """Make an award one to an idea, which is held; tells whether that is anonymous.

    Raises: UnknownRecipient, TooCloseToGive, NotYoursToGive.
    """
    try:
        seen = await ideas.get_visible(session, actor, idea_id, lock=True)
    except NoSuchIdea as error:
        raise UnknownRecipient.at("/idea") from error
    if seen.idea.stage in _TAKEN_BACK:
        raise UnknownRecipient.at("/idea")
    if seen.idea.anonymous and seen.is_author:
        raise NotYoursToGive
    if not seen.idea.anonymous and await conflicts.is_conflicted(session, actor, idea_id):
        raise TooCloseToGive
    award.idea_id = idea_id
    return seen.idea.anonymous


async def name_person(session: WriteSession, actor: Actor, award: PrizeAward, employee_id: str) -> bool:
    """Make an award one to a person, who is never anonymous.

    Raises: UnknownRecipient, TooCloseToGive.
    """
    person = await session.get(Employee, employee_id) if ids.is_valid(employee_id) else None
    if person is None or not person.active or person.kind != "employee":
        raise UnknownRecipient.at("/employee")
    line = await conflicts.list_conflicts_of(session, [employee_id])
    if line[employee_id].bars(actor.id, actor.entity_id):
        raise TooCloseToGive
    award.employee_id = employee_id
    return False


async def check_here(session: WriteSession, employee_id: str) -> None:
    """Let pass who has not left.

    Raises: RecipientGone.
    """
    if not await session.scalar(select(col(Employee.active)).where(col(Employee.id) == employee_id)):
        raise RecipientGone


async def list_now(session: WriteSession, seen: Seen) -> Sequence[str]:
    """Return who would receive an award now.

    Raises: RecipientGone.
    """
    if seen.award.employee_id is not None:
        await check_here(session, seen.award.employee_id)
        return [seen.award.employee_id]
    if seen.idea is None or seen.idea.stage in _TAKEN_BACK:
        raise RecipientGone
    return (
        await session.scalars(
            select(col(Authorship.employee_id))
            .join(Employee, col(Employee.id) == col(Authorship.employee_id))
            .where(
                col(Authorship.idea_id) == seen.idea.id,
                col(Authorship.state) == "accepted",
                col(Employee.kind) == "employee",
            )
        )
    ).all()


async def has_come_close(session: WriteSession, award: PrizeAward, person_id: str) -> bool:
    """Tell whether somebody who said yes has come too close to the recipients since: their yes counts no more."""
    entity_id = await session.scalar(select(col(Employee.entity_id)).where(col(Employee.id) == person_id))
    if award.idea_id is not None:
        circle = (await conflicts.get_circle(session, award.idea_id)).conflicts
    else:
        recipient = award.employee_id or ""
        circle = (await conflicts.list_conflicts_of(session, [recipient]))[recipient]
    return circle.bars(person_id, entity_id)


async def choose(session: WriteSession, actor: Actor, award_id: str, *, shown: bool, now: datetime) -> None:
    """Choose whether to be named among those who received a prize; it can be changed at any time.

    Raises: NoSuchAward, NotTheRecipient, NotGranted, AnonymousStays.
    """
    seen = await get_visible(session, actor, award_id, lock=True)
    awards.check_received(seen.award, seen.stance)
    if seen.stance.anonymous:
        raise AnonymousStays
    if seen.recipient is None or seen.recipient.shown is shown:
        return
    seen.recipient.shown, seen.recipient.chosen_at = shown, now
    happened = PrizeConsentSet(award_id, {"prize": seen.prize.id, "shown": shown})
    events.record(session, happened, actor_id=actor.id, now=now)
    await session.flush()


async def confirm(session: WriteSession, actor: Actor, award_id: str, *, now: datetime) -> None:
    """Confirm that a prize was handed over; whoever of several recipients does it first does it for all.

    Raises: NoSuchAward, NotTheRecipient, NotGranted.
    """
    seen = await get_visible(session, actor, award_id, lock=True)
    awards.check_received(seen.award, seen.stance)
    if seen.award.received_at is not None:
        return
    seen.award.received_at = now
    happened = PrizeReceived(award_id, {"prize": seen.prize.id})
    events.record(session, happened, actor_id=None if seen.stance.anonymous else actor.id, now=now)
    await session.flush()
