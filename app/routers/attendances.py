"""Attendance over HTTP: the code of the room, and who was there."""

from fastapi import APIRouter, Request, Response

from app.queries import attendances as reading
from app.routers import answers
from app.routers.dependencies import Asked, Now, Reading, Who, Wired, Writing
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.attendances import Attended, Attends, RoomCode, ShowCode
from app.schemas.shapes import Page
from app.services import attendances

router = APIRouter(tags=["gatherings"], route_class=Route)
_CHANGE = list_responses(401, 403, 404, 409, 422, 429, 503)


@router.get("/gatherings/{gathering_id}/code", response_model=RoomCode, responses=_CHANGE)
async def show_room_code(
    request: Request, actor: Who, session: Reading, wiring: Wired, now: Now, gathering_id: str
) -> Response:
    """Return the code that a host shows in the room, as text and as a QR code; it changes every minute."""
    shown = await attendances.show_code(
        session, actor, gathering_id, seals=wiring.seals, base_url=wiring.settings.base_url, now=now
    )
    return answers.show(request, shown)


@router.put(
    "/gatherings/{gathering_id}/attendance",
    response_model=Attends,
    responses=list_responses(401, 403, 404, 409, 413, 422, 429, 503),
)
async def attend_gathering(
    actor: Who, session: Writing, wiring: Wired, now: Now, gathering_id: str, values: ShowCode
) -> Response:
    """Show that one is there, with the code on the host's screen; twice counts once."""
    attends = await attendances.attend(session, actor, gathering_id, values.code, seals=wiring.seals, now=now)
    return answers.done(attends)


@router.get(
    "/gatherings/{gathering_id}/attendances",
    response_model=Page[Attended],
    responses=list_responses(401, 403, 404, 422, 429, 503),
)
async def list_attendances(
    request: Request, actor: Who, session: Reading, page: Asked, gathering_id: str
) -> Response:
    """Return who was there, by name: for hosts, until three months after the gathering."""
    items, place = await reading.list_attendances(
        session, actor, gathering_id, after=page.after, limit=page.limit
    )
    return answers.show(request, Page[Attended](items=items, next_cursor=page.write_cursor(place)))


@router.put("/gatherings/{gathering_id}/attendances/{employee_id}", response_model=Attends, responses=_CHANGE)
async def note_attendance(
    actor: Who, session: Writing, now: Now, gathering_id: str, employee_id: str
) -> Response:
    """Note by hand that somebody is there, as a host."""
    noted = await attendances.note(session, actor, gathering_id, employee_id=employee_id, now=now)
    return answers.done(noted)


@router.delete("/gatherings/{gathering_id}/attendances/{employee_id}", status_code=204, responses=_CHANGE)
async def erase_attendance(
    actor: Who, session: Writing, now: Now, gathering_id: str, employee_id: str
) -> Response:
    """Take back, as a host, that somebody was there."""
    await attendances.erase(session, actor, gathering_id, employee_id=employee_id, now=now)
    return Response(status_code=204)
