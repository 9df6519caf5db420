"""The edge of HTTP, in plain ASGI: what holds for every request, whatever answers it."""

import re
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

import structlog
from structlog.contextvars import bind_contextvars, reset_contextvars

from app.core import ids, log, problems, wire

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
RawHeaders = list[tuple[bytes, bytes]]

MAX_BODY = 1_048_576
API_POLICY = "default-src 'none'; frame-ancestors 'none'"
PAGE_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
ABANDONED = 499
"""The status in the log of a request whose client left before the answer (as nginx writes it)."""

_API_PREFIXES = ("/api/", "/health/")
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_LONGEST_LENGTH = 18
_log = structlog.get_logger()


class BodyTooLarge(Exception):
    """The body went over the limit while it was read; the edge answers 413 whatever becomes of this."""


class Edge:
    """Wraps an ASGI application; see `__call__`."""

    def __init__(
        self,
        app: Application,
        *,
        max_body: int = MAX_BODY,
        max_bodies: Mapping[str, int] | None = None,
        page_policy: str = PAGE_POLICY,
        https: bool = False,
        quiet: tuple[str, ...] = ("/health/",),
    ) -> None:
        """Set the limits.

        `max_body` is in bytes, `max_bodies` replaces it for paths that begin so. `page_policy` is the content
        security policy of what is not the API and sets none itself. `https` tells browsers to insist on it.
        Paths that begin as in `quiet` get no line in the log unless they fail.
        """
        self.app = app
        self.quiet = quiet
        self._max_body = max_body
        self._max_bodies = tuple((max_bodies or {}).items())
        common = [
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"no-referrer"),
            (b"cross-origin-resource-policy", b"same-origin"),
            (b"cache-control", b"no-store"),
        ]
        if https:
            common.append((b"strict-transport-security", b"max-age=31536000"))
        self._api_headers = [*common, (b"content-security-policy", API_POLICY.encode())]
        self._page_headers = [
            *common,
            (b"content-security-policy", page_policy.encode()),
            (b"cross-origin-opener-policy", b"same-origin"),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request: name it, bound it, guard it, log it, turn what breaks into a problem document.

        The request's name is the client's `X-Request-Id` when it is well formed, else a new one; it is in the
        answer, in every log line and in `request.state.request_id`. The log line says method, route template,
        status and time: no path, no query, no person.
        """
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        exchange = _Exchange(self, scope, receive, send)
        bound = bind_contextvars(request_id=exchange.request_id)
        try:
            await exchange.run()
        finally:
            reset_contextvars(**bound)

    def max_body_of(self, path: str) -> int:
        """Return how many bytes a body sent to a path may have."""
        return next((limit for prefix, limit in self._max_bodies if path.startswith(prefix)), self._max_body)

    def default_headers(self, path: str) -> RawHeaders:
        """Return the headers that an answer gets when it does not set them itself.

        By path, not by media type: a 304 has none, and its headers replace those of the page in the cache.
        """
        return self._api_headers if path.startswith(_API_PREFIXES) else self._page_headers


class _Exchange:
    """One request and its answer."""

    def __init__(self, edge: Edge, scope: Scope, receive: Receive, send: Send) -> None:
        self._edge = edge
        self._scope = scope
        self._receive_from_server = receive
        self._send_to_server = send
        self._path: str = scope["path"]
        self._max_body = edge.max_body_of(self._path)
        self._received = 0
        self._body_ended = self._started = self._finished = self._gone = self._too_large = False
        self._status = 0
        self._length: bytes | None = None
        self.request_id = ""
        for name, value in scope["headers"]:
            if name == b"x-request-id" and _REQUEST_ID.fullmatch(text := value.decode("latin-1")):
                self.request_id = text
            elif name == b"content-length":
                self._length = value
        self.request_id = self.request_id or ids.new()
        scope.setdefault("state", {})["request_id"] = self.request_id

    async def run(self) -> None:
        """Answer, and write the line in the log whatever happens."""
        start = time.perf_counter()
        try:
            if not await self._refuse_early():
                await self._edge.app(self._scope, self._receive, self._send)
                await self._complete(None)
        except Exception as error:  # noqa: BLE001  the last door: nothing passes it but a problem document
            await self._complete(error)
        finally:
            if self._status >= 500 or not self._path.startswith(self._edge.quiet):  # noqa: PLR2004  server errors
                log.note_answer(
                    request_id=self.request_id,
                    method=self._scope["method"],
                    route=route_template(self._scope),
                    status=self._status or ABANDONED,
                    ms=round((time.perf_counter() - start) * 1000, 2),
                )

    async def _refuse_early(self) -> bool:
        fault = wire.find_fault(self._scope)
        length = self._length
        if fault is None and length is not None and not length.isdigit():
            fault = "Content-Length is not a number."
        if fault is not None:
            await self._answer(400, "requests.malformed", fault)
            return True
        if length is not None and (len(length) > _LONGEST_LENGTH or int(length) > self._max_body):
            await self._answer_too_large()
            return True
        return False

    async def _receive(self) -> Message:
        message = await self._receive_from_server()
        if message["type"] == "http.request":
            self._received += len(message.get("body", b""))
            self._body_ended = not message.get("more_body", False)
            if self._received > self._max_body:
                self._too_large = True
                raise BodyTooLarge
        elif not self._finished:
            self._gone = True
        return message

    async def _send(self, message: Message) -> None:
        if self._too_large and not self._started:
            # Frameworks turn an error while reading into an answer of their own: the edge's comes instead.
            return
        if message["type"] == "http.response.start":
            message = {**message, "headers": self._dressed(list(message.get("headers", ())))}
        await self._emit(message)

    async def _emit(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._started = True
            self._status = ABANDONED if self._gone else message["status"]
        elif message["type"] == "http.response.body" and not message.get("more_body", False):
            self._finished = True
        try:
            await self._send_to_server(message)
        except OSError:
            self._gone = True
            raise

    def _dressed(self, headers: RawHeaders) -> RawHeaders:
        present = {name for name, _ in headers}
        headers.extend(pair for pair in self._edge.default_headers(self._path) if pair[0] not in present)
        headers.append((b"x-request-id", self.request_id.encode()))
        return headers

    async def _complete(self, error: Exception | None) -> None:
        """Do what the application left undone: nothing, an answer, or a line on what broke."""
        if self._too_large:
            if not self._started:
                await self._answer_too_large()
        elif error is not None and self._gone and (not self._body_ended or isinstance(error, OSError)):
            self._status = self._status or ABANDONED
        elif error is not None or not self._started:
            _log.error("requests.failed", exc_info=error)
            if not self._started:
                detail = "Something broke on our side; who runs this installation finds it by the instance."
                await self._answer(500, "requests.failed", detail)

    async def _answer_too_large(self) -> None:
        # What is left of the body is not worth reading: close the connection.
        detail = f"The body has more than {self._max_body:,} bytes."
        await self._answer(413, "requests.too-large", detail, (b"connection", b"close"))

    async def _answer(self, status: int, code: str, detail: str, *extra: tuple[bytes, bytes]) -> None:
        body = problems.encode(status, code, detail, instance=problems.instance_of(self.request_id))
        headers = [
            (b"content-type", problems.MEDIA_TYPE.encode()),
            (b"content-length", str(len(body)).encode()),
            *extra,
        ]
        await self._emit({"type": "http.response.start", "status": status, "headers": self._dressed(headers)})
        await self._emit({"type": "http.response.body", "body": body})


def route_template(scope: Scope) -> str:
    """Return the template of the route that served a request, such as `/api/v1/ideas/{id}`, "-" for none.

    The parameters that the router found are put back into the path by name, so that no id gets into a log.
    """
    if scope.get("route") is None:
        return "-"
    segments = scope["path"].split("/")
    for name, value in scope.get("path_params", {}).items():
        if str(value) not in segments:
            return "-"
        segments[segments.index(str(value))] = f"{{{name}}}"
    return "/".join(segments)
