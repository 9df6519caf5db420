"""Restricting an idea to its authors and the readers of a lane, and what these do with it.

Meanwhile the idea stands as a draft: whatever lists, counts or tells of ideas leaves drafts out already, and fails
closed where it knows nothing of restrictions.
"""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from app.core import locks
from app.core.db import WriteSession
from app.domain import pipeline, ranking, restrictions
from app.domain.actors import Actor
from app.domain.events import IdeaDrafted
from app.domain.moderation import WAITING
from app.domain.pipeline import Stage
from app.domain.register import Entry
from app.domain.restriction_events import IdeaRestricted, RestrictionAnswered, RestrictionLifted
from app.domain.restrictions import NotRestricted, NotYoursToRestrict, State
from app.models.ideas import Idea, IdeaTag, Tally
from app.models.moderation import ModerationCase
from app.models.restrictions import Restriction, RestrictionMessage
from app.queries import conflicts
from app.queries import restrictions as reading
from app.queries.ideas import Visible, get_visible
from app.schemas.restrictions import AnswerRestriction, RestrictIdea, RestrictionKindName, SayInLane
from app.services import (
    events,
    help_settling,
    itinerary,
    moves,
    register,
    restriction_turns,
    routing,
    search,
)
from app.services.itinerary import Step

RESTRICT, LIFT = "restrict", "lift"
"""How the itinerary calls the two; it says neither who did it nor why."""


async def restrict(
    session: WriteSession, actor: Actor, idea_id: str, values: RestrictIdea, *, now: datetime
) -> Restriction:
    """Restrict an idea; its authors are told why, and whoever may not read it any more knows of it no more.

    Raises: NoSuchIdea, NotYoursToRestrict, Conflicted, AlreadyRestricted, TextMissing.
    """
    await locks.share(session, locks.ORGANISATION)
    seen = await get_visible(session, actor, idea_id, lock=True)
    restrictions.check_free(seen.idea.restriction)
    if not seen.is_author:
        await _check_hand(session, actor, seen)
        if len(values.text.strip()) < restrictions.MIN_TEXT:
            raise restrictions.TextMissing.at("/text")
    return await restrict_loaded(session, actor, seen.idea, values, is_author=seen.is_author, now=now)


async def hand_in(
    session: WriteSession, actor: Actor, idea: Idea, kind: RestrictionKindName, *, now: datetime
) -> None:
    """Hand a new idea to the readers of a lane, in the place of submitting it."""
    await locks.share(session, locks.ORGANISATION)
    await session.flush()
    await restrict_loaded(session, actor, idea, RestrictIdea(kind=kind), is_author=True, now=now)
    drafted = IdeaDrafted(idea.id)
    events.record(session, drafted, actor_id=None if idea.anonymous else actor.id, now=now)


async def restrict_loaded(
    session: WriteSession,
    actor: Actor,
    idea: Idea,
    values: RestrictIdea,
    *,
    is_author: bool,
    now: datetime,
) -> Restriction:
    """Restrict an idea that was obtained and checked, with a share in the lock of the organisation."""
    row = Restriction(
        idea_id=idea.id,
        kind=values.kind,
        text=values.text,
        by_author=is_author,
        actor_id=None if is_author else actor.id,
        former_stage=idea.stage,
        former_submitted_at=idea.submitted_at,
        opened_at=now,
    )
    session.add(row)
    if idea.submitted_at is not None:
        await _put_away(session, idea, now=now)
    idea.restriction, idea.updated_at = values.kind, now
    await session.flush()
    await help_settling.let_nobody_help(session, idea.id, now=now)
    await restriction_turns.begin(session, row, now=now)
    put = IdeaRestricted(idea.id, {"restriction": row.id, "by_author": is_author})
    events.record(session, put, actor_id=row.actor_id, now=now)
    _enter(session, "restrictions.put", row, row.actor_id, now=now)
    await session.flush()
    return row


async def answer(
    session: WriteSession, actor: Actor, idea_id: str, values: AnswerRestriction, *, now: datetime
) -> Restriction:
    """Acknowledge, close or lift as a reader; withdraw as an author.

    Raises: NoSuchIdea, NotRestricted, NotPossible, TextMissing.
    """
    await locks.share(session, locks.ORGANISATION)
    seen = await get_visible(session, actor, idea_id, lock=True)
    row = await _hold(session, seen)
    row.state = restrictions.answer(row, values.action, values.text, is_author=seen.is_author).value
    by = None if seen.is_author else actor.id
    if row.state == State.OPEN:
        await restriction_turns.note_answer(session, row, now=now)
    else:
        restriction_turns.stop(row)
    if by is not None:
        row.answer, row.answered_by_id, row.answered_at = values.text or row.answer, by, now
    if row.state == State.LIFTED:
        await _bring_back(session, seen.idea, row, now=now)
        events.record(session, RestrictionLifted(idea_id, {"restriction": row.id}), actor_id=by, now=now)
        _enter(session, "restrictions.lifted", row, by, now=now)
    else:
        _tell(session, row, by, now=now)
    await session.flush()
    return row


