"""Ideas over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.domain.pipeline import Stage
from app.queries import details, similar
from app.queries.feed import Filters, Listing
from app.routers import answers
from app.routers.busy import BusyRoute, counting_looks
from app.routers.dependencies import (
    Asked,
    AskedFields,
    Now,
    Reading,
    Version,
    Who,
    Wired,
    Writing,
    check_fields,
)
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.ideas import EditIdea, IdeaCard, IdeaDetail, SimilarIdeas, Sort, SubmitIdea
from app.schemas.shapes import Page
from app.services import endings, ideas

router = APIRouter(tags=["ideas"], route_class=Route)
busy = APIRouter(tags=["ideas"], route_class=BusyRoute)

Words = Annotated[str, Query(min_length=1, max_length=500)]
Id = Annotated[str | None, Query(min_length=1, max_length=64)]


@busy.get("/ideas", response_model=Page[IdeaCard], responses=list_responses(401, 422, 429, 503))
async def list_ideas(  # noqa: PLR0913, PLR0917  one parameter a filter
    request: Request,
    actor: Who,
    wiring: Wired,
    now: Now,
    page: Asked,
    sort: Sort = "new",
    stage: Stage | None = None,
    theme: Id = None,
    function: Id = None,
    campaign: Id = None,
    entity: Id = None,
    mine: bool = False,
    q: Words | None = None,
    *,
    fields: AskedFields,
) -> Response:
    """Return a page of the feed: all submitted ideas, or one's own with drafts (`mine`), narrowed and sorted.

    `field.<key>=` narrows to answers of a field of the campaign that is given too: five of them at most.
    """
    check_fields(fields, campaign)
    filters = Filters(stage, theme, function, campaign, entity, mine, q, fields)
    after = None if page.after is None else tuple(page.after)
    shown = await wiring.pages.show(actor, Listing(filters, sort, after, page.limit), now=now)
    return answers.show_page(request, shown.cards, page.write_cursor(shown.next_place))


@router.post(
    "/ideas",
    status_code=201,
    response_model=IdeaDetail,
    responses=list_responses(401, 409, 413, 422, 429, 503),
)
async def submit_idea(actor: Who, session: Writing, now: Now, values: SubmitIdea) -> Response:
    """Submit an idea, or begin a draft."""
    idea = await ideas.create(session, actor, values, now=now)
    shown = await details.get_detail(session, actor, idea.id, now=now)
    return answers.done(shown, status=201, version=idea.version)


@router.get("/ideas/similar", response_model=SimilarIdeas, responses=list_responses(401, 422, 429, 503))
async def list_similar(
    request: Request,
    actor: Who,
    session: Reading,
    text: Annotated[str, Query(min_length=1, max_length=20_000)],
) -> Response:
    """Return the ideas that likely say the same as a text, the likeliest first."""
    return answers.show(request, await similar.list_similar(session, actor, text))


@busy.get("/ideas/{idea_id}", response_model=IdeaDetail, responses=list_responses(401, 404, 422, 429, 503))
@counting_looks(lambda wiring, idea_id: wiring.views.count(idea_id))
async def read_idea(request: Request, actor: Who, wiring: Wired, now: Now, idea_id: str) -> Response:
    """Return an idea with its texts."""
    shown = await wiring.details.show(actor, idea_id, now=now)
    return answers.show_json(request, shown.body, version=shown.version)


@router.patch(
    "/ideas/{idea_id}",
    response_model=IdeaDetail,
    responses=list_responses(401, 403, 404, 409, 412, 413, 422, 428, 429, 503),
)
async def edit_idea(
    actor: Who, session: Writing, now: Now, version: Version, idea_id: str, values: EditIdea
) -> Response:
    """Change the texts of one's idea, or sign it; `If-Match` is required."""
    idea = await ideas.edit(session, actor, idea_id, values, version=version, now=now)
    return answers.done(await details.get_detail(session, actor, idea_id, now=now), version=idea.version)


@router.delete(
    "/ideas/{idea_id}", status_code=204, responses=list_responses(401, 403, 404, 409, 412, 422, 428, 429, 503)
)
async def delete_draft(actor: Who, session: Writing, now: Now, version: Version, idea_id: str) -> Response:
    """Delete a draft; `If-Match` is required."""
    await ideas.delete_draft(session, actor, idea_id, version=version, now=now)
    return Response(status_code=204)


@router.post(
    "/ideas/{idea_id}/submission",
    status_code=201,
    response_model=IdeaDetail,
    responses=list_responses(401, 403, 404, 409, 422, 429, 503),
)
async def submit_draft(actor: Who, session: Writing, now: Now, idea_id: str) -> Response:
    """Submit a draft."""
    idea = await ideas.submit(session, actor, idea_id, now=now)
    return answers.done(
        await details.get_detail(session, actor, idea_id, now=now), status=201, version=idea.version
    )


@router.post(
    "/ideas/{idea_id}/withdrawal",
    status_code=201,
    response_model=IdeaDetail,
    responses=list_responses(401, 403, 404, 409, 422, 429, 503),
)
async def withdraw_idea(actor: Who, session: Writing, now: Now, idea_id: str) -> Response:
    """Take one's idea back."""
    idea = await endings.withdraw(session, actor, idea_id, now=now)
    return answers.done(
        await details.get_detail(session, actor, idea_id, now=now), status=201, version=idea.version
    )
