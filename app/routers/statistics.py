"""Figures over HTTP."""

from fastapi import APIRouter, Response

from app.queries import participation, pipeline_figures
from app.routers.figure_answers import Asked
from app.routers.narrowing import Narrowed
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.statistics import Participation, PipelineFigures

router = APIRouter(tags=["statistics"], route_class=Route)
_ERRORS = list_responses(401, 403, 422, 429, 503)


@router.get("/stats/participation", response_model=Participation, responses=_ERRORS)
async def show_participation(asked: Asked, filters: Narrowed) -> Response:
    """Return how many people of the headcount connected, submitted, commented and voted."""
    return await asked.show("participation", participation.get_participation, filters)


@router.get("/stats/pipeline", response_model=PipelineFigures, responses=_ERRORS)
async def show_pipeline(asked: Asked, filters: Narrowed) -> Response:
    """Return the number of ideas in each stage, and how long answers and decisions took."""
    return await asked.show("pipeline", pipeline_figures.get_pipeline_figures, filters)
