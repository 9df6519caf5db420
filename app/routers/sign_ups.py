"""Signing up for gatherings over HTTP."""

from fastapi import APIRouter, Request, Response

from app.queries import sign_ups as reading
from app.routers import answers
from app.routers.dependencies import Asked, Now, Reading, Who, Writing
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.shapes import Page
from app.schemas.sign_ups import Attendant, SignUpTold
from app.services import sign_ups

router = APIRouter(tags=["gatherings"], route_class=Route)


@router.put(
    "/gatherings/{gathering_id}/sign-up",
    response_model=SignUpTold,
    responses=list_responses(401, 403, 404, 409, 422, 429, 503),
)
async def sign_up(actor: Who, session: Writing, now: Now, gathering_id: str) -> Response:
    """Sign up: a place while there is one, else the next position of the waiting list; twice counts once."""
    return answers.done(await sign_ups.sign_up(session, actor, gathering_id, now=now))


@router.delete(
    "/gatherings/{gathering_id}/sign-up",
    status_code=204,
    responses=list_responses(401, 404, 409, 422, 429, 503),
)
async def leave_gathering(actor: Who, session: Writing, now: Now, gathering_id: str) -> Response:
    """Take one's sign-up back; whoever waits first gets the place."""
    await sign_ups.leave(session, actor, gathering_id, now=now)
    return Response(status_code=204)


@router.get(
    "/gatherings/{gathering_id}/sign-ups",
    response_model=Page[Attendant],
    responses=list_responses(401, 403, 404, 422, 429, 503),
)
async def list_sign_ups(
    request: Request, actor: Who, session: Reading, page: Asked, gathering_id: str
) -> Response:
    """Return who signed up, in the order of coming: for hosts."""
    items, place = await reading.list_sign_ups(
        session, actor, gathering_id, after=page.after, limit=page.limit
    )
    return answers.show(request, Page[Attendant](items=items, next_cursor=page.write_cursor(place)))
