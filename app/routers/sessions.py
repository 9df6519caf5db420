"""One's own sessions over HTTP."""

from fastapi import APIRouter, Request, Response

from app.queries import sessions as reading
from app.routers import answers
from app.routers.dependencies import Asked, Now, Reading, Who, Wired
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.sessions import SessionSummary
from app.schemas.shapes import Page
from app.services import sessions

router = APIRouter(tags=["auth"], route_class=Route)
_ERRORS = list_responses(401, 422, 429, 503)


@router.get("/auth/sessions", response_model=Page[SessionSummary], responses=_ERRORS)
async def list_sessions(request: Request, actor: Who, session: Reading, page: Asked, now: Now) -> Response:
    """Return where one is signed in, the latest sign-in first."""
    items, place = await reading.list_sessions(session, actor, now=now, after=page.after, limit=page.limit)
    return answers.show(request, Page[SessionSummary](items=items, next_cursor=page.write_cursor(place)))


@router.delete("/auth/sessions", status_code=204, responses=_ERRORS)
async def sign_out_everywhere(actor: Who, wiring: Wired, now: Now) -> Response:
    """Sign out everywhere, here too."""
    async with wiring.database.writer() as session:
        await sessions.revoke_all(session, actor.id, why="signed-out-everywhere", now=now)
    return _forget(wiring)


@router.delete("/auth/sessions/current", status_code=204, responses=_ERRORS)
async def sign_out(actor: Who, wiring: Wired, now: Now) -> Response:
    """Sign out."""
    async with wiring.database.writer() as session:
        await sessions.sign_out(session, actor, now=now)
    return _forget(wiring)


@router.delete(
    "/auth/sessions/{session_id}", status_code=204, responses=list_responses(401, 404, 422, 429, 503)
)
async def revoke_session(actor: Who, wiring: Wired, now: Now, session_id: str) -> Response:
    """End one of one's sessions."""
    async with wiring.database.writer() as session:
        await sessions.revoke(session, actor, session_id, now=now)
    return _forget(wiring)


def _forget(wiring: Wired) -> Response:
    # Only now is the end of the session committed: what is remembered of it would outlive it by a moment.
    wiring.authenticator.forget()
    return Response(status_code=204)
