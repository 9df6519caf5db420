"""Deciding on what was reported, and appealing: one moderator hides with a reason, another one hears the appeal."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from app.core import ids
from app.core.db import WriteSession
from app.domain import moderation
from app.domain.actors import Actor
from app.domain.moderation import AWAY, Action, NoSuchCase, NotAppealable, State
from app.domain.register import Entry
from app.domain.rights_events import ContentCleared, HidingAppealed
from app.models.comments import Comment
from app.models.ideas import Idea
from app.models.moderation import ModerationCase, ModerationDecision
from app.queries import moderation as reading
from app.schemas.moderation import AppealHiding, DecideCase
from app.services import events, hiding, moderators, register


async def decide(
    session: WriteSession, actor: Actor, case_id: str, values: DecideCase, *, now: datetime
) -> ModerationCase:
    """Hide, keep or restore what a case is about; its author is told, with the reason.

    Nobody but the moderator of a case knows of it, so that no refusal tells whose idea it is.

    Raises: NoSuchCase, NotPossible.
    """
    case = await _hold(session, case_id)
    if case is None or case.moderator_id != actor.id or case.state == State.GATHERING:
        raise NoSuchCase
    # They may have come into the line since, or the line to them.
    if (await moderators.find_conflicts(session, case)).bars(actor.id, actor.entity_id):
        raise NoSuchCase
    action = Action(values.action)
    led = moderation.decide(case.state, action)
    on_appeal = case.state == State.APPEALED
    session.add(
        ModerationDecision(
            case_id=case.id,
            moderator_id=actor.id,
            action=values.action,
            on_appeal=on_appeal,
            reason_code=values.reason_code,
            text=values.text,
            at=now,
        )
    )
    case.state, case.decided_at = led.value, now
    if action is Action.RESTORE:
        await hiding.bring_back(session, case, actor_id=actor.id, now=now)
    elif action is Action.KEEP:
        events.record(session, ContentCleared(case.id), actor_id=actor.id, now=now)
    elif on_appeal:
        hiding.tell(session, case, upheld=True, actor_id=actor.id, now=now)
    else:
        await hiding.hide(session, case, values.reason_code, actor_id=actor.id, now=now)
    await _enter(session, actor, case, values, now=now)
    await session.flush()
    return case


async def appeal(
    session: WriteSession, actor: Actor, case_id: str, values: AppealHiding, *, now: datetime
) -> ModerationCase:
    """Ask another moderator to look again, once; the content stays hidden until they decide.

    Raises: NoSuchCase, NotAppealable.
    """
    case = await _hold(session, case_id)
    if case is None or not await reading.is_author(session, actor, case):
        raise NoSuchCase
    if case.state != State.HIDDEN or case.appealed_at is not None:
        raise NotAppealable
    case.state, case.appealed_at, case.appeal = State.APPEALED.value, now, values.text
    await session.flush()
    await moderators.assign(session, case)
    events.record(session, HidingAppealed(case.id), actor_id=None, now=now)
    register.enter(session, Entry("moderation.appealed", case.id, facts={"content": case.content}), now=now)
    await session.flush()
    return case


async def _hold(session: WriteSession, case_id: str) -> ModerationCase | None:
    """Return a case, held until the end of the transaction; one that nobody has to see yet is none."""
    if not ids.is_valid(case_id):
        return None
    case: ModerationCase | None = await session.scalar(
        select(ModerationCase)
        .where(col(ModerationCase.id) == case_id, reading.IS_OPEN_TO_ALL)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return case


async def _enter(
    session: WriteSession, actor: Actor, case: ModerationCase, values: DecideCase, *, now: datetime
) -> None:
    """Enter a decision; the author of what has no name is nobody there either."""
    idea = await session.get_one(Idea, case.idea_id)
    about: str | None = None
    if case.comment_id is not None:
        comment = await session.get_one(Comment, case.comment_id)
        about = None if comment.unnamed else comment.author_id
    elif not idea.anonymous:
        about = await reading.find_first_author(session, idea.id)
    hidden = State(case.state) in AWAY
    facts = {"content": case.content, "reason": values.reason_code, "hidden": hidden}
    register.enter(
        session,
        Entry(f"moderation.{values.action}", case.id, actor.id, about, text=values.text, facts=facts),
        now=now,
    )
