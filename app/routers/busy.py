"""Routes that are asked for all the time: what their parameters mean is worked out once."""

from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from functools import wraps
from inspect import signature
from typing import Any, TypeVar

from fastapi import Request, Response
from pydantic import BaseModel, ValidationError

from app.core import clock, strict_json
from app.queries.unchanged import Answer
from app.routers import answers
from app.routers.route import Route, admit_person
from app.routers.wiring import Wiring, get_wiring

_LONGEST_QUERY = 300
"""Bytes of a query string that is remembered."""

_found: ContextVar[dict[str, Any]] = ContextVar("found")
"""What FastAPI gave the endpoint of the request that is being answered."""


_Endpoint = TypeVar("_Endpoint", bound=Callable[..., Any])
_LOOK = "counts_a_look"


def counting_looks(count: Callable[[Wiring, str], None]) -> Callable[[_Endpoint], _Endpoint]:
    """Have every look at an idea counted, once it was answered, also where the answer is that nothing changed."""

    def mark(endpoint: _Endpoint) -> _Endpoint:
        endpoint.__dict__[_LOOK] = count
        return endpoint

    return mark


class BusyRoute(Route):
    """A route without a body that `Express` reaches by a shorter way.

    Its parameters, besides who asks and what stands in the address, follow from the query string alone. So what a
    query string means is worked out once, by FastAPI, and remembered.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        @wraps(endpoint)
        async def note(**values: Any) -> Response:
            _found.set(values)
            answer: Response = await endpoint(**values)
            return answer

        super().__init__(path, note, **options)
        asked = signature(endpoint).parameters
        self._endpoint = endpoint
        self._count_look: Callable[[Wiring, str], None] | None = getattr(endpoint, _LOOK, None)
        self._changing = [name for name in ("request", "actor", "now") if name in asked]
        # A cursor is signed for its list, address and all.
        self._by_address = "page" in asked and "{" in path

    async def answer_shortly(self, request: Request) -> Response | None:
        """Answer a request whose query string is known; None leaves it to FastAPI."""
        values = get_wiring(request).meanings.get(self._name(request))
        if values is None:
            return None
        await admit_person(request)
        current = {"request": request, "actor": request.state.actor, "now": clock.now()}
        given = {name: current[name] for name in self._changing}
        values = {**values, **given, **request.path_params}
        etag = request.headers.get("if-none-match") if request.method == "GET" else None
        if etag is None:
            answer: Response = await self._endpoint(**values)
        else:
            answer = await self._answer_again(request, etag, values)
        self._note_look(request)
        return answer

    async def _answer_again(self, request: Request, etag: str, values: dict[str, Any]) -> Response:
        """Answer somebody who has an answer already: without a look at the page while no data have changed."""
        unchanged = get_wiring(request).unchanged
        scope = request.scope
        had = Answer(request.state.actor, scope["path"], scope["query_string"], etag)
        state = await unchanged.look()
        if unchanged.is_right(had, state):
            return answers.keep(etag)
        answer: Response = await self._endpoint(**values)
        if answer.status_code == 304 and answer.headers["etag"] == etag:  # noqa: PLR2004  not modified
            unchanged.note(had, state)
        return answer

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the handler, to keep what it found the query string to mean."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            response = await handle(request)
            self._note_look(request)
            if len(request.scope["query_string"]) <= _LONGEST_QUERY:
                own = {*self._changing, *request.path_params}
                found = {name: value for name, value in _found.get().items() if name not in own}
                get_wiring(request).meanings.put(self._name(request), found)
            return response

        return answer

    def _note_look(self, request: Request) -> None:
        """Count a look that was answered, with the page or with the word that it is still the same."""
        if self._count_look is not None:
            self._count_look(get_wiring(request), request.path_params["idea_id"])

    def _name(self, request: Request) -> tuple[Any, ...]:
        return (
            self.unique_id,
            request.scope["query_string"],
            request.scope["path"] if self._by_address else "",
        )


class BusyWrite(Route):
    """A route for a JSON body and prepared statements that `Express` reaches by a shorter way.

    Its endpoint takes `actor`, `lane`, `now`, `values` and what stands in the address.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        self._endpoint = endpoint
        self._shape: type[BaseModel] = signature(endpoint).parameters["values"].annotation

    async def answer_shortly(self, request: Request) -> Response | None:
        """Answer a request whose body fits; what needs an explanation, and what has a key, is left to FastAPI."""
        if request.scope["query_string"] or "idempotency-key" in request.headers:
            return None
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            return None
        await admit_person(request)
        try:
            values = self._shape.model_validate(strict_json.loads(await request.body()))
        except (strict_json.InvalidJson, ValidationError):
            return None
        async with get_wiring(request).database.writing_lane() as lane:
            answer: Response = await self._endpoint(
                actor=request.state.actor, lane=lane, now=clock.now(), values=values, **request.path_params
            )
        return answer
