"""Reviews, decisions and transitions over HTTP."""

from typing import Literal

from fastapi import APIRouter, Request, Response

from app.domain import permissions
from app.domain.permissions import Permission
from app.queries import criteria, details, itinerary, reviews, routing
from app.routers import answers
from app.routers.dependencies import Asked, Now, Reading, Who, Writing
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.decisions import (
    AppealDecline,
    Criterion,
    Decide,
    FillScorecard,
    Itinerary,
    MergeIdea,
    MoveIdea,
    Review,
    RoutingExplanation,
    Scorecard,
    Verification,
)
from app.schemas.ideas import IdeaDetail
from app.schemas.shapes import Page
from app.services import authorships, decisions, endings, scorecards, transitions

router = APIRouter(tags=["decisions"], route_class=Route)
_READ = list_responses(401, 404, 422, 429, 503)
_ACT = list_responses(401, 403, 404, 409, 413, 422, 429, 503)


@router.get("/reviews", response_model=Page[Review], responses=list_responses(401, 403, 422, 429, 503))
async def list_reviews(
    request: Request,
    actor: Who,
    session: Reading,
    page: Asked,
    now: Now,
    assignee: Literal["me"] = "me",  # noqa: ARG001  the only queue there is to read yet
    state: Literal["open", "closed", "all"] = "open",
) -> Response:
    """Return one's own queue, the longest waiting first."""
    permissions.check(actor, Permission.REVIEWS_READ)
    open_only = {"open": True, "closed": False, "all": None}[state]
    items, place = await reviews.list_reviews(
        session, actor, open_only=open_only, now=now, after=page.after, limit=page.limit
    )
    return answers.show(request, Page[Review](items=items, next_cursor=page.write_cursor(place)))


@router.post("/ideas/{idea_id}/decisions", status_code=201, response_model=IdeaDetail, responses=_ACT)
async def decide(actor: Who, session: Writing, now: Now, idea_id: str, values: Decide) -> Response:
    """Acknowledge, ask, forward, recommend or decline as the holder; or answer as the author."""
    idea = await decisions.decide(session, actor, idea_id, values, now=now)
    return answers.done(
        await details.get_detail(session, actor, idea_id, now=now), status=201, version=idea.version
    )


@router.post("/ideas/{idea_id}/transitions", status_code=201, response_model=IdeaDetail, responses=_ACT)
async def move_idea(actor: Who, session: Writing, now: Now, idea_id: str, values: MoveIdea) -> Response:
    """Select, start, pilot, deploy, decline, hold, resume or reopen as the committee."""
    idea = await transitions.move(session, actor, idea_id, values, now=now)
    return answers.done(
        await details.get_detail(session, actor, idea_id, now=now), status=201, version=idea.version
    )


@router.post("/ideas/{idea_id}/appeal", status_code=201, response_model=IdeaDetail, responses=_ACT)
async def appeal(actor: Who, session: Writing, now: Now, idea_id: str, values: AppealDecline) -> Response:
    """Have a decline looked at once more by somebody else."""
    idea = await endings.appeal(session, actor, idea_id, values, now=now)
    return answers.done(
        await details.get_detail(session, actor, idea_id, now=now), status=201, version=idea.version
    )


@router.post("/ideas/{idea_id}/merger", status_code=201, response_model=IdeaDetail, responses=_ACT)
async def merge(actor: Who, session: Writing, now: Now, idea_id: str, values: MergeIdea) -> Response:
    """Merge an idea into the open one that says the same."""
    idea = await endings.merge(session, actor, idea_id, values, now=now)
    return answers.done(
        await details.get_detail(session, actor, idea_id, now=now), status=201, version=idea.version
    )


@router.put("/ideas/{idea_id}/scorecard", response_model=Scorecard, responses=_ACT)
async def fill_scorecard(
    actor: Who, session: Writing, now: Now, idea_id: str, values: FillScorecard
) -> Response:
    """Fill one's scorecard of an idea."""
    card = await scorecards.fill(session, actor, idea_id, values, now=now)
    return answers.done(Scorecard.model_validate(card))


@router.put("/ideas/{idea_id}/conflict", status_code=204, responses=_ACT)
async def stand_back(actor: Who, session: Writing, now: Now, idea_id: str) -> Response:
    """Declare a conflict of interest: one never acts on this idea again."""
    await authorships.stand_back(session, actor, idea_id, now=now)
    return Response(status_code=204)


@router.get(
    "/scorecard-criteria", response_model=Page[Criterion], responses=list_responses(401, 422, 429, 503)
)
async def list_criteria(request: Request, _actor: Who, session: Reading) -> Response:
    """Return the criteria of the scorecard."""
    return answers.show(
        request, Page[Criterion](items=await criteria.list_criteria(session), next_cursor=None)
    )


@router.get("/ideas/{idea_id}/itinerary", response_model=Itinerary, responses=_READ)
async def read_itinerary(request: Request, actor: Who, session: Reading, idea_id: str) -> Response:
    """Return everything that happened to an idea, and why."""
    return answers.show(request, await itinerary.get_itinerary(session, actor, idea_id))


@router.get("/ideas/{idea_id}/itinerary/verification", response_model=Verification, responses=_READ)
async def verify_itinerary(request: Request, actor: Who, session: Reading, idea_id: str) -> Response:
    """Return whether the chain of the itinerary holds."""
    return answers.show(request, await itinerary.verify(session, actor, idea_id))


@router.get("/ideas/{idea_id}/routing", response_model=RoutingExplanation, responses=_READ)
async def explain_routing(request: Request, actor: Who, session: Reading, now: Now, idea_id: str) -> Response:
    """Return why the idea is where it is, in words, until when an answer is due, and whether it is late."""
    return answers.show(request, await routing.explain(session, actor, idea_id, now=now))
