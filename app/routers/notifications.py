"""What the signed-in person was told, over HTTP."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from app.queries import notifications as queries
from app.routers import answers
from app.routers.dependencies import Asked, Now, Reading, Who, Writing
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.notifications import Notification
from app.schemas.shapes import Page
from app.services import notifications

router = APIRouter(tags=["messages"], route_class=Route)


@router.get(
    "/me/notifications", response_model=Page[Notification], responses=list_responses(401, 422, 429, 503)
)
async def list_notifications(
    request: Request,
    actor: Who,
    session: Reading,
    asked: Asked,
    state: Annotated[
        Literal["unread", "all", "asks"], Query(description="`asks` is what is still to be done.")
    ] = "all",
) -> Response:
    """List what one was told, the latest first."""
    items, place = await queries.list_notifications(
        session, actor, state=state, after=asked.after, limit=asked.limit
    )
    return answers.show(request, Page[Notification](items=items, next_cursor=asked.write_cursor(place)))


@router.put(
    "/me/notifications/read",
    status_code=204,
    responses=list_responses(401, 422, 429, 503),
    response_class=Response,
)
async def read_notifications(
    actor: Who,
    session: Writing,
    now: Now,
    until: Annotated[
        str | None, Query(pattern=r"^[0-9]{1,18}$", description="The last position that was read.")
    ] = None,
) -> Response:
    """Note that one has read everything, or everything up to a position."""
    await notifications.read_all(session, actor, until=int(until) if until else None, now=now)
    return Response(status_code=204)


@router.put(
    "/me/notifications/{notification_id}/read",
    status_code=204,
    responses=list_responses(401, 404, 422, 429, 503),
    response_class=Response,
)
async def read_notification(actor: Who, session: Writing, now: Now, notification_id: str) -> Response:
    """Note that one has read a notification; doing it twice changes nothing."""
    await notifications.read(session, actor, notification_id, now=now)
    return Response(status_code=204)
