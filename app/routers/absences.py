"""One's own absence over HTTP."""

from fastapi import APIRouter, Request, Response

from app.queries import absences as reading
from app.routers import answers
from app.routers.dependencies import Now, Reading, Who, Writing
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.absences import Absence, SetAbsence
from app.services import absences

router = APIRouter(tags=["me"], route_class=Route)


@router.get("/me/absence", response_model=Absence, responses=list_responses(401, 422, 429, 503))
async def show_absence(request: Request, actor: Who, session: Reading) -> Response:
    """Return the days on which one said to be away."""
    return answers.show(request, await reading.get_own(session, actor))


@router.put("/me/absence", response_model=Absence, responses=list_responses(401, 413, 422, 429, 503))
async def set_absence(actor: Who, session: Writing, now: Now, values: SetAbsence) -> Response:
    """Say on which days one is away: new ideas go to others, and waiting ones instead of a reminder."""
    await absences.put(session, actor, values, now=now)
    return answers.done(await reading.get_own(session, actor))


@router.delete("/me/absence", status_code=204, responses=list_responses(401, 422, 429, 503))
async def delete_absence(actor: Who, session: Writing, now: Now) -> Response:
    """Say that one is there."""
    await absences.remove(session, actor, now=now)
    return Response(status_code=204)
