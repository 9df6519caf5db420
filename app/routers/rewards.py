"""Points over HTTP."""

from fastapi import APIRouter, Request, Response

from app.queries import levels, rewards
from app.routers import answers
from app.routers.dependencies import Asked, Reading, Who
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.rewards import Points

router = APIRouter(tags=["rewards"], route_class=Route)


@router.get("/me/points", response_model=Points, responses=list_responses(401, 422, 429, 503))
async def read_points(request: Request, actor: Who, session: Reading, page: Asked) -> Response:
    """Return one's balance, by rule and by season, and the entries that make it."""
    items, place = await rewards.list_entries(session, actor, after=page.after, limit=page.limit)
    sums = await rewards.get_sums(session, actor.id)
    points = Points(
        balance=sums.balance,
        level=await levels.get_own(session, actor, sums.earned),
        by_rule=sums.by_rule,
        by_season=sums.by_season,
        items=items,
        next_cursor=page.write_cursor(place),
    )
    return answers.show(request, points)
