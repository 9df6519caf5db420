"""Writing an idea together: invite, accept, refuse, leave; and standing back from somebody else's idea."""

from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import col

from app.core import ids, locks
from app.core.db import WriteSession
from app.domain import authorships, decisions, ideas, pipeline, restrictions
from app.domain.actors import Actor
from app.domain.authorships import AuthorshipState, NoSuchAuthor
from app.domain.events import AuthorshipAnswered, CoauthorInvited, ConflictDeclared
from app.domain.pipeline import MoveNotPossible
from app.models.authorships import Authorship
from app.models.conflicts import ConflictDeclaration
from app.models.employees import Employee
from app.models.ideas import Idea
from app.queries import conflicts
from app.queries.ideas import get_visible
from app.services import covers, events, help_settling, itinerary, rerouting, votes
from app.services.itinerary import Step


async def invite(
    session: WriteSession, actor: Actor, idea_id: str, *, employee_id: str, now: datetime
) -> Authorship:
    """Ask somebody to write an idea together; nobody from an author's line, who would gain a hand in it.

    Raises: NoSuchIdea, NotAuthor, ClosedToEdits, AlreadyRestricted, UnknownPerson, AlreadyThere, InLine.
    """
    await locks.share(session, locks.ORGANISATION)
    seen = await get_visible(session, actor, idea_id, lock=True)
    ideas.check_may_edit(seen.idea, is_author=seen.is_author)
    restrictions.check_free(seen.idea.restriction)
    person = await session.get(Employee, employee_id) if ids.is_valid(employee_id) else None
    if person is None or not person.active or person.kind == "placeholder":
        raise authorships.UnknownPerson.at("/employee")
    asked = await session.get(Authorship, (idea_id, employee_id))
    if asked is not None and asked.state in (AuthorshipState.INVITED, AuthorshipState.ACCEPTED):
        raise authorships.AlreadyThere
    circle = await conflicts.get_circle(session, idea_id)
    if circle.conflicts.bars(employee_id, person.entity_id):
        raise authorships.InLine
    if asked is None:
        place = await session.scalar(
            select(func.max(col(Authorship.position))).where(col(Authorship.idea_id) == idea_id)
        )
        asked = Authorship(
            idea_id=idea_id,
            employee_id=employee_id,
            position=(place or 0) + 1,
            state="invited",
            invited_at=now,
        )
        session.add(asked)
    asked.state, asked.invited_at, asked.answered_at = AuthorshipState.INVITED, now, None
    events.record(session, CoauthorInvited(idea_id), actor_id=_name(actor, seen.idea), now=now)
    await session.flush()
    return asked


async def answer(
    session: WriteSession, actor: Actor, idea_id: str, *, accept: bool, now: datetime
) -> Authorship:
    """Accept or refuse an invitation; whoever holds the idea and is too close to a new author loses it.

    Raises: NoSuchIdea, NotInvited, ClosedToEdits, InLine, CoverLost.
    """
    await locks.share(session, locks.ORGANISATION)
    seen = await get_visible(session, actor, idea_id, lock=True)
    asked = await session.get(Authorship, (idea_id, actor.id), with_for_update=True)
    if asked is None or asked.state != AuthorshipState.INVITED:
        raise authorships.NotInvited
    if accept:
        if seen.idea.stage not in ideas.EDITABLE:
            raise ideas.ClosedToEdits
        if await conflicts.is_conflicted(session, actor, idea_id):
            raise authorships.InLine
    await _change(session, actor, seen.idea, asked, accept=accept, now=now)
    return asked


