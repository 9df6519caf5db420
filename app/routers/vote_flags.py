"""Flags on votes over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.queries import vote_flags as reading
from app.routers import answers
from app.routers.dependencies import Asked, Now, Reading, Version, Who, Writing
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.shapes import Page
from app.schemas.vote_flags import FlagStateName, ReviewVoteFlag, VoteFlag
from app.services import vote_flags

router = APIRouter(tags=["rewards"], route_class=Route)


@router.get("/vote-flags", response_model=Page[VoteFlag], responses=list_responses(401, 403, 422, 429, 503))
async def list_vote_flags(
    request: Request,
    actor: Who,
    session: Reading,
    page: Asked,
    state: Annotated[FlagStateName | None, Query(description="Only flags in this state.")] = None,
) -> Response:
    """Return a page of votes that look arranged, the latest found first: ideas and numbers, never a voter."""
    items, place = await reading.list_flags(session, actor, state=state, after=page.after, limit=page.limit)
    return answers.show(request, Page[VoteFlag](items=items, next_cursor=page.write_cursor(place)))


@router.get(
    "/vote-flags/{flag_id}", response_model=VoteFlag, responses=list_responses(401, 403, 404, 422, 429, 503)
)
async def read_vote_flag(request: Request, actor: Who, session: Reading, flag_id: str) -> Response:
    """Return one of them."""
    flag = await reading.get_visible(session, actor, flag_id)
    (shown,) = await reading.shape(session, [flag])
    return answers.show(request, shown, version=flag.version)


@router.patch(
    "/vote-flags/{flag_id}",
    response_model=VoteFlag,
    responses=list_responses(401, 403, 404, 412, 413, 422, 428, 429, 503),
)
async def review_vote_flag(
    actor: Who, session: Writing, now: Now, version: Version, flag_id: str, values: ReviewVoteFlag
) -> Response:
    """Dismiss a flag or open it again, with a note; `If-Match` is required."""
    flag = await vote_flags.review(session, actor, flag_id, values, version=version, now=now)
    (shown,) = await reading.shape(session, [flag])
    return answers.done(shown, version=flag.version)
