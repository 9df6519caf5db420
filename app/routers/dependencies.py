"""What endpoints ask for: who is asking, a session of the right kind, the time, the page, the version."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Header, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.security import OAuth2PasswordBearer
from pydantic import BeforeValidator

from app.core import clock
from app.core.cursors import InvalidCursor
from app.core.db import ReadSession, WriteSession
from app.core.lanes import Fetching, SessionLane
from app.domain.actors import Actor
from app.routers.route import PREFIX, digest_request
from app.routers.wiring import Wiring, get_wiring
from app.services import idempotency, preconditions

_bearer = OAuth2PasswordBearer(tokenUrl="/api/v1/auth/token", auto_error=False)


async def get_actor(request: Request, _token: Annotated[str | None, Depends(_bearer)]) -> Actor:
    """Return who is asking; the route has made sure of it already."""
    actor: Actor = request.state.actor
    return actor


async def get_now() -> datetime:
    """Return the moment of the request."""
    return clock.now()


async def find_wiring(request: Request) -> Wiring:
    """Return the parts that this application runs on; asynchronous, because FastAPI gives others a thread."""
    return get_wiring(request)


Wired = Annotated[Wiring, Depends(find_wiring)]


async def forget_sign_ins(wiring: Wired) -> AsyncIterator[None]:
    """Forget remembered sign-ins once the session that is opened after this one is committed."""
    yield
    wiring.authenticator.forget()


async def open_read_session(request: Request) -> AsyncIterator[ReadSession]:
    """Give a session that only reads."""
    async with get_wiring(request).database.reader() as session:
        yield session


async def open_write_session(
    request: Request,
    idempotency_key: Annotated[
        str | None,
        Header(description="A retry with the same key gets the first answer again; kept 24 hours."),
    ] = None,
) -> AsyncIterator[WriteSession]:
    """Give the session of a change; committed before the answer leaves, rolled back when anything fails.

    An idempotency key is claimed in the same transaction.
    """
    body = await request.body()
    async with get_wiring(request).database.writer() as session:
        actor: Actor | None = getattr(request.state, "actor", None)
        if idempotency_key is not None and actor is not None and request.method == "POST":
            request.state.claim = await idempotency.claim(
                session, actor.id, idempotency_key, request=digest_request(request, body), now=clock.now()
            )
        yield session


async def open_write_lane(
    request: Request,
    idempotency_key: Annotated[
        str | None,
        Header(description="A retry with the same key gets the first answer again; kept 24 hours."),
    ] = None,
) -> AsyncIterator[Fetching]:
    """Give a lane for a change of prepared statements, inside a session when there is a key to claim."""
    if idempotency_key is None:
        async with get_wiring(request).database.writing_lane() as lane:
            yield lane
    else:
        async with _writing(request, idempotency_key) as session:
            yield SessionLane(session)


_writing = asynccontextmanager(open_write_session)


Who = Annotated[Actor, Depends(get_actor)]
Now = Annotated[datetime, Depends(get_now)]
Reading = Annotated[ReadSession, Depends(open_read_session, scope="function")]
Writing = Annotated[WriteSession, Depends(open_write_session, scope="function")]
WritingLane = Annotated[Fetching, Depends(open_write_lane, scope="function")]
Renewing = Annotated[None, Depends(forget_sign_ins, scope="function")]
"""For changes of people and roles, asked for before `Writing`: dependencies end in the other order."""


def refuse_other_notations(given: object) -> object:
    """Let pass what a whole number is written as in a query, whatever else is no text.

    Raises: ValueError.
    """
    # The integers of Python take 1_0, +5, blanks around and the digits of every script.
    if isinstance(given, str) and not (given.isascii() and given.isdigit()):
        message = "must be a whole number"
        raise ValueError(message)
    return given


Limit = Annotated[
    int, Query(ge=1, le=100, description="Items on a page."), BeforeValidator(refuse_other_notations)
]


class Paging:
    """The page that is asked for, and the way to the next one."""

    def __init__(self, request: Request, wiring: Wiring, limit: int, cursor: str | None) -> None:
        """Read the parameters of a page.

        Raises: RequestValidationError for a cursor that was not given out for this very list.
        """
        fields = sorted(
            f"{name}={value}"
            for name, value in request.query_params.multi_items()
            if name not in {"cursor", "limit"}
        )
        self._listing = "\n".join([request.url.path, *fields])
        self._cursors = wiring.cursors
        self.limit = limit
        # A busy page is written many times with the same end.
        self._written: tuple[list[Any] | None, str] = None, ""
        self.after: list[Any] | None = None
        if cursor is not None:
            try:
                self.after = self._cursors.read(cursor, listing=self._listing)
            except InvalidCursor as error:
                message = "This cursor was not given out for this list."
                raise RequestValidationError([{"loc": ("query", "cursor"), "msg": message}]) from error

    def write_cursor(self, place: list[Any] | None) -> str | None:
        """Return the cursor of the next page."""
        if place is None:
            return None
        known, cursor = self._written
        if known != place:
            cursor = self._cursors.sign(place, listing=self._listing)
            self._written = place, cursor
        return cursor


async def ask_page(request: Request, wiring: Wired, limit: Limit = 20, cursor: str | None = None) -> Paging:
    """Return the page that is asked for."""
    return Paging(request, wiring, limit, cursor)


Asked = Annotated[Paging, Depends(ask_page)]


async def get_version(
    if_match: Annotated[
        str | None, Header(description="The ETag that was read; its first part, the content version, counts.")
    ] = None,
) -> int | None:
    """Return the content version that a change was made on, None without `If-Match`.

    A value that can't be one of ours fits no version.
    """
    if if_match is None:
        return None
    if if_match.strip() == "*":
        return preconditions.ANY
    number = if_match.strip().removeprefix("W/").strip('"').partition(".")[0]
    return int(number) if number.isascii() and number.isdigit() and len(number) < _DIGITS else _NO_VERSION


_DIGITS, _NO_VERSION = 10, -2

Version = Annotated[int | None, Depends(get_version)]

_MOST_FIELDS, _LONGEST_ANSWER = 5, 200
_FIELD = "field."


async def read_fields(request: Request) -> tuple[tuple[str, str], ...]:
    """Return the keys and answers that a list is narrowed to, in one order however they stand in the query.

    Raises: RequestValidationError.
    """
    asked = [(name, text) for name, text in request.query_params.multi_items() if name.startswith(_FIELD)]
    for number, (name, text) in enumerate(asked):
        if number == _MOST_FIELDS:
            raise _refuse_field(name, f"A list is narrowed to {_MOST_FIELDS} answers at most.")
        if not text.strip() or len(text) > _LONGEST_ANSWER or "\0" in text + name:
            raise _refuse_field(name, f"must be a text of 1 to {_LONGEST_ANSWER} characters")
    return tuple(sorted((name.removeprefix(_FIELD), text) for name, text in asked))


setattr(read_fields, PREFIX, _FIELD)
AskedFields = Annotated[tuple[tuple[str, str], ...], Depends(read_fields)]


def check_fields(asked: tuple[tuple[str, str], ...], campaign: str | None) -> None:
    """Let pass answers whose campaign is given too.

    Raises: RequestValidationError.
    """
    if asked and campaign is None:
        raise _refuse_field(f"{_FIELD}{asked[0][0]}", "Fields are those of a campaign: give that too.")


def _refuse_field(name: str, message: str) -> RequestValidationError:
    return RequestValidationError([{"loc": ("query", name), "msg": message}])
