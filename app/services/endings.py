"""Withdrawing, appealing and merging: how an idea ends, and how its author has a decline looked at again."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from app.core import ids, locks
from app.core.db import WriteSession
from app.domain import decisions, pipeline
from app.domain.actors import Actor
from app.domain.errors import Conflict, Invalid
from app.domain.ideas import NoSuchIdea
from app.domain.pipeline import Act, By
from app.models.ideas import Idea
from app.queries import conflicts
from app.queries.ideas import get_visible
from app.schemas.decisions import AppealDecline, MergeIdea
from app.services import moves, routing
from app.services.moves import Intent


class AppealedBefore(Conflict):
    """A decline can be appealed once."""

    code = "endings.appealed-before"


class NoSuchCanonical(Invalid):
    """There is no such open idea to merge into."""

    code = "endings.no-such-canonical"


async def withdraw(session: WriteSession, actor: Actor, idea_id: str, *, now: datetime) -> Idea:
    """Take one's idea back; it stays visible as withdrawn.

    Raises: NoSuchIdea, NotYoursToDecide, MoveNotPossible, MovedMeanwhile.
    """
    intent = Intent(Act.WITHDRAW, By.AUTHOR)
    seen = await moves.begin(session, actor, idea_id, intent)
    made = await moves.apply(session, seen.idea, intent)
    await moves.close_review(session, made.idea, Act.WITHDRAW, now=now)
    await moves.finish(session, actor, made, intent, now=now)
    return made.idea


async def appeal(
    session: WriteSession, actor: Actor, idea_id: str, values: AppealDecline, *, now: datetime
) -> Idea:
    """Have a declined idea looked at once more, by somebody else than who declined it.

    Raises: NoSuchIdea, NotYoursToDecide, MoveNotPossible, AppealedBefore, MovedMeanwhile.
    """
    intent = Intent(Act.APPEAL, By.AUTHOR, {"text": values.text})
    seen = await moves.begin(session, actor, idea_id, intent)
    if seen.idea.appealed_at is not None:
        raise AppealedBefore
    made = await moves.apply(session, seen.idea, intent)
    made.idea.appealed_at = now
    passed_over = frozenset({made.former_holder} if made.former_holder else ())
    await routing.assign(
        session, made.idea, function_by=None, now=now, passed_over=passed_over, strictly=True
    )
    await moves.finish(session, actor, made, intent, now=now)
    return made.idea


async def merge(
    session: WriteSession, actor: Actor, idea_id: str, values: MergeIdea, *, now: datetime
) -> Idea:
    """Merge an idea into the open one that says the same; both authors' lines keep their hands off.

    Raises: NoSuchIdea, NotYoursToDecide, Conflicted, MoveNotPossible, NoSuchCanonical, MovedMeanwhile.
    """
    intent = Intent(Act.MERGE, By.REVIEWERS, {"text": values.text})
    await locks.share(session, locks.ORGANISATION)
    # Both rows in one order: two merges into each other wait, and the second finds that the first is over.
    both = select(col(Idea.id)).where(col(Idea.id).in_([idea_id, values.into])).order_by(col(Idea.id))
    if ids.is_valid(idea_id) and ids.is_valid(values.into):
        await session.execute(both.with_for_update(key_share=True))
    seen = await moves.begin(session, actor, idea_id, intent)
    try:
        canonical = await get_visible(session, actor, values.into)
    except NoSuchIdea as error:
        raise NoSuchCanonical.at("/into") from error
    if values.into == idea_id or canonical.idea.stage not in pipeline.OPEN_STAGES:
        raise NoSuchCanonical.at("/into")
    conflicted = await conflicts.is_conflicted(session, actor, canonical.idea.id)
    decisions.check_hand(
        actor, canonical.idea, By.REVIEWERS, is_author=canonical.is_author, conflicted=conflicted
    )
    made = await moves.apply(session, seen.idea, intent)
    made.idea.canonical_id = canonical.idea.id
    await moves.close_review(session, made.idea, Act.MERGE, now=now)
    intent = Intent(Act.MERGE, By.REVIEWERS, intent.facts, {"into": canonical.idea.id})
    await moves.finish(session, actor, made, intent, now=now)
    return made.idea
