"""Votes over HTTP."""

from fastapi import APIRouter, Response

from app.routers import answers
from app.routers.busy import BusyRoute
from app.routers.dependencies import Who, Wired
from app.routers.problems import list_responses
from app.schemas.votes import BoundTally, VoteTally

router = APIRouter(tags=["votes"], route_class=BusyRoute)
_ERRORS = list_responses(401, 403, 404, 409, 422, 429, 503)


@router.put("/ideas/{idea_id}/vote", response_model=BoundTally | VoteTally, responses=_ERRORS)
async def cast_vote(actor: Who, wiring: Wired, idea_id: str) -> Response:
    """Vote for an idea; doing it twice counts once."""
    return answers.done(await wiring.ballots.put(actor, idea_id, casts=True))


@router.delete("/ideas/{idea_id}/vote", response_model=BoundTally | VoteTally, responses=_ERRORS)
async def withdraw_vote(actor: Who, wiring: Wired, idea_id: str) -> Response:
    """Take one's vote back; doing it twice changes nothing."""
    return answers.done(await wiring.ballots.put(actor, idea_id, casts=False))
