"""Charts of figures as pictures for a slide."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from app.integrations import pictures
from app.queries import charts
from app.routers import answers
from app.routers.dependencies import Now, Reading, Who, Wired
from app.routers.narrowing import Narrowed, Topics
from app.routers.problems import list_responses
from app.routers.route import Route

router = APIRouter(tags=["statistics"], route_class=Route)
_RESPONSES: dict[int | str, Any] = {
    200: {"content": {"image/svg+xml": {}}},
    **list_responses(401, 403, 422, 429, 503),
}
MeasureName = Literal["connected", "submitted", "commented", "voted"]


@router.get("/charts/funnel.svg", response_class=Response, responses=_RESPONSES)
async def draw_funnel(
    request: Request, actor: Who, session: Reading, wiring: Wired, now: Now, filters: Topics
) -> Response:
    """Return the funnel as a picture: how many ideas reached each stage."""
    chart = await charts.draw_funnel(session, actor, filters, zone=wiring.settings.company_timezone, now=now)
    return _show(request, pictures.draw_bars(chart))


@router.get("/charts/months.svg", response_class=Response, responses=_RESPONSES)
async def draw_months(
    request: Request, actor: Who, session: Reading, wiring: Wired, now: Now, filters: Narrowed
) -> Response:
    """Return participation by month as a picture: of the whole company, or of an entity what was released."""
    chart = await charts.draw_months(session, actor, filters, zone=wiring.settings.company_timezone, now=now)
    return _show(request, pictures.draw_lines(chart))


@router.get("/charts/entities.svg", response_class=Response, responses=_RESPONSES)
async def draw_entities(
    request: Request,
    actor: Who,
    session: Reading,
    wiring: Wired,
    now: Now,
    filters: Narrowed,
    measure: Annotated[MeasureName, Query(description="Which share is drawn.")] = "connected",
) -> Response:
    """Return participation by entity as a picture, of those right below the company or a given entity."""
    chart = await charts.draw_entities(
        session, actor, filters, measure, zone=wiring.settings.company_timezone, now=now
    )
    return _show(request, pictures.draw_bars(chart))


def _show(request: Request, picture: str) -> Response:
    answer = answers.show_file(request, picture.encode(), media_type="image/svg+xml")
    answer.headers["Content-Security-Policy"] = pictures.POLICY
    return answer
