"""Writing what an import planned: people, ideas and comments in bulk, then each idea finds its holder."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import insert

from app.core import ids, locks
from app.core.db import WriteSession
from app.domain import ranking
from app.domain.events import IdeaImported
from app.domain.import_records import Author, ImportPlan, NewComment, NewIdea
from app.domain.pipeline import Stage
from app.models.authorships import Authorship
from app.models.comments import Comment
from app.models.employees import Employee
from app.models.ideas import Idea, IdeaTag, Tally
from app.services import entries, events, itinerary, routing, search, tallies
from app.services.itinerary import Step

ACT = "import"
"""What the itinerary calls an arrival from elsewhere."""


async def apply(session: WriteSession, plan: ImportPlan, *, source: str, now: datetime) -> None:
    """Make everything that a plan without bad rows asks for.

    Ideas keep their dates; the clock of their reviews starts now. There are no points and no messages.
    """
    people = await _make_placeholders(session, plan.placeholders, now=now)
    ideas = await _make_ideas(session, plan.ideas, people, source=source, now=now)
    await _make_comments(session, plan.comments, people, ideas, source=source)
    await locks.share(session, locks.ORGANISATION)
    for new in plan.ideas:
        await _enter(session, new, ideas[new.row.source_id], now=now)
    await _count_later(session, plan.comments, now=now)
    await session.flush()


async def _make_placeholders(
    session: WriteSession, placeholders: Sequence[Author], *, now: datetime
) -> dict[str, str]:
    """Make people outside the organisation: inactive, without e-mail, entity or employment."""
    made = [
        Employee(
            external_id=author.external_id, name=author.name, kind="placeholder", active=False, created_at=now
        )
        for author in placeholders
    ]
    session.add_all(made)
    await session.flush()
    return {person.external_id: person.id for person in made if person.external_id is not None}


async def _make_ideas(
    session: WriteSession,
    planned: Sequence[NewIdea],
    people: Mapping[str, str],
    *,
    source: str,
    now: datetime,
) -> dict[str, Idea]:
    campaign_id = await entries.get_permanent_id(session)
    ideas = [
        Idea(
            title=new.row.title,
            problem=new.row.problem,
            solution=new.row.solution,
            benefit=new.row.benefit,
            theme_id=new.theme_id,
            function_id=new.function_id,
            campaign_id=campaign_id,
            origin_id=new.author.entity_id,
            stage=Stage.WITHDRAWN if new.row.withdrawn else Stage.SUBMITTED,
            created_at=new.row.created_at,
            submitted_at=new.row.created_at,
            updated_at=now,
            source=source,
            source_id=new.row.source_id,
            source_votes=dict(new.row.votes) or None,
        )
        for new in planned
    ]
    session.add_all(ideas)
    await session.flush()
    for new, idea in zip(planned, ideas, strict=True):
        session.add(_start_tally(new, idea.id))
        author_id = _identify(new.author, people)
        session.add(Authorship(idea_id=idea.id, employee_id=author_id, invited_at=now, answered_at=now))
        session.add_all(
            IdeaTag(idea_id=idea.id, tag=tag, position=place) for place, tag in enumerate(new.tags)
        )
    await session.flush()
    return {new.row.source_id: idea for new, idea in zip(planned, ideas, strict=True)}


def _start_tally(new: NewIdea, idea_id: str) -> Tally:
    return Tally(
        idea_id=idea_id,
        comments=new.comments,
        hot=ranking.get_hot(0, new.comments, new.row.created_at),
        attention=ranking.get_attention(0, 0, new.comments, answered=False),
    )


def _identify(author: Author, people: Mapping[str, str]) -> str:
    return author.id or people[author.external_id]


async def _make_comments(
    session: WriteSession,
    planned: Sequence[NewComment],
    people: Mapping[str, str],
    ideas: Mapping[str, Idea],
    *,
    source: str,
) -> None:
    """Insert comments in bulk; one that was withdrawn elsewhere keeps its place, not its text."""
    keys = {new.row.source_id: ids.new() for new in planned}
    values = [
        {
            "id": keys[new.row.source_id],
            "idea_id": new.idea_id or ideas[new.row.idea].id,
            "author_id": _identify(new.author, people),
            "parent_id": keys[new.parent] if new.parent is not None else new.parent_id,
            "body": "" if new.row.withdrawn else new.row.body,
            "version": 1,
            "created_at": new.row.created_at,
            "edited_at": None,
            "deleted_at": new.row.created_at if new.row.withdrawn else None,
            "source": source,
            "source_id": new.row.source_id,
            "source_side": new.row.side,
        }
        for new in planned
    ]
    if values:
        await session.execute(insert(Comment), values)


async def _enter(session: WriteSession, new: NewIdea, idea: Idea, *, now: datetime) -> None:
    """Give an idea that came in its function, its holder, its place in the search and its first entry."""
    function_by = await routing.find_function(session, idea)
    if idea.stage == Stage.SUBMITTED:
        await routing.assign(session, idea, function_by=function_by, now=now)
    await search.index(session, idea, new.tags)
    facts = {"source": idea.source, "source_id": idea.source_id}
    await itinerary.append(session, idea, Step(ACT, from_stage=Stage.DRAFT, facts=facts), now=now)
    events.record(session, IdeaImported(idea.id, {"comments": new.comments}), actor_id=None, now=now)


async def _count_later(session: WriteSession, planned: Sequence[NewComment], *, now: datetime) -> None:
    """Count the comments under ideas that came in before, in one order: no two writers block each other."""
    standing = Counter[str]()
    for new in planned:
        if new.idea_id is not None:
            standing[new.idea_id] += not new.row.withdrawn
    for idea_id in sorted(standing):
        idea = await session.get_one(Idea, idea_id)
        if standing[idea_id]:
            await tallies.move(session, idea, comments=standing[idea_id])
        events.record(session, IdeaImported(idea_id, {"comments": standing[idea_id]}), actor_id=None, now=now)
