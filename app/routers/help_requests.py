"""Asking for help, and helping, over HTTP."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from app.queries import coaching as messages
from app.queries import help_requests as reading
from app.routers import answers
from app.routers.dependencies import Asked, Now, Reading, Who, Writing
from app.routers.problems import list_responses
from app.routers.route import Route
from app.schemas.help_requests import (
    AnswerHelpRequest,
    AskForHelp,
    HelpMessage,
    HelpRequest,
    HelpStateName,
    WriteHelpMessage,
)
from app.schemas.shapes import Page
from app.services import coaching, help_requests

router = APIRouter(tags=["help"], route_class=Route)
_READ = list_responses(401, 404, 422, 429, 503)
_ACT = list_responses(401, 403, 404, 409, 413, 422, 429, 503)
_PARTS: dict[tuple[bool, bool], reading.Part] = {(True, False): "helper", (False, True): "asker"}


@router.post("/ideas/{idea_id}/help-requests", status_code=201, response_model=HelpRequest, responses=_ACT)
async def ask_for_help(actor: Who, session: Writing, now: Now, idea_id: str, values: AskForHelp) -> Response:
    """Ask for help with one's draft or idea; it is put to one person after the other until somebody accepts."""
    made = await help_requests.ask(session, actor, idea_id, values, now=now)
    return answers.done(await reading.get_request(session, actor, made.id), status=201)


@router.get("/help-requests", response_model=Page[HelpRequest], responses=list_responses(401, 422, 429, 503))
async def list_help_requests(
    request: Request,
    actor: Who,
    session: Reading,
    page: Asked,
    assignee: Annotated[Literal["me"] | None, Query(description="Those put to oneself.")] = None,
    asker: Annotated[
        Literal["me"] | None, Query(description="One's own; both or none: all of these.")
    ] = None,
    state: HelpStateName | None = None,
) -> Response:
    """List the requests for help that one has a part in, the newest first."""
    part = _PARTS.get((assignee is not None, asker is not None), "either")
    items, place = await reading.list_requests(
        session, actor, part=part, state=state, after=page.after, limit=page.limit
    )
    return answers.show(request, Page[HelpRequest](items=items, next_cursor=page.write_cursor(place)))


@router.get("/help-requests/{request_id}", response_model=HelpRequest, responses=_READ)
async def read_help_request(request: Request, actor: Who, session: Reading, request_id: str) -> Response:
    """Return a request for help; only the two whom it concerns know of it."""
    return answers.show(request, await reading.get_request(session, actor, request_id))


@router.put("/help-requests/{request_id}/answer", status_code=204, responses=_ACT)
async def answer_help_request(
    actor: Who, session: Writing, now: Now, request_id: str, values: AnswerHelpRequest
) -> Response:
    """Accept to help, or pass: then the next one is asked, and one knows of it no more."""
    await help_requests.answer(session, actor, request_id, accept=values.accept, now=now)
    return Response(status_code=204)


@router.put("/help-requests/{request_id}/withdrawal", response_model=HelpRequest, responses=_ACT)
async def withdraw_help_request(actor: Who, session: Writing, now: Now, request_id: str) -> Response:
    """Take one's request back before anybody helps."""
    await help_requests.withdraw(session, actor, request_id, now=now)
    return answers.done(await reading.get_request(session, actor, request_id))


@router.get("/help-requests/{request_id}/messages", response_model=Page[HelpMessage], responses=_READ)
async def list_help_messages(
    request: Request, actor: Who, session: Reading, page: Asked, request_id: str
) -> Response:
    """Return what the two said, the oldest first; nobody else reads it."""
    items, place = await messages.list_messages(
        session, actor, request_id, after=page.after, limit=page.limit
    )
    return answers.show(request, Page[HelpMessage](items=items, next_cursor=page.write_cursor(place)))


@router.post(
    "/help-requests/{request_id}/messages", status_code=201, response_model=HelpMessage, responses=_ACT
)
async def write_help_message(
    actor: Who, session: Writing, now: Now, request_id: str, values: WriteHelpMessage
) -> Response:
    """Say something to the other one while the coaching lasts."""
    return answers.done(
        await coaching.write(session, actor, request_id, body=values.body, now=now), status=201
    )


@router.put("/help-requests/{request_id}/end", response_model=HelpRequest, responses=_ACT)
async def end_coaching(actor: Who, session: Writing, now: Now, request_id: str) -> Response:
    """End the coaching as either of the two; a helper's look at a draft ends with it."""
    await coaching.end(session, actor, request_id, now=now)
    return answers.done(await reading.get_request(session, actor, request_id))


@router.put("/help-requests/{request_id}/thanks", response_model=HelpRequest, responses=_ACT)
async def thank_helper(actor: Who, session: Writing, now: Now, request_id: str) -> Response:
    """Thank who helped, once."""
    await coaching.thank(session, actor, request_id, now=now)
    return answers.done(await reading.get_request(session, actor, request_id))
