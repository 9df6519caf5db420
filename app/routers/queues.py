"""The queues of all who answer, and how much each takes, over HTTP."""

from fastapi import APIRouter, Request, Response

from app.queries import queues
from app.routers import answers
from app.routers.dependencies import Asked, Now, Reading, Who, Writing
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.capacities import Capacity, SetCapacity
from app.schemas.queues import Queue
from app.schemas.shapes import Page
from app.services import capacities

router = APIRouter(tags=["clock"], route_class=Route)


@router.get("/queues", response_model=Page[Queue], responses=list_responses(401, 403, 422, 429, 503))
async def list_queues(request: Request, actor: Who, session: Reading, now: Now, page: Asked) -> Response:
    """Return what waits, by function and by who answers: number, age, lateness, load, forecast."""
    items, place = await queues.list_queues(session, actor, now=now, after=page.after, limit=page.limit)
    return answers.show(request, Page[Queue](items=items, next_cursor=page.write_cursor(place)))


@router.put(
    "/employees/{employee_id}/capacity",
    response_model=Capacity,
    responses=list_responses(401, 403, 404, 413, 422, 429, 503),
)
async def set_capacity(
    actor: Who, session: Writing, now: Now, employee_id: str, values: SetCapacity
) -> Response:
    """Say how many open reviews a person takes; beyond that ideas go to others while there are any."""
    await capacities.put(session, actor, employee_id, values, now=now)
    return answers.done(Capacity(reviews=values.reviews))
