"""Ideas captured in the room, over HTTP."""

from fastapi import APIRouter, Response

from app.routers import answers
from app.routers.dependencies import Now, Who, Writing
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.captures import CaptureIdea, CaptureTold
from app.services import captures

router = APIRouter(tags=["gatherings"], route_class=Route)


@router.post(
    "/gatherings/{gathering_id}/ideas",
    status_code=201,
    response_model=CaptureTold,
    responses=list_responses(401, 403, 404, 409, 413, 422, 429, 503),
)
async def capture_idea(
    actor: Who, session: Writing, now: Now, gathering_id: str, values: CaptureIdea
) -> Response:
    """Write down, as a host, an idea of people in the room; nobody becomes an author unasked."""
    told = await captures.capture(session, actor, gathering_id, values, now=now)
    return answers.done(told, status=201)
