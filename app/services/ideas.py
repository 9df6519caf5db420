"""What authors do with their ideas: begin, submit, edit, sign, delete, withdraw."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlmodel import col

from app.core import locks
from app.core.db import WriteSession
from app.domain import ideas, moderation, pipeline, ranking, restrictions
from app.domain.actors import Actor
from app.domain.captures import NotAnonymous
from app.domain.events import DraftDeleted, IdeaDrafted, IdeaEdited, IdeaSubmitted
from app.domain.pipeline import Act, By, Stage
from app.models.authorships import Authorship
from app.models.employees import Employee
from app.models.gatherings import Capture
from app.models.ideas import Idea, IdeaTag, Tally
from app.queries.ideas import get_visible
from app.schemas.ideas import EditIdea, SubmitIdea
from app.services import (
    covers,
    entries,
    events,
    fields,
    help_settling,
    itinerary,
    preconditions,
    references,
    routing,
    search,
)
from app.services import restrictions as lanes
from app.services.itinerary import Step


async def create(session: WriteSession, actor: Actor, values: SubmitIdea, *, now: datetime) -> Idea:
    """Begin an idea, and submit it unless it is a draft, or for the readers of a lane alone.

    Raises: NotADraft, UnknownReference, NotAddressed, CollectNotBegun, CollectOver, UnknownField, AnswerNotRight,
    FieldMissing.
    """
    campaign_id = await entries.get_campaign_id(session, actor, values.campaign, now=now)
    restrictions.check_way(values.restriction, draft=values.draft)
    idea = await begin(session, values, campaign_id=campaign_id, now=now)
    session.add(Authorship(idea_id=idea.id, employee_id=actor.id, invited_at=now, answered_at=now))
    if values.restriction is not None:
        await lanes.hand_in(session, actor, idea, values.restriction, now=now)
    elif values.draft:
        events.record(session, IdeaDrafted(idea.id), actor_id=_name(actor, idea), now=now)
    else:
        await fields.check_complete(session, idea)
        await submit_loaded(session, actor, idea, values.tags, now=now)
    await session.flush()
    return idea


async def begin(session: WriteSession, values: SubmitIdea, *, campaign_id: str, now: datetime) -> Idea:
    """Put an idea down as a draft of a campaign that has no author yet; the caller says who writes it.

    Raises: UnknownReference, UnknownField, AnswerNotRight.
    """
    await references.check_theme(session, values.theme)
    if values.function is not None:
        await references.check_function(session, values.function)
    idea = Idea(
        title=values.title,
        problem=values.problem,
        solution=values.solution,
        benefit=values.benefit,
        theme_id=values.theme,
        function_id=values.function,
        campaign_id=campaign_id,
        anonymous=values.anonymous,
        created_at=now,
        updated_at=now,
    )
    session.add(idea)
    await session.flush()
    session.add(Tally(idea_id=idea.id))
    _put_tags(session, idea, values.tags)
    await fields.answer(session, idea, values.fields)
    return idea


async def submit(session: WriteSession, actor: Actor, idea_id: str, *, now: datetime) -> Idea:
    """Submit a draft.

    Raises: NoSuchIdea, MoveNotPossible, AlreadyRestricted, NotAddressed, CollectNotBegun, CollectOver, FieldMissing.
    """
    seen = await get_visible(session, actor, idea_id, lock=True)
    if not seen.is_author:
        raise ideas.NotAuthor
    idea = seen.idea
    pipeline.get_move(idea, Act.SUBMIT, By.AUTHOR)
    restrictions.check_free(idea.restriction)
    tags = (
        await session.scalars(
            select(col(IdeaTag.tag)).where(col(IdeaTag.idea_id) == idea.id).order_by(col(IdeaTag.position))
        )
    ).all()
    await entries.check_may_submit(session, actor, idea, now=now)
    await fields.check_complete(session, idea)
    await submit_loaded(session, actor, idea, tags, now=now)
    return idea


async def submit_loaded(
    session: WriteSession,
    actor: Actor,
    idea: Idea,
    tags: Sequence[str],
    *,
    facts: dict[str, str] | None = None,
    now: datetime,
) -> None:
    """Submit an idea that was obtained and checked: route it, index it, begin its itinerary with these facts.

    Raises: CoverTooSmall.
    """
    await locks.share(session, locks.ORGANISATION)
    await session.flush()
    idea.origin_id = await session.scalar(
        select(col(Employee.entity_id))
        .join(Authorship, col(Authorship.employee_id) == col(Employee.id))
        .where(col(Authorship.idea_id) == idea.id, col(Authorship.position) == 0)
    )
    idea.stage = Stage.SUBMITTED
    idea.submitted_at = idea.updated_at = now
    function_by = await routing.find_function(session, idea)
    await session.flush()
    await routing.assign(session, idea, function_by=function_by, now=now)
    await covers.check(session, idea)
    tally = await session.get_one(Tally, idea.id)
    tally.hot = ranking.get_hot(tally.votes, tally.comments, now)
    await search.index(session, idea, tags)
    step = Step(Act.SUBMIT, from_stage=Stage.DRAFT, actor_id=actor.id, facts=facts or {})
    await itinerary.append(session, idea, step, now=now)
    events.record(session, IdeaSubmitted(idea.id), actor_id=_name(actor, idea), now=now)


async def edit(
    session: WriteSession, actor: Actor, idea_id: str, values: EditIdea, *, version: int | None, now: datetime
) -> Idea:
    """Change the texts of an idea, or sign an anonymous one.

    A sole author may sign at any time, even when the texts no longer change.

    Raises: NoSuchIdea, NotAuthor, ClosedToEdits, EditingOver, PreconditionFailed, UnknownReference,
    SigningIsFinal, SignedTogether, FunctionIsForwarded, CampaignIsFixed, CollectNotBegun, CollectOver, UnknownField,
    AnswerNotRight, FieldMissing, NothingToChange, NotAnonymous, HiddenContent, AlreadyRestricted.
    """
    seen = await get_visible(session, actor, idea_id, lock=True)
    idea = seen.idea
    if not (seen.is_author and _signs(idea, values) and values.model_fields_set == {"anonymous"}):
        ideas.check_may_edit(idea, is_author=seen.is_author)
        if idea.stage != Stage.DRAFT:
            await entries.check_may_edit(session, idea, now=now)
    preconditions.check(version, idea.version)
    moderation.check_shown(idea.hidden_code)
    restrictions.check_may_change(idea.restriction, values.model_fields_set)
    await _check_edit(session, idea, values)
    draft = idea.stage == Stage.DRAFT
    if draft and values.anonymous and not idea.anonymous:
        await events.forget_actor(session, idea.id)
        await help_settling.hide_asker(session, idea.id, now=now)
    if "campaign" in values.model_fields_set:
        idea.campaign_id = await entries.get_campaign_id(session, actor, values.campaign, now=now)
    _apply(idea, values)
    await fields.answer(session, idea, values.fields)
    tags = await _replace_tags(session, idea, values)
    idea.version += 1
    idea.updated_at = now
    if not draft:
        await search.index(session, idea, tags)
        step = Step("edit", from_stage=idea.stage, actor_id=actor.id, facts={"version": idea.version})
        await itinerary.append(session, idea, step, now=now)
    edited = IdeaEdited(idea.id, {"version": idea.version})
    events.record(session, edited, actor_id=_name(actor, idea), now=now)
    return idea


def _signs(idea: Idea, values: EditIdea) -> bool:
    return idea.anonymous and "anonymous" in values.model_fields_set and not values.anonymous


async def _check_edit(session: WriteSession, idea: Idea, values: EditIdea) -> None:
    """Let pass a change that fits where the idea stands and refers to what there is."""
    given, draft = values.model_fields_set, idea.stage == Stage.DRAFT
    if not given:
        raise ideas.NothingToChange
    if _signs(idea, values) and not draft:
        await covers.check_may_sign(session, idea)
    if values.anonymous and not idea.anonymous:
        if not draft:
            raise ideas.SigningIsFinal.at("/anonymous")
        if await session.get(Capture, idea.id) is not None:
            raise NotAnonymous
    if "function" in given and values.function != idea.function_id and not draft:
        raise ideas.FunctionIsForwarded.at("/function")
    if "campaign" in given and not draft:
        raise ideas.CampaignIsFixed.at("/campaign")
    if "theme" in given:
        await references.check_theme(session, values.theme)
    if "function" in given and values.function is not None:
        await references.check_function(session, values.function)


async def delete_draft(
    session: WriteSession, actor: Actor, idea_id: str, *, version: int | None, now: datetime
) -> None:
    """Delete a draft with all that belongs to it.

    Raises: NoSuchIdea, NotAuthor, NotADraft, AlreadyRestricted, PreconditionFailed.
    """
    seen = await get_visible(session, actor, idea_id, lock=True)
    ideas.check_may_delete(seen.idea, is_author=seen.is_author)
    preconditions.check(version, seen.idea.version)
    await session.execute(delete(Idea).where(col(Idea.id) == idea_id))
    events.record(session, DraftDeleted(idea_id), actor_id=_name(actor, seen.idea), now=now)


def _name(actor: Actor, idea: Idea) -> str | None:
    """Return who may be named in the audit trail: nobody on an anonymous idea."""
    return None if idea.anonymous else actor.id


def _apply(idea: Idea, values: EditIdea) -> None:
    given = values.model_fields_set
    for name in ("title", "problem", "solution", "benefit", "anonymous"):
        if name in given:
            setattr(idea, name, getattr(values, name))
    if "theme" in given:
        idea.theme_id = values.theme
    if "function" in given:
        idea.function_id = values.function


def _put_tags(session: WriteSession, idea: Idea, tags: Sequence[str]) -> None:
    session.add_all(IdeaTag(idea_id=idea.id, tag=tag, position=place) for place, tag in enumerate(tags))


async def _replace_tags(session: WriteSession, idea: Idea, values: EditIdea) -> Sequence[str]:
    if "tags" in values.model_fields_set:
        await session.execute(delete(IdeaTag).where(col(IdeaTag.idea_id) == idea.id))
        _put_tags(session, idea, values.tags)
        return values.tags
    return (await session.scalars(select(col(IdeaTag.tag)).where(col(IdeaTag.idea_id) == idea.id))).all()
