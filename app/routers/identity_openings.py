"""Opening an identity over HTTP."""

from fastapi import APIRouter, Request, Response

from app.queries import identity_openings as reading
from app.routers import answers
from app.routers.dependencies import Asked, Now, Reading, Who, Writing
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.identity_openings import AskForIdentity, IdentityOpening, RefuseIdentity
from app.schemas.shapes import Page
from app.services import identity_openings

router = APIRouter(tags=["identity openings"], route_class=Route)
_ACT = list_responses(401, 403, 404, 409, 413, 422, 429, 503)


@router.post(
    "/ideas/{idea_id}/identity-openings", status_code=201, response_model=IdentityOpening, responses=_ACT
)
async def ask_for_identity(
    actor: Who, session: Writing, now: Now, idea_id: str, values: AskForIdentity
) -> Response:
    """Ask who wrote an anonymous idea that threatens or harasses; a second person agrees or refuses."""
    opening = await identity_openings.ask(session, actor, idea_id, values.reason, now=now)
    return answers.done(await reading.get_opening(session, actor, opening.id, now=now), status=201)


@router.get(
    "/identity-openings", response_model=Page[IdentityOpening], responses=list_responses(401, 422, 429, 503)
)
async def list_identity_openings(
    request: Request, actor: Who, session: Reading, now: Now, page: Asked
) -> Response:
    """Return a page of what one asked, and of what was put to oneself, the latest first."""
    items, place = await reading.list_openings(session, actor, after=page.after, limit=page.limit, now=now)
    return answers.show(request, Page[IdentityOpening](items=items, next_cursor=page.write_cursor(place)))


@router.get(
    "/identity-openings/{opening_id}",
    response_model=IdentityOpening,
    responses=list_responses(401, 404, 422, 429, 503),
)
async def read_identity_opening(
    request: Request, actor: Who, session: Reading, now: Now, opening_id: str
) -> Response:
    """Return a request; while it is open the two see who wrote the idea."""
    return answers.show(request, await reading.get_opening(session, actor, opening_id, now=now))


@router.post(
    "/identity-openings/{opening_id}/approval",
    status_code=201,
    response_model=IdentityOpening,
    responses=_ACT,
)
async def approve_identity_opening(actor: Who, session: Writing, now: Now, opening_id: str) -> Response:
    """Agree: both see the name for seven days, and the author is told at once."""
    await identity_openings.approve(session, actor, opening_id, now=now)
    return answers.done(await reading.get_opening(session, actor, opening_id, now=now), status=201)


@router.post(
    "/identity-openings/{opening_id}/refusal",
    status_code=201,
    response_model=IdentityOpening,
    responses=_ACT,
)
async def refuse_identity_opening(
    actor: Who, session: Writing, now: Now, opening_id: str, values: RefuseIdentity
) -> Response:
    """Refuse, with a reason for who asked."""
    await identity_openings.refuse(session, actor, opening_id, values.text, now=now)
    return answers.done(await reading.get_opening(session, actor, opening_id, now=now), status=201)


@router.post(
    "/identity-openings/{opening_id}/withdrawal",
    status_code=201,
    response_model=IdentityOpening,
    responses=_ACT,
)
async def withdraw_identity_opening(actor: Who, session: Writing, now: Now, opening_id: str) -> Response:
    """Take one's request back."""
    await identity_openings.withdraw(session, actor, opening_id, now=now)
    return answers.done(await reading.get_opening(session, actor, opening_id, now=now), status=201)
