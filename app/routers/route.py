"""What happens around every endpoint: who is asking, how often, is the body sound, was it asked before."""

import hashlib
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response, params
from fastapi._compat import ModelField
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from app.core import clock, strict_json
from app.core.addresses import client_address
from app.core.rates import per_minute, per_second
from app.domain.errors import TooMany, UnsupportedBody
from app.routers.wiring import get_wiring
from app.services import idempotency
from app.services.idempotency import Replay

_SAFE = {"GET", "HEAD", "OPTIONS"}
PREFIX = "query_prefix"
"""What marks a dependency that reads the query fields whose names begin so."""


class TooManyWrites(TooMany):
    """You write faster than a person can: wait a moment."""

    code = "rates.too-many-writes"


class TooManySignIns(TooMany):
    """Too many sign-ins from this address: wait a moment."""

    code = "rates.too-many-sign-ins"


class NotJson(UnsupportedBody):
    """Send the body as application/json."""

    code = "requests.not-json"


class SoundRequest(Request):
    """A request whose JSON is read strictly."""

    async def json(self) -> Any:
        """Return the body as JSON.

        Raises: RequestValidationError, naming the place; NotJson when the body says that it is something else.
        """
        if not hasattr(self, "_json"):
            kind = self.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
            if kind != "application/json" and not kind.endswith("+json"):
                raise NotJson
            try:
                self._json = strict_json.loads(await self.body())
            except strict_json.InvalidJson as error:
                place = tuple(part for part in error.pointer.split("/") if part)
                raise RequestValidationError([{"loc": ("body", *place), "msg": error.detail}]) from error
        return self._json


class Route(APIRoute):
    """A route for signed-in people.

    Order: sign-in, rate, unknown query fields, then the body. An idempotency key that the write session
    claimed gets the answer stored in the same transaction.
    """

    signed_in = True

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap FastAPI's handler."""
        handle = super().get_route_handler()
        known = frozenset(_list_query_fields(self.dependant))
        prefixes = tuple(_list_prefixes(self.dependant))
        signed_in = self.signed_in
        reads_json = any(
            not isinstance(field.field_info, params.Form) for field in _list_body_fields(self.dependant)
        )

        async def answer(request: Request) -> Response:
            await (admit_person if signed_in else _admit_address)(request)
            unknown = [
                name for name in request.query_params if name not in known and not name.startswith(prefixes)
            ]
            if unknown:
                raise RequestValidationError(
                    [{"loc": ("query", name), "msg": "There is no such parameter."} for name in unknown]
                )
            sound = SoundRequest(request.scope, request.receive)
            if reads_json:
                await sound.json()
            try:
                response = await handle(sound)
            except Replay as replay:
                return Response(replay.body, replay.status, replay.headers)
            claim = getattr(request.state, "claim", None)
            if claim is not None:
                await idempotency.remember(
                    claim, response.status_code, bytes(response.body), response.headers
                )
            return response

        return answer


class OpenRoute(Route):
    """A route that stands before sign-in: limited by network address."""

    signed_in = False


async def admit_person(request: Request) -> None:
    """Let pass who is signed in and does not write faster than a person can; `request.state.actor` is who asks.

    A request that the short way admitted and left to the long one is admitted already, and counts once.

    Raises: SignInRequired, TooManyWrites, DatabaseAway.
    """
    if hasattr(request.state, "actor"):
        return
    wiring = get_wiring(request)
    bearer = read_bearer(request)
    now = clock.now()
    actor = None if bearer is None else wiring.authenticator.recall(bearer, now)
    if actor is None:
        actor = await wiring.authenticator.authenticate(bearer, now)
    if request.method not in _SAFE:
        wait = await wiring.limiter.hit(f"write:{actor.id}", per_second(wiring.settings.writes_per_second))
        if wait is not None:
            refusal = TooManyWrites()
            refusal.retry_after = wait
            raise refusal
    request.state.actor = actor


def read_bearer(request: Request) -> str | None:
    """Return the bearer token of a request, None without one."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


async def _admit_address(request: Request) -> None:
    wiring = get_wiring(request)
    if request.method in _SAFE:
        return
    address = client_address(request.scope, trusted_proxies=wiring.settings.trusted_proxies)
    wait = await wiring.limiter.hit(f"sign-in:{address}", per_minute(wiring.settings.sign_ins_per_minute))
    if wait is not None:
        refusal = TooManySignIns()
        refusal.retry_after = wait
        raise refusal


def digest_request(request: Request, body: bytes) -> str:
    """Return what tells one request from another under the same idempotency key."""
    return hashlib.sha256(
        f"{request.method} {request.url.path}?{request.url.query}\n".encode() + body
    ).hexdigest()


def _list_body_fields(dependant: Dependant) -> list[ModelField]:
    """Return the fields of the body, also those that a dependency takes."""
    fields = list(dependant.body_params)
    for below in dependant.dependencies:
        fields += _list_body_fields(below)
    return fields


def _list_query_fields(dependant: Dependant) -> list[str]:
    names = [field.alias for field in dependant.query_params]
    for below in dependant.dependencies:
        names += _list_query_fields(below)
    return names


def _list_prefixes(dependant: Dependant) -> list[str]:
    return [getattr(below.call, PREFIX) for below in dependant.dependencies if hasattr(below.call, PREFIX)]
