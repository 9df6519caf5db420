"""Ideas captured in the room: a host writes them down for people who are there, and is none of their authors."""

from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlmodel import col

from app.core import locks
from app.core.db import WriteSession
from app.domain import attendances, captures
from app.domain.actors import Actor
from app.domain.authorships import AuthorshipState, InLine
from app.domain.captures import WordOfLine
from app.domain.events import CoauthorInvited, DraftDeleted, IdeaDrafted
from app.domain.gathering_events import IdeaCaptured
from app.domain.gatherings import KEPT
from app.domain.pipeline import Stage
from app.models.authorships import Authorship
from app.models.employees import Employee
from app.models.gatherings import Capture, Gathering
from app.models.ideas import Idea
from app.queries import conflicts
from app.queries.captures import find_present
from app.queries.gatherings import get_hosted
from app.schemas.captures import CaptureIdea, CaptureTold
from app.schemas.ideas import SubmitIdea
from app.services import entries, events, ideas, references


async def capture(
    session: WriteSession, actor: Actor, gathering_id: str, values: CaptureIdea, *, now: datetime
) -> CaptureTold:
    """Write an idea down for people in the room.

    Those who agreed in the room are its authors, and it is submitted. The others are asked, as everywhere. When nobody
    agreed it is a draft of those who are asked: the first to accept is its first author, and submits it. The word of
    a host who stands in an author's line, or may do so, does not count for agreement.

    Raises: NoSuchGathering, NotHost, Cancelled, NotNow, HostIsNoAuthor, NamedTwice, NotThere, NotInTheRoom,
    WordOfLine, InLine, UnknownReference.
    """
    await locks.share(session, locks.ORGANISATION)
    gathering = (await get_hosted(session, actor, gathering_id)).gathering
    attendances.check_open_by_hand(gathering, now=now)
    people = values.authors
    present = await find_present(session, gathering_id, people)
    captures.check_authors(
        people, values.agreed, host=actor.id, attending=present.attending, seated=present.seated
    )
    idea = await _begin(session, gathering, values, now=now)
    session.add(Capture(idea_id=idea.id, gathering_id=gathering.id, captured_by_id=actor.id, captured_at=now))
    agreed = [person for person in people if person in values.agreed]
    asked = [person for person in people if person not in values.agreed]
    await _name_authors(session, idea, values, agreed=agreed, asked=asked, now=now)
    if agreed:
        circle = await conflicts.get_circle(session, idea.id)
        if circle.conflicts.bars(actor.id, actor.entity_id):
            raise WordOfLine
        facts = {"gathering": gathering.id}
        await ideas.submit_loaded(session, actor, idea, values.tags, facts=facts, now=now)
    else:
        events.record(session, IdeaDrafted(idea.id), actor_id=actor.id, now=now)
    captured = IdeaCaptured(idea.id, {"gathering": gathering.id})
    events.record(session, captured, actor_id=actor.id, now=now)
    if asked:
        events.record(session, CoauthorInvited(idea.id), actor_id=actor.id, now=now)
    await session.flush()
    return CaptureTold(idea=idea.id, draft=not agreed, authors=agreed, asked=asked)


async def forget_unclaimed(session: WriteSession, *, now: datetime) -> None:
    """Delete drafts whose authors all refused, or which nobody accepted for three months: nobody's idea."""
    accepted, open_ = (
        exists().where(
            col(Authorship.idea_id) == col(Capture.idea_id), col(Authorship.state).in_([state.value])
        )
        for state in (AuthorshipState.ACCEPTED, AuthorshipState.INVITED)
    )
    unclaimed = (
        select(col(Capture.idea_id))
        .join(Idea, col(Idea.id) == col(Capture.idea_id))
        .where(
            col(Idea.stage) == Stage.DRAFT,
            col(Idea.restriction).is_(None),
            ~accepted,
            ~open_ | (col(Capture.captured_at) <= now - KEPT),
        )
    )
    for idea_id in (await session.scalars(unclaimed)).all():
        # Held first: somebody may have accepted since.
        await session.execute(select(col(Idea.id)).where(col(Idea.id) == idea_id).with_for_update())
        deleted = await session.scalar(
            delete(Idea)
            .where(col(Idea.id) == idea_id, col(Idea.id).in_(unclaimed))
            .returning(col(Idea.id))
            .execution_options(synchronize_session=False)
        )
        if deleted is not None:
            events.record(session, DraftDeleted(idea_id), actor_id=None, now=now)


async def _begin(session: WriteSession, gathering: Gathering, values: CaptureIdea, *, now: datetime) -> Idea:
    """Put the idea down in the campaign of the gathering while that takes ideas, else in the permanent box."""
    campaign_id = await entries.find_open_id(session, gathering.campaign_id, now=now)
    given = values.model_dump(exclude={"authors", "agreed"})
    return await ideas.begin(session, SubmitIdea(**given), campaign_id=campaign_id, now=now)


async def _name_authors(
    session: WriteSession,
    idea: Idea,
    values: CaptureIdea,
    *,
    agreed: list[str],
    asked: list[str],
    now: datetime,
) -> None:
    """Note who writes the idea and who is asked to; nobody comes in from another author's line.

    Raises: UnknownReference, InLine.
    """
    for position, person in enumerate([*agreed, *asked]):
        pointer = f"/authors/{values.authors.index(person)}"
        await references.check_employee(session, person, pointer=pointer)
        found = await session.get_one(Employee, person)
        circle = await conflicts.get_circle(session, idea.id)
        if circle.conflicts.bars(person, found.entity_id):
            raise InLine.at(pointer)
        state = AuthorshipState.ACCEPTED if position < len(agreed) else AuthorshipState.INVITED
        session.add(
            Authorship(
                idea_id=idea.id,
                employee_id=person,
                position=position,
                state=state,
                invited_at=now,
                answered_at=now if state is AuthorshipState.ACCEPTED else None,
            )
        )
        await session.flush()
