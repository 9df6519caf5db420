"""Votings of campaigns over HTTP."""

from fastapi import APIRouter, Request, Response

from app.queries import votings as reading
from app.routers import answers
from app.routers.dependencies import Now, Reading, Who, Writing
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.votings import SetVoting, Voting
from app.services import votings

router = APIRouter(tags=["votes"], route_class=Route)


@router.get(
    "/campaigns/{campaign_id}/voting",
    response_model=Voting,
    responses=list_responses(401, 404, 422, 429, 503),
)
async def read_voting(request: Request, actor: Who, session: Reading, now: Now, campaign_id: str) -> Response:
    """Return how the votes of a campaign are counted, and one's own tokens there."""
    return answers.show(request, await reading.get_voting(session, actor, campaign_id, now=now))


@router.put(
    "/campaigns/{campaign_id}/voting",
    response_model=Voting,
    responses=list_responses(401, 403, 404, 409, 413, 422, 429, 503),
)
async def set_voting(actor: Who, session: Writing, now: Now, campaign_id: str, values: SetVoting) -> Response:
    """Set how the votes of a campaign are counted, before the first one is cast."""
    await votings.put(session, actor, campaign_id, values, now=now)
    return answers.done(await reading.get_voting(session, actor, campaign_id, now=now))
