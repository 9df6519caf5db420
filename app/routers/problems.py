"""Errors over HTTP: each refusal's category has one status, and each error one form."""

import math
from collections.abc import Awaitable, Callable, Mapping

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException
from starlette.routing import Match

from app.core import clock, problems
from app.core.db import DatabaseAway
from app.domain.errors import (
    Conflict,
    FieldProblem,
    Forbidden,
    Invalid,
    NotFound,
    PreconditionFailed,
    PreconditionRequired,
    Refusal,
    TooMany,
    Unauthenticated,
    Unavailable,
    UnsupportedBody,
)
from app.routers.wiring import get_wiring
from app.services import attempts

STATUSES: dict[type[Refusal], int] = {
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    PreconditionFailed: 412,
    UnsupportedBody: 415,
    Invalid: 422,
    PreconditionRequired: 428,
    TooMany: 429,
    Unavailable: 503,
}
"""The category of a refusal says its status."""

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_HTTP_CODES = {400: "requests.malformed", 404: "requests.no-such-address", 405: "requests.method-not-allowed"}


class BadField(BaseModel):
    """One bad field: a JSON pointer into the body, or `query/name`."""

    pointer: str
    detail: str


class Problem(BaseModel):
    """What every error looks like (RFC 9457)."""

    model_config = ConfigDict(
        json_schema_extra={"required": ["type", "title", "status", "detail", "code"]},
    )

    type: str
    title: str
    status: int
    detail: str
    code: str
    instance: str = ""
    errors: list[BadField] = []


def list_responses(*statuses: int) -> dict[int | str, dict[str, object]]:
    """Return the documentation of error answers for these statuses."""
    content = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": DESCRIPTIONS[status], "content": content} for status in statuses}


DESCRIPTIONS = {
    400: "The request can't be read.",
    401: "Not signed in.",
    403: "You may see this, but not do that.",
    404: "There is nothing here that you may know of.",
    405: "The address knows other methods.",
    409: "It does not fit the present state.",
    412: "It was changed meanwhile.",
    413: "The body is too large.",
    415: "The body is of another type.",
    422: "Something in the request is not right; the fields are named.",
    428: "Send If-Match.",
    429: "Too many requests; Retry-After says when.",
    503: "A part is away for the moment; Retry-After says when.",
}


def install(app: FastAPI) -> None:
    """Make an application answer every error as a problem document."""
    for kind, answer in _HANDLERS.items():
        app.add_exception_handler(kind, answer)


async def answer_error(request: Request, error: Exception) -> Response:
    """Answer an error as the application does.

    Raises: the error itself when it is none that has an answer.
    """
    for kind, answer in _HANDLERS.items():
        if isinstance(error, kind):
            return await answer(request, error)
    raise error


def get_status(refusal: type[Refusal]) -> int:
    """Return the status of a refusal by its category."""
    return next(status for category, status in STATUSES.items() if issubclass(refusal, category))


def write(
    request: Request,
    status: int,
    code: str,
    detail: str,
    *,
    errors: tuple[FieldProblem, ...] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a problem document about a request."""
    instance = problems.instance_of(getattr(request.state, "request_id", "-"))
    body = problems.encode(status, code, detail, instance=instance, errors=errors)
    return Response(body, status, dict(headers or {}), media_type=problems.MEDIA_TYPE)


async def _on_refusal(request: Request, error: Exception) -> Response:
    if not isinstance(error, Refusal):
        raise error
    if isinstance(error, attempts.NOTED):
        await _note_attempt(request)
    status = get_status(type(error))
    headers = {"WWW-Authenticate": "Bearer"} if isinstance(error, Unauthenticated) else {}
    if error.retry_after is not None:
        headers["Retry-After"] = str(math.ceil(error.retry_after))
    return write(request, status, error.code, error.detail, errors=error.errors, headers=headers)


async def _note_attempt(request: Request) -> None:
    """Have an attempt by somebody too close entered; what was tried is rolled back by now.

    Raises: DatabaseAway.
    """
    subject = next(iter(request.path_params.values()), "")
    operation = request.scope["route"].name
    database = get_wiring(request).database
    await attempts.note(database, request.state.actor.id, str(subject), operation, now=clock.now())


async def _on_database_away(request: Request, _error: Exception) -> Response:
    return write(
        request,
        503,
        "database.away",
        "The database is away for the moment: try again soon.",
        headers={"Retry-After": "2"},
    )


async def _on_validation(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    errors = tuple(FieldProblem(_write_pointer(fault["loc"]), fault["msg"]) for fault in error.errors()[:100])
    detail = "Something in the request is not right; the fields at fault are named."
    return write(request, 422, "requests.invalid", detail, errors=errors)


async def _on_http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    code = _HTTP_CODES.get(error.status_code, f"requests.status-{error.status_code}")
    headers = error.headers
    if error.status_code == 405:  # noqa: PLR2004  method not allowed
        headers = {"Allow": ", ".join(_list_methods(request))}
    return write(request, error.status_code, code, str(error.detail), headers=headers)


def _list_methods(request: Request) -> list[str]:
    """Return the methods of an address; all of them (RFC 9110, 10.2.1), where the framework says one."""
    routes = request.app.router.routes
    return [
        method
        for method in _METHODS
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes)
    ]


def _write_pointer(place: tuple[int | str, ...]) -> str:
    where, *path = place or ("",)
    escaped = "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)
    if where == "body":
        return escaped
    return f"{where}{escaped}"


_HANDLERS: dict[type[Exception], Callable[[Request, Exception], Awaitable[Response]]] = {
    Refusal: _on_refusal,
    RequestValidationError: _on_validation,
    HTTPException: _on_http,
    DatabaseAway: _on_database_away,
}
