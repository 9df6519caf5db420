"""Live updates over HTTP, as server-sent events."""

import asyncio
import random
import re
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from pydantic import BeforeValidator
from starlette.types import Receive, Scope, Send

from app.core import clock
from app.core.live import AT_STOP
from app.routers.busy import BusyRoute
from app.routers.dependencies import Who, refuse_other_notations
from app.routers.problems import list_responses
from app.routers.route import Route, admit_person, read_bearer
from app.routers.wiring import get_wiring
from app.services.listeners import Subscriber
from app.services.live import Live

MOST_IDEAS = 50
LONGEST = 3_600
"""Seconds after which a connection ends at the latest; an access token seldom lasts longer."""

RETRY_MS = 2_000
"""After how long a client comes back, at the least."""

SPREAD_MS = 1
"""Milliseconds that each live connection adds to the time over which all come back: after a restart a process takes
about a thousand in a second."""

_ID = "[a-z2-7]{24}"
_IDEAS = f"^({_ID}(,{_ID}){{0,{MOST_IDEAS - 1}}})?$"
_SIMPLE = re.compile(rb"(?:ideas=([a-z2-7,]*|[a-z2-7]*(?:%2C[a-z2-7]+)*))?")
_HEADERS = {
    "Cache-Control": "no-store",
    # Reverse proxies of the nginx family would otherwise gather an answer before they pass it on.
    "X-Accel-Buffering": "no",
    # Its end is the end of the connection, so a stop of the server waits for nobody.
    "Connection": "close",
}
_POSITION = re.compile("[0-9]{1,18}")
_WRITTEN = BeforeValidator(refuse_other_notations)


def write_first(listeners: int) -> bytes:
    """Tell a client when to come back, in its own time: all at once would be a herd."""
    spread = random.uniform(0, SPREAD_MS * listeners)  # noqa: S311  nothing secret
    return format_sse_event(retry=RETRY_MS + int(spread))


def write_frame(name: str, data: bytes, position: int | None) -> bytes:
    """Write an event; without a name, the position alone, and without that a sign of life."""
    if not name and position is None:
        return KEEPALIVE_COMMENT
    return format_sse_event(
        event=name or None,
        data_str=data.decode() if name else None,
        id=None if position is None else str(position),
    )


class EventStream(Response):
    """The events of one connection, for so many seconds, in plain ASGI: thousands of them wait in one process."""

    media_type = "text/event-stream"

    def __init__(self, live: Live, subscriber: Subscriber, *, seconds: float) -> None:
        self.status_code = 200
        self.background = None
        self._live = live
        self._subscriber = subscriber
        self._seconds = seconds
        self.init_headers(_HEADERS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send events until the client leaves, the sign-in ends, the server stops, or the time is over."""
        subscriber = self._subscriber
        scope.setdefault("state", {})[AT_STOP] = subscriber.end
        self._live.join(subscriber)
        first = write_first(self._live.listeners.count)
        ending = asyncio.get_running_loop().call_later(self._seconds, subscriber.end)
        leaving = asyncio.create_task(_attend(receive, subscriber))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            await send({"type": "http.response.body", "body": first, "more_body": True})
            while frames := await subscriber.take():
                await send({"type": "http.response.body", "body": frames, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self._live.leave(subscriber)
            ending.cancel()
            leaving.cancel()


async def _attend(receive: Receive, subscriber: Subscriber) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    subscriber.end()


class ListeningRoute(BusyRoute):
    """The route of live updates; ideas in view differ with each person, so no query string is remembered."""

    async def answer_shortly(self, request: Request) -> Response | None:
        """Answer a request whose query has plain ideas only."""
        simple = _SIMPLE.fullmatch(request.scope["query_string"])
        if simple is None:
            return None
        ideas = (simple[1] or b"").decode().replace("%2C", ",")
        if not re.fullmatch(_IDEAS, ideas):
            return None
        await admit_person(request)
        since = _find_position(request.headers.get("last-event-id"))
        return _open(request, ideas, since=since, seconds=LONGEST)

    def get_route_handler(self) -> Any:
        """Leave out what remembers query strings."""
        return Route.get_route_handler(self)


def _open(request: Request, ideas: str, *, since: int | None, seconds: float) -> EventStream:
    """Return the stream of whoever was admitted; it lasts as long as the access token at the most.

    Raises: TooManyListeners, NoRoom, SignInRequired.
    """
    wiring, actor = get_wiring(request), request.state.actor
    wiring.live.listeners.check_room(actor)
    left = (wiring.authenticator.find_end(read_bearer(request) or "") - clock.now()).total_seconds()
    subscriber = Subscriber(actor, ideas=tuple(dict.fromkeys(filter(None, ideas.split(",")))), since=since)
    return EventStream(wiring.live, subscriber, seconds=min(left, seconds))


def _find_position(last_seen: str | None) -> int | None:
    """Return where a client resumes; what is no position of ours says nothing."""
    return int(last_seen) if last_seen is not None and _POSITION.fullmatch(last_seen) else None


router = APIRouter(tags=["live"], route_class=ListeningRoute)


@router.get(
    "/events",
    status_code=200,
    response_class=EventStream,
    responses=list_responses(401, 422, 429, 503),
)
async def listen(
    request: Request,
    _actor: Who,
    ideas: Annotated[str, Query(pattern=_IDEAS, description="Ideas in view, separated by commas.")] = "",
    last_event_id: Annotated[int | None, Query(ge=0, lt=10**18), _WRITTEN] = None,
    seconds: Annotated[
        int, Query(ge=0, le=LONGEST, description="The stream ends after that."), _WRITTEN
    ] = LONGEST,
    last_seen: Annotated[str | None, Header(alias="Last-Event-ID")] = None,
) -> Response:
    """Listen to what concerns the signed-in person, as server-sent events.

    `notification` (with an `id:`), `queue` (one's reviews changed) and `idea` (counters and stage of an idea in view,
    also in the beginning). The stream ends with the access token at the latest. Who comes back with `Last-Event-ID`
    (or `last_event_id`) gets what was missed, or `missed` when that is too much: then ask for the list.
    """
    since = _find_position(last_seen) if last_event_id is None else last_event_id
    return _open(request, ideas, since=since, seconds=seconds)
