"""The short way to the busiest routes: one look-up in front of FastAPI, instead of its walk through all of them."""

from collections.abc import Sequence
from typing import Any

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core import ids
from app.routers.busy import BusyRoute, BusyWrite
from app.routers.problems import answer_error

Busy = BusyRoute | BusyWrite

_IDENTIFIER = "{idea_id}"


class Express:
    """An ASGI application in front of another one; `routes` are by method and path template, prefix included.

    What it answers, FastAPI would answer the same; what it does not know goes on to FastAPI.
    """

    def __init__(self, app: ASGIApp, *, owner: Any, prefix: str, routes: Sequence[Busy]) -> None:
        self._app = app
        self._owner = owner
        self._routes = {
            (method, f"{prefix}{route.path}"): route for route in routes for method in route.methods or ()
        }
        self._depth = prefix.count("/") + 1

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request to a busy route whose parameters are known; pass on every other."""
        found = self._find(scope) if scope["type"] == "http" else None
        if found is None:
            await self._app(scope, receive, send)
            return
        route, parameters = found
        reached: Scope = {**scope, "app": self._owner, "route": route, "path_params": parameters}
        request = Request(reached, receive)
        try:
            response = await route.answer_shortly(request)
        except Exception as error:  # noqa: BLE001  what has no answer is raised again
            response = await answer_error(request, error)
        if response is None:
            await self._app(scope, await _replay(request, receive), send)
            return
        scope["route"], scope["path_params"] = route, parameters
        await response(reached, receive, send)

    def _find(self, scope: Scope) -> tuple[Busy, dict[str, str]] | None:
        """Return the route of an address of the form `/prefix/noun` or `/prefix/noun/{identifier}/…`."""
        path: str = scope["path"]
        if "{" in path:
            return None  # no address of ours, but a key of the table
        route = self._routes.get((scope["method"], path))
        if route is not None:
            return route, {}
        parts = path.split("/")
        if len(parts) < self._depth + 2 or not ids.is_valid(identifier := parts[self._depth + 1]):
            return None
        parts[self._depth + 1] = _IDENTIFIER
        route = self._routes.get((scope["method"], "/".join(parts)))
        return None if route is None else (route, {"idea_id": identifier})


async def _replay(request: Request, receive: Receive) -> Receive:
    """Return the channel of a request once more, from the beginning when its body was read."""
    if not hasattr(request, "_body"):
        return receive
    pending: list[Message] = [{"type": "http.request", "body": await request.body(), "more_body": False}]

    async def receive_again() -> Message:
        return pending.pop() if pending else await receive()

    return receive_again
