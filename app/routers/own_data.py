"""One's own data over HTTP: to keep, to read, and to have corrected."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.integrations import readable_data
from app.queries import corrections as corrected
from app.queries import own_data as reading
from app.queries import profiles
from app.routers import answers
from app.routers.dependencies import Asked, Now, Reading, Who, Writing
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.own_data import AskCorrection, Correction, OwnData, SettleCorrection
from app.schemas.shapes import Page
from app.services import corrections

router = APIRouter(tags=["rights"], route_class=Route)
_OWN = list_responses(401, 422, 429, 503)


@router.get("/me/data", response_model=OwnData, responses=_OWN)
async def read_own_data(request: Request, actor: Who, session: Reading, now: Now) -> Response:
    """Return everything that is kept about oneself, table by table."""
    return answers.show(request, await reading.get_own_data(session, actor, now=now))


@router.get(
    "/me/data.html",
    status_code=200,
    response_class=Response,
    responses=_OWN | {200: {"description": "A page to read and to print.", "content": {"text/html": {}}}},
)
async def read_own_page(request: Request, actor: Who, session: Reading, now: Now) -> Response:
    """Return the same as a page to read, in one's own language."""
    data = await reading.get_own_data(session, actor, now=now)
    profile = await profiles.get_profile(session, actor)
    page = readable_data.write(data.model_dump(mode="json"), locale=profile.locale)
    return answers.show_file(request, page, media_type="text/html; charset=utf-8", name="ideabox.html")


@router.get("/corrections", response_model=Page[Correction], responses=_OWN)
async def list_corrections(
    request: Request,
    actor: Who,
    session: Reading,
    page: Asked,
    waiting: Annotated[bool, Query(description="Only those that nobody has answered.")] = False,
) -> Response:
    """Return what one said is wrong about oneself; to admins, what everybody said."""
    items, place = await corrected.list_corrections(
        session, actor, waiting=waiting, after=page.after, limit=page.limit
    )
    return answers.show(request, Page[Correction](items=items, next_cursor=page.write_cursor(place)))


@router.post(
    "/corrections",
    status_code=201,
    response_model=Correction,
    responses=list_responses(401, 413, 422, 429, 503),
)
async def ask_correction(actor: Who, session: Writing, now: Now, values: AskCorrection) -> Response:
    """Say what is wrong about oneself; an admin puts it right and answers."""
    asked = await corrections.ask(session, actor, values, now=now)
    return answers.done(await corrected.get_correction(session, actor, asked), status=201)


@router.post(
    "/corrections/{correction_id}/settlement",
    status_code=201,
    response_model=Correction,
    responses=list_responses(401, 403, 404, 409, 413, 422, 429, 503),
)
async def settle_correction(
    actor: Who, session: Writing, now: Now, correction_id: str, values: SettleCorrection
) -> Response:
    """Answer a request for a correction, once."""
    asked = await corrections.settle(session, actor, correction_id, values, now=now)
    return answers.done(await corrected.get_correction(session, actor, asked), status=201)
