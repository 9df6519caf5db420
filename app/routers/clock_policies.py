"""The clock policies over HTTP."""

from fastapi import APIRouter, Request, Response

from app.queries import clock_policies as reading
from app.routers import answers
from app.routers.dependencies import Now, Reading, Who, Writing
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.clock_policies import ClockPolicy, SetClockPolicy
from app.schemas.shapes import Page
from app.services import clock_policies

router = APIRouter(tags=["clock"], route_class=Route)


@router.get("/clock-policies", response_model=Page[ClockPolicy], responses=list_responses(401, 422, 429, 503))
async def list_clock_policies(request: Request, _actor: Who, session: Reading) -> Response:
    """Return how long an idea may wait in each stage, and what follows when it waits longer."""
    items = await reading.list_policies(session)
    return answers.show(request, Page[ClockPolicy](items=items, next_cursor=None))


@router.get(
    "/clock-policies/{stage}", response_model=ClockPolicy, responses=list_responses(401, 404, 422, 429, 503)
)
async def read_clock_policy(request: Request, _actor: Who, session: Reading, stage: str) -> Response:
    """Return how long an idea may wait in a stage."""
    return answers.show(request, await reading.get_shown(session, stage))


@router.put(
    "/clock-policies/{stage}",
    response_model=ClockPolicy,
    responses=list_responses(401, 403, 404, 413, 422, 429, 503),
)
async def set_clock_policy(
    actor: Who, session: Writing, now: Now, stage: str, values: SetClockPolicy
) -> Response:
    """Set how long an idea may wait in a stage; it holds for waits that begin from now on."""
    await clock_policies.put(session, actor, stage, values, now=now)
    return answers.done(await reading.get_shown(session, stage))
