"""Nudges over HTTP: what is suggested, the desk of those who write them, and each for whom it went to."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.queries import nudge_suggestions
from app.queries import nudges as reading
from app.routers import answers
from app.routers.dependencies import Asked, Now, Reading, Version, Who, Writing
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.nudges import (
    EditNudge,
    Nudge,
    NudgeCard,
    NudgeStateName,
    NudgeSuggestions,
    ReceivedNudge,
    WriteNudge,
)
from app.schemas.shapes import Page
from app.services import nudges

router = APIRouter(tags=["nudges"], route_class=Route)
_READ = list_responses(401, 403, 404, 422, 429, 503)
_ACT = list_responses(401, 403, 404, 409, 422, 429, 503)


@router.get(
    "/nudges/suggestions", response_model=NudgeSuggestions, responses=list_responses(401, 403, 422, 429, 503)
)
async def suggest_nudges(request: Request, actor: Who, session: Reading, now: Now) -> Response:
    """Return what could be worth a nudge now, each with a first wording; nothing is sent by itself."""
    return answers.show(request, await nudge_suggestions.list_suggestions(session, actor, now=now))


@router.get("/nudges", response_model=Page[NudgeCard], responses=list_responses(401, 403, 422, 429, 503))
async def list_nudges(
    request: Request,
    actor: Who,
    session: Reading,
    page: Asked,
    state: Annotated[NudgeStateName | None, Query(description="Only those in this state.")] = None,
) -> Response:
    """Return a page of the nudges of the groups that the reader writes to, the latest first."""
    items, place = await reading.list_nudges(session, actor, state=state, after=page.after, limit=page.limit)
    return answers.show(request, Page[NudgeCard](items=items, next_cursor=page.write_cursor(place)))


@router.post(
    "/nudges",
    status_code=201,
    response_model=Nudge,
    responses=list_responses(401, 403, 409, 413, 415, 422, 429, 503),
)
async def write_nudge(actor: Who, session: Writing, now: Now, values: WriteNudge) -> Response:
    """Write a nudge: a draft, or one that is sent by the clock."""
    nudge = await nudges.write(session, actor, values, now=now)
    shown = await reading.get_nudge(session, actor, nudge.id)
    return answers.done(shown, status=201, version=shown.version)


@router.get("/nudges/{nudge_id}", response_model=Nudge, responses=_READ)
async def read_nudge(request: Request, actor: Who, session: Reading, nudge_id: str) -> Response:
    """Return a nudge with how many people it goes to, and once it is measured what came of it."""
    shown = await reading.get_nudge(session, actor, nudge_id)
    return answers.show(request, shown, version=shown.version)


@router.patch(
    "/nudges/{nudge_id}",
    response_model=Nudge,
    responses=list_responses(401, 403, 404, 409, 412, 413, 415, 422, 428, 429, 503),
)
async def edit_nudge(
    actor: Who, session: Writing, now: Now, version: Version, nudge_id: str, values: EditNudge
) -> Response:
    """Change a nudge that was not sent; `If-Match` is required."""
    await nudges.edit(session, actor, nudge_id, values, version=version, now=now)
    shown = await reading.get_nudge(session, actor, nudge_id)
    return answers.done(shown, version=shown.version)


@router.post("/nudges/{nudge_id}/sending", status_code=201, response_model=Nudge, responses=_ACT)
async def send_nudge(actor: Who, session: Writing, now: Now, nudge_id: str) -> Response:
    """Send a nudge at once, to five people at least; from fifty on a tenth is held out to compare with."""
    await nudges.send(session, actor, nudge_id, now=now)
    shown = await reading.get_nudge(session, actor, nudge_id)
    return answers.done(shown, status=201, version=shown.version)


@router.post("/nudges/{nudge_id}/cancellation", status_code=201, response_model=Nudge, responses=_ACT)
async def cancel_nudge(actor: Who, session: Writing, now: Now, nudge_id: str) -> Response:
    """Cancel a nudge that was not sent."""
    await nudges.cancel(session, actor, nudge_id, now=now)
    shown = await reading.get_nudge(session, actor, nudge_id)
    return answers.done(shown, status=201, version=shown.version)


@router.get(
    "/me/nudges/{nudge_id}", response_model=ReceivedNudge, responses=list_responses(401, 404, 422, 429, 503)
)
async def read_received_nudge(request: Request, actor: Who, session: Reading, nudge_id: str) -> Response:
    """Return a nudge that was sent to the reader."""
    return answers.show(request, await reading.get_received(session, actor, nudge_id))
