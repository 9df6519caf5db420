"""Votes over HTTP."""

from fastapi import APIRouter, Response

from app.routers import answers
from app.routers.dependencies import Now, Who, Writing
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.votes import VoteTally
from app.services import votes

router = APIRouter(tags=["votes"], route_class=Route)
_ERRORS = list_responses(401, 403, 404, 409, 422, 429, 503)


@router.put("/ideas/{idea_id}/vote", response_model=VoteTally, responses=_ERRORS)
async def cast_vote(actor: Who, session: Writing, now: Now, idea_id: str) -> Response:
    """Vote for an idea; doing it twice counts once."""
    return answers.done(await votes.cast(session, actor, idea_id, now=now))


@router.delete("/ideas/{idea_id}/vote", response_model=VoteTally, responses=_ERRORS)
async def withdraw_vote(actor: Who, session: Writing, now: Now, idea_id: str) -> Response:
    """Take one's vote back; doing it twice changes nothing."""
    return answers.done(await votes.withdraw(session, actor, idea_id, now=now))
