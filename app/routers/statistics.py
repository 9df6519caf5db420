"""Figures over HTTP."""

from fastapi import APIRouter, Request, Response

from app.queries import participation, pipeline_figures
from app.routers import answers
from app.routers.dependencies import Now, Reading, Who, Wired
from app.routers.narrowing import Narrowed
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.statistics import Participation, PipelineFigures

router = APIRouter(tags=["statistics"], route_class=Route)
_ERRORS = list_responses(401, 403, 422, 429, 503)


@router.get("/stats/participation", response_model=Participation, responses=_ERRORS)
async def show_participation(
    request: Request, actor: Who, session: Reading, wiring: Wired, now: Now, filters: Narrowed
) -> Response:
    """Return how many people of the headcount connected, submitted, commented and voted."""
    zone = wiring.settings.company_timezone
    return answers.show(
        request, await participation.get_participation(session, actor, filters, zone=zone, now=now)
    )


@router.get("/stats/pipeline", response_model=PipelineFigures, responses=_ERRORS)
async def show_pipeline(
    request: Request, actor: Who, session: Reading, wiring: Wired, now: Now, filters: Narrowed
) -> Response:
    """Return the number of ideas in each stage, and how long answers and decisions took."""
    zone = wiring.settings.company_timezone
    return answers.show(
        request, await pipeline_figures.get_pipeline_figures(session, actor, filters, zone=zone, now=now)
    )
