"""Reference data over HTTP."""

from fastapi import APIRouter, Request, Response

from app.domain.reasons import Reason
from app.queries import references
from app.routers import answers
from app.routers.dependencies import Asked, Now, Reading, Who
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.references import DeclineReason, Entity, Function, Theme
from app.schemas.shapes import Page

router = APIRouter(tags=["reference data"], route_class=Route)
_ERRORS = list_responses(401, 422, 429, 503)


@router.get("/entities", response_model=Page[Entity], responses=_ERRORS)
async def list_entities(request: Request, _actor: Who, session: Reading, page: Asked) -> Response:
    """Return the units of the organisation."""
    items, place = await references.list_entities(session, after=page.after, limit=page.limit)
    return answers.show(request, Page[Entity](items=items, next_cursor=page.write_cursor(place)))


@router.get("/functions", response_model=Page[Function], responses=_ERRORS)
async def list_functions(request: Request, _actor: Who, session: Reading, now: Now, page: Asked) -> Response:
    """Return the functional areas, each with the working days in which an idea gets its answer there."""
    items, place = await references.list_functions(session, now=now, after=page.after, limit=page.limit)
    return answers.show(request, Page[Function](items=items, next_cursor=page.write_cursor(place)))


@router.get("/themes", response_model=Page[Theme], responses=_ERRORS)
async def list_themes(request: Request, _actor: Who, session: Reading) -> Response:
    """Return the themes."""
    return answers.show(request, Page[Theme](items=await references.list_themes(session), next_cursor=None))


@router.get("/decline-reasons", response_model=Page[DeclineReason], responses=_ERRORS)
async def list_decline_reasons(request: Request, _actor: Who) -> Response:
    """Return the reason codes for declining."""
    items = [DeclineReason(code=reason) for reason in Reason]
    return answers.show(request, Page[DeclineReason](items=items, next_cursor=None))
