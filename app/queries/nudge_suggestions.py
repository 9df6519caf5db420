"""Finding what could be worth a nudge: ideas that wait, sleep or came true, and gatherings that begin soon."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import and_, exists, select
from sqlmodel import col

from app.core.db import ReadSession
from app.domain import nudge_suggestions as rules
from app.domain import nudges, permissions
from app.domain.actors import Actor
from app.domain.nudge_suggestions import SHOWN, SPANS, Reason
from app.domain.permissions import Permission
from app.domain.pipeline import OPEN_STAGES, Stage
from app.domain.segments import Segment
from app.models.comments import Comment
from app.models.entities import Entity
from app.models.functions import Function
from app.models.gates import Gate
from app.models.gatherings import Gathering
from app.models.ideas import Idea, Tally
from app.models.itinerary import ItineraryEntry
from app.models.nudges import Nudge
from app.queries import nudge_groups
from app.queries.nudges import find_within
from app.queries.profiles import read_locale
from app.schemas.nudges import NudgeSuggestion, NudgeSuggestions, SegmentName
from app.schemas.shapes import Named

_Found = tuple[Reason, str, str, Named | None, int]
"""A reason, an idea with its title, its function, and days."""


async def list_suggestions(session: ReadSession, actor: Actor, *, now: datetime) -> NudgeSuggestions:
    """Return what the actor could nudge about, those that reach too few people left out.

    Raises: RoleMissing.
    """
    permissions.check(actor, Permission.NUDGES_WRITE)
    within = await find_within(session, actor)
    locale = await read_locale(session, actor)
    found = [*await _list_waiting(session, now), *await _list_moved(session, now)]
    items = []
    for reason, idea_id, title, function, days in found:
        # Where few people are near a function everybody is asked: one of them may know.
        for near in dict.fromkeys((function, None)):
            nudge = Nudge(
                title="", body="", author_id=actor.id, function_id=near.id if near else None, idea_id=idea_id
            )
            made = await _suggest(session, nudge, reason, locale, name=title, days=days, function=near)
            if made[1].people is not None:
                items.append(made)
                break
    items += await _list_gatherings(session, actor, locale, now)
    shown = [
        suggestion
        for nudge, suggestion in items
        if suggestion.people is not None and nudges.manages(actor, nudge, within)
    ]
    return NudgeSuggestions(items=shown)


async def _suggest(
    session: ReadSession,
    nudge: Nudge,
    reason: Reason,
    locale: str,
    *,
    name: str,
    days: int,
    function: Named | None = None,
    entity: Named | None = None,
) -> tuple[Nudge, NudgeSuggestion]:
    title, body = rules.write(reason, locale, name=name, days=days)
    return nudge, NudgeSuggestion(
        reason=reason.value,
        title=title,
        body=body,
        segment=cast("SegmentName | None", nudge.segment),
        entity=entity,
        function=function,
        idea=Named(id=nudge.idea_id, name=name) if nudge.idea_id else None,
        gathering=Named(id=nudge.gathering_id, name=name) if nudge.gathering_id else None,
        days=days,
        people=nudges.round_people(await nudge_groups.count_group(session, nudge)),
    )


async def _list_waiting(session: ReadSession, now: datetime) -> list[_Found]:
    """Return ideas that nobody took up or commented on, and those of which nothing was heard, the oldest first."""
    named = (
        select(Idea, col(Function.name))
        .join(Tally, col(Tally.idea_id) == col(Idea.id))
        .join(Function, col(Function.id) == col(Idea.function_id))
        .where(col(Idea.on_hold).is_(False), col(Idea.hidden_code).is_(None))
        .order_by(col(Idea.submitted_at), col(Idea.id))
        .limit(SHOWN)
    )
    late = now - SPANS[Reason.UNANSWERED]
    unanswered = named.where(
        col(Idea.stage) == Stage.SUBMITTED.value, col(Idea.submitted_at) < late, col(Tally.comments) == 0
    )
    still = now - SPANS[Reason.SLEEPING]
    sleeping = named.where(
        col(Idea.stage).in_([stage.value for stage in sorted(OPEN_STAGES - {Stage.SUBMITTED})]),
        col(Idea.submitted_at) < still,
        ~exists().where(and_(col(ItineraryEntry.idea_id) == col(Idea.id), col(ItineraryEntry.at) > still)),
        ~exists().where(and_(col(Comment.idea_id) == col(Idea.id), col(Comment.created_at) > still)),
    )
    found: list[_Found] = []
    for reason, statement in ((Reason.UNANSWERED, unanswered), (Reason.SLEEPING, sleeping)):
        for idea, function in await session.execute(statement):
            waited = now - (idea.submitted_at or now) if reason is Reason.UNANSWERED else SPANS[reason]
            near = Named(id=idea.function_id or "", name=function)
            found.append((reason, idea.id, idea.title, near, waited.days))
    return found


async def _list_moved(session: ReadSession, now: datetime) -> list[_Found]:
    """Return ideas that came to pilot or were deployed lately, the latest first."""
    rows = await session.execute(
        select(col(Idea.id), col(Idea.title), col(Gate.at))
        .join(Gate, col(Gate.idea_id) == col(Idea.id))
        .where(
            col(Gate.at) > now - SPANS[Reason.MOVED],
            col(Gate.stage).in_([Stage.PILOT.value, Stage.DEPLOYED.value]),
            col(Idea.hidden_code).is_(None),
        )
        .order_by(col(Gate.at).desc(), col(Gate.id))
        .limit(SHOWN)
    )
    return [(Reason.MOVED, idea_id, title, None, (now - at).days) for idea_id, title, at in rows]


async def _list_gatherings(
    session: ReadSession, actor: Actor, locale: str, now: datetime
) -> Sequence[tuple[Nudge, NudgeSuggestion]]:
    """Return gatherings of an entity that begin soon, for the passive people in it."""
    rows = await session.execute(
        select(Gathering, Entity)
        .join(Entity, col(Entity.id) == col(Gathering.entity_id))
        .where(
            col(Gathering.starts_at) > now,
            col(Gathering.starts_at) < now + SPANS[Reason.GATHERING],
            col(Gathering.cancelled_at).is_(None),
        )
        .order_by(col(Gathering.starts_at), col(Gathering.id))
        .limit(SHOWN)
    )
    return [
        await _suggest(
            session,
            Nudge(
                title="",
                body="",
                author_id=actor.id,
                segment=Segment.PASSIVE.value,
                entity_id=entity.id,
                gathering_id=gathering.id,
            ),
            Reason.GATHERING,
            locale,
            name=gathering.title,
            days=max(1, (gathering.starts_at - now + timedelta(hours=12)).days),
            entity=Named(id=entity.id, name=entity.name),
        )
        for gathering, entity in rows.all()
    ]
