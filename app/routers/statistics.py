"""Figures over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from app.queries import participation, pipeline_figures
from app.queries.statistics import Filters
from app.routers import answers
from app.routers.dependencies import Now, Reading, Who, Wired
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.statistics import Day, Participation, PipelineFigures

router = APIRouter(tags=["statistics"], route_class=Route)
_ERRORS = list_responses(401, 403, 422, 429, 503)

Id = Annotated[str | None, Query(min_length=1, max_length=64)]


async def read_filters(
    as_of: Annotated[Day | None, Query(description="End of which day; today without it.")] = None,
    entity: Id = None,
    campaign: Id = None,
    since: Annotated[Day | None, Query(alias="from", description="First day of what counts.")] = None,
    to: Annotated[Day | None, Query(description="Last day of what counts.")] = None,
) -> Filters:
    """Return what the figures are narrowed to."""
    return Filters(as_of, entity, campaign, since, to)


Narrowed = Annotated[Filters, Depends(read_filters)]


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