async def end(session: WriteSession, actor: Actor, idea_id: str, *, employee_id: str, now: datetime) -> None:
    """Leave an idea as co-author, or take back an invitation.

    Raises: NoSuchIdea, NotAuthor, NoSuchAuthor, FirstAuthorStays, ClosedToEdits.
    """
    await locks.share(session, locks.ORGANISATION)
    seen = await get_visible(session, actor, idea_id, lock=True)
    ideas.check_may_edit(seen.idea, is_author=seen.is_author)
    there = await session.get(Authorship, (idea_id, employee_id)) if ids.is_valid(employee_id) else None
    if there is None or there.state not in (AuthorshipState.INVITED, AuthorshipState.ACCEPTED):
        raise NoSuchAuthor
    if there.position == 0:
        raise authorships.FirstAuthorStays
    if there.state == AuthorshipState.ACCEPTED and employee_id != actor.id:
        raise ideas.NotAuthor("Only co-authors themselves can leave.")
    if there.state == AuthorshipState.ACCEPTED:
        # Whoever wrote it once never decides on it, even after leaving.
        session.add(ConflictDeclaration(idea_id=idea_id, employee_id=employee_id, declared_at=now))
    left = there.state == AuthorshipState.ACCEPTED
    there.state, there.answered_at = AuthorshipState.ENDED, now
    if left and seen.idea.stage in pipeline.OPEN_STAGES:
        await itinerary.append(
            session, seen.idea, Step("leave", from_stage=seen.idea.stage, actor_id=employee_id), now=now
        )
    event = AuthorshipAnswered(idea_id, {"state": there.state})
    events.record(session, event, actor_id=_name(actor, seen.idea), now=now)
    await session.flush()
    await help_settling.settle_ideas(session, [idea_id], now=now)


async def stand_back(session: WriteSession, actor: Actor, idea_id: str, *, now: datetime) -> None:
    """Declare a conflict of interest: the actor never acts on the idea again, and it gets another holder.

    Raises: NoSuchIdea, NotYoursToDecide, MoveNotPossible.
    """
    await locks.share(session, locks.ORGANISATION)
    seen = await get_visible(session, actor, idea_id, lock=True)
    if seen.is_author:
        raise decisions.NotYoursToDecide
    if await session.get(ConflictDeclaration, (idea_id, actor.id)) is not None:
        return
    if seen.idea.stage not in pipeline.OPEN_STAGES:
        message = "You can stand back from an open idea of somebody else."
        raise MoveNotPossible(message)
    session.add(ConflictDeclaration(idea_id=idea_id, employee_id=actor.id, declared_at=now))
    events.record(session, ConflictDeclared(idea_id), actor_id=_name(actor, seen.idea), now=now)
    await session.flush()
    await rerouting.settle_one(session, seen.idea, now=now)
    await help_settling.settle_ideas(session, [idea_id], now=now)


async def _change(
    session: WriteSession, actor: Actor, idea: Idea, asked: Authorship, *, accept: bool, now: datetime
) -> None:
    asked.state = AuthorshipState.ACCEPTED if accept else AuthorshipState.REFUSED
    asked.answered_at = now
    event = AuthorshipAnswered(idea.id, {"state": asked.state})
    events.record(session, event, actor_id=_name(actor, idea), now=now)
    await session.flush()
    if accept:
        await _put_first(session, asked)
        await votes.take_back(session, idea, actor.id, now=now)
        await help_settling.settle_ideas(session, [idea.id], now=now)
    if accept and idea.stage in pipeline.OPEN_STAGES:
        step = Step("join", from_stage=idea.stage, actor_id=actor.id)
        await itinerary.append(session, idea, step, now=now)
        await session.flush()
        await rerouting.settle_one(session, idea, now=now)
        # Whoever holds it now is close to neither: both leave fewer people who could have written it.
        await covers.check_together(session, idea)


async def _put_first(session: WriteSession, accepted: Authorship) -> None:
    """Make an author the first one where the first who was asked has not agreed: an idea captured in a room."""
    if accepted.position == 0:
        return
    first = await session.scalar(
        select(Authorship).where(
            col(Authorship.idea_id) == accepted.idea_id,
            col(Authorship.position) == 0,
            col(Authorship.state) != AuthorshipState.ACCEPTED,
        )
    )
    if first is not None:
        first.position, accepted.position = accepted.position, first.position
        await session.flush()


def _name(actor: Actor, idea: Idea) -> str | None:
    return None if idea.anonymous else actor.id
