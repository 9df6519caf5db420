"""Points over HTTP."""

from fastapi import APIRouter, Request, Response

from app.queries import rewards
from app.routers import answers
from app.routers.dependencies import Asked, Reading, Who
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.rewards import Points

router = APIRouter(tags=["rewards"], route_class=Route)


@router.get("/me/points", response_model=Points, responses=list_responses(401, 422, 429, 503))
async def read_points(request: Request, actor: Who, session: Reading, page: Asked) -> Response:
    """Return one's balance and the entries that make it."""
    items, place = await rewards.list_entries(session, actor, after=page.after, limit=page.limit)
    balance = await rewards.get_balance(session, actor.id)
    return answers.show(request, Points(balance=balance, items=items, next_cursor=page.write_cursor(place)))