async def say(
    session: WriteSession, actor: Actor, idea_id: str, values: SayInLane, *, now: datetime
) -> RestrictionMessage:
    """Write to the readers as an author, or to the authors as a reader, whose first message is a first answer.

    Raises: NoSuchIdea, NotRestricted.
    """
    seen = await get_visible(session, actor, idea_id, lock=True)
    row = await _hold(session, seen)
    message = RestrictionMessage(
        restriction_id=row.id, author_id=actor.id, by_author=seen.is_author, body=values.body, at=now
    )
    session.add(message)
    if not seen.is_author and row.state == State.OPEN:
        await restriction_turns.note_answer(session, row, now=now)
    _tell(session, row, None if seen.is_author else actor.id, now=now)
    await session.flush()
    return message


async def _check_hand(session: WriteSession, actor: Actor, seen: Visible) -> None:
    """Let pass whose act it is, and whoever moderates a case of the idea, which may be an anonymous one."""
    conflicted = await conflicts.is_conflicted(session, actor, seen.idea.id)
    try:
        restrictions.check_hand(actor, seen.idea, is_author=seen.is_author, conflicted=conflicted)
    except NotYoursToRestrict:
        case = await session.scalar(
            select(col(ModerationCase.id)).where(
                col(ModerationCase.idea_id) == seen.idea.id,
                col(ModerationCase.moderator_id) == actor.id,
                col(ModerationCase.state).in_([state.value for state in WAITING]),
            )
        )
        if case is None or conflicted:
            raise


async def _put_away(session: WriteSession, idea: Idea, *, now: datetime) -> None:
    """Take a submitted idea out of everybody's sight: out of the index, of its holder's queue, of the stages."""
    await search.unlearn(session, idea, await _list_tags(session, idea.id))
    await moves.close_review(session, idea, RESTRICT, now=now)
    former = idea.stage
    idea.stage, idea.holder_id, idea.submitted_at = Stage.DRAFT.value, None, None
    await session.flush()
    await itinerary.append(
        session, idea, Step(RESTRICT, from_stage=former, facts={"version": idea.version}), now=now
    )
    await session.flush()


async def _bring_back(session: WriteSession, idea: Idea, row: Restriction, *, now: datetime) -> None:
    """Put an idea where it stood, in the hands of somebody eligible now; a draft goes back to its authors."""
    idea.restriction, row.lifted_at, idea.updated_at = None, now, now
    if row.former_submitted_at is None:
        return
    idea.stage, idea.submitted_at = row.former_stage, row.former_submitted_at
    await session.flush()
    tally = await session.get_one(Tally, idea.id)
    tally.hot = ranking.get_hot(tally.votes, tally.comments, row.former_submitted_at)
    if idea.stage in pipeline.OPEN_STAGES:
        await routing.assign(session, idea, function_by=None, now=now)
    elif idea.stage == Stage.DECLINED and idea.anonymous:
        await routing.name_panel(session, idea, now=now)
    if idea.hidden_code is None:
        await search.index(session, idea, await _list_tags(session, idea.id))
    await session.flush()
    await itinerary.append(
        session, idea, Step(LIFT, from_stage=Stage.DRAFT, facts={"version": idea.version}), now=now
    )
    await session.flush()


async def _hold(session: WriteSession, seen: Visible) -> Restriction:
    row = await reading.find_standing(session, seen.idea.id, lock=True)
    if row is None:
        raise NotRestricted
    return row


async def _list_tags(session: WriteSession, idea_id: str) -> list[str]:
    tags = select(col(IdeaTag.tag)).where(col(IdeaTag.idea_id) == idea_id).order_by(col(IdeaTag.position))
    return list((await session.scalars(tags)).all())


def _tell(session: WriteSession, row: Restriction, by: str | None, *, now: datetime) -> None:
    """Note an answer or a message: of a reader to the authors, of an author to whose turn it is."""
    to = [row.reader_id] if by is None and row.reader_id is not None else []
    facts = {"restriction": row.id, "state": row.state, "to": to, "by_author": by is None}
    events.record(session, RestrictionAnswered(row.idea_id, facts), actor_id=by, now=now)


def _enter(session: WriteSession, act: str, row: Restriction, by: str | None, *, now: datetime) -> None:
    """Enter the kind and who acted, unless it was an author; neither content nor title, nor which idea it is."""
    register.enter(session, Entry(act, row.id, by, facts={"kind": row.kind}), now=now)
