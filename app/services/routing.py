"""Giving an idea its holder: chosen by the rules, recorded with the reasons, never from the author's line."""

import re
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from app.core import clock
from app.core.db import WriteSession
from app.domain import pipeline, routing
from app.domain.events import ReviewAssigned
from app.domain.pipeline import Act
from app.domain.routing import COMMITTEE_ORDER, REVIEW_ORDER, Choice, FunctionBy, Rule
from app.models.entities import Entity
from app.models.functions import Function
from app.models.ideas import Idea
from app.models.itinerary import ItineraryActor, ItineraryEntry
from app.models.reviews import Review
from app.models.routing import RoutingRule
from app.queries import candidates, conflicts
from app.services import events, waits

_WORD = re.compile(r"\w+")


async def find_function(session: WriteSession, idea: Idea) -> FunctionBy:
    """Set the function of an idea whose author chose none: by the rule table, else the fallback function."""
    if idea.function_id is not None:
        return FunctionBy.AUTHOR
    rows = (await session.scalars(select(RoutingRule).order_by(col(RoutingRule.position)))).all()
    below = await _list_subtrees(session, {row.entity_id for row in rows if row.entity_id})
    rules = [
        Rule(
            function_id=row.function_id,
            theme_id=row.theme_id,
            entity_ids=below[row.entity_id] if row.entity_id else None,
            words=frozenset(row.words.casefold().split()),
        )
        for row in rows
    ]
    words = frozenset(_WORD.findall(f"{idea.title} {idea.problem} {idea.solution}".casefold()))
    found = routing.find_function(rules, theme_id=idea.theme_id, entity_id=idea.origin_id, words=words)
    if found is not None:
        idea.function_id = found
        return FunctionBy.RULE
    idea.function_id = await session.scalar(select(col(Function.id)).where(col(Function.fallback).is_(True)))
    return FunctionBy.FALLBACK


async def assign(
    session: WriteSession,
    idea: Idea,
    *,
    function_by: FunctionBy | None,
    now: datetime,
    passed_over: frozenset[str] = frozenset(),
    strictly: bool = False,
) -> Review:
    """Choose who holds an idea and open their review; it waits without a reviewer where nobody is eligible."""
    choice = await find_choice(session, idea, now=now, passed_over=passed_over, strictly=strictly)
    return await open_review(session, idea, choice, function_by=function_by, now=now)


async def find_choice(
    session: WriteSession,
    idea: Idea,
    *,
    now: datetime,
    passed_over: frozenset[str] = frozenset(),
    strictly: bool = False,
    present_only: bool = False,
) -> Choice | None:
    """Return who should hold an idea where it stands, None where nobody in the whole company is eligible.

    Whoever is `passed_over` is taken all the same when nobody else is left, unless `strictly` or conflicted.
    """
    circle = await conflicts.get_circle(session, idea.id)
    people = await candidates.list_candidates(session, idea, today=clock.day_in(session.zone, now))
    declined_by = await _list_decliners(session, idea) if idea.appealed_at else frozenset[str]()
    order = COMMITTEE_ORDER if idea.stage in pipeline.COMMITTEE_STAGES else REVIEW_ORDER
    for avoided in [passed_over] if strictly else [passed_over, frozenset[str]()]:
        choice = routing.choose(
            people,
            circle.conflicts,
            order=order,
            author_entities=circle.author_entities,
            passed_over=avoided | declined_by,
            present_only=present_only,
        )
        if choice is not None:
            return choice
    return None


async def name_panel(session: WriteSession, idea: Idea, *, now: datetime) -> None:
    """Name who may reopen an anonymous idea that was declined: one of the committee, not who declined it.

    Nobody else has an act on it, so that no difference tells the author's line.
    """
    circle = await conflicts.get_circle(session, idea.id)
    choice = routing.choose(
        await candidates.list_candidates(session, idea, today=clock.day_in(session.zone, now)),
        circle.conflicts,
        order=COMMITTEE_ORDER,
        author_entities=circle.author_entities,
        passed_over=frozenset({idea.holder_id} if idea.holder_id else ()),
    )
    idea.holder_id = choice.reviewer_id if choice else None


async def _list_decliners(session: WriteSession, idea: Idea) -> frozenset[str]:
    """Return who declined the idea: after an appeal it goes to somebody else, whatever happens on the way."""
    rows = await session.scalars(
        select(col(ItineraryActor.employee_id))
        .join(ItineraryEntry, col(ItineraryEntry.actor_ref) == col(ItineraryActor.ref))
        .where(col(ItineraryEntry.idea_id) == idea.id, col(ItineraryEntry.act) == Act.DECLINE)
    )
    return frozenset(person for person in rows if person is not None)


async def open_review(
    session: WriteSession,
    idea: Idea,
    choice: Choice | None,
    *,
    function_by: FunctionBy | None,
    now: datetime,
    former: Review | None = None,
    by_clock: bool = False,
) -> Review:
    """Open the review of an idea by who was chosen, with its clock and the grounds of the choice.

    The clock of a `former` review goes on; otherwise it begins.
    """
    review = Review(
        idea_id=idea.id,
        reviewer_id=choice.reviewer_id if choice else None,
        function_id=idea.function_id,
        kind="committee" if idea.stage in pipeline.COMMITTEE_STAGES else "review",
        opened_at=now,
        paused_at=now if idea.clarification or idea.on_hold else None,
        route={"function_by": function_by} | (asdict(choice) if choice else {}),
    )
    if former is None:
        await waits.begin(session, review, idea.stage, now=now)
    else:
        await waits.take_over(session, review, former, idea.stage, now=now, by_clock=by_clock)
    session.add(review)
    idea.holder_id = review.reviewer_id
    events.record(session, ReviewAssigned(review.id, {"idea": idea.id}), actor_id=None, now=now)
    return review


async def _list_subtrees(session: WriteSession, entity_ids: set[str]) -> dict[str, frozenset[str]]:
    """Return for each entity the identifiers of itself and of everything below it."""
    if not entity_ids:
        return {}
    paths = dict((await session.execute(select(col(Entity.id), col(Entity.path)))).all())
    return {
        top: frozenset(
            entity
            for entity, path in paths.items()
            if path == paths[top] or path.startswith(f"{paths[top]}/")
        )
        for top in entity_ids
    }
