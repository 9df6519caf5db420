"""HTTP below the edge: what a client may send before it is a request, how long it may take, and the answer if not.

A server of requests only sees whole heads, so nothing above this bounds what a client sends before, between and
after them. The figures are those that reverse proxies use; behind one of them nothing here is ever met.
"""

import asyncio
import socket
import struct
from enum import Enum, auto
from http import HTTPStatus

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from app.core import ids, problems
from app.core.live import AT_STOP

MAX_HEAD = 32_768
"""Bytes of a request's first line with its headers, and of whatever else is no body (trailers, extensions)."""

HEAD_SECONDS = 20.0
"""Time for a whole head, from the connection or from its first byte."""

BODY_SECONDS, BODY_RATE = 20.0, 500
"""Time for a body: so many seconds, and one more for so many bytes of it (the defaults of Apache's reqtimeout)."""

STUCK_SECONDS = 30.0
"""Time in which a client has to take something of an answer that waits for it."""

LOOK_SECONDS = 5.0
MAX_PIPELINED = 64

_COMMON = (
    (b"cache-control", b"no-store"),
    (b"connection", b"close"),
    (b"content-type", problems.MEDIA_TYPE.encode()),
    (b"x-content-type-options", b"nosniff"),
)


class _Awaited(Enum):
    """What the client has to send next."""

    HEAD = auto()
    BODY = auto()
    NOTHING = auto()


class _Refused(Exception):
    """A head that is refused; carries status, code and detail."""


class BoundedProtocol(HttpToolsProtocol):
    """One connection; what can't become a request is answered with a problem document, and closed."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, object],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        """Prepare for a connection; uvicorn calls this."""
        super().__init__(config, server_state, app_state, _loop)
        self._awaited = _Awaited.HEAD
        self._since = self.loop.time()
        self._received = self._chunk = self._barren = self._waiting = self._looks = 0
        self._refusal = (400, "requests.malformed", "This is not a request of HTTP/1.1.")
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Begin to watch the time."""
        super().connection_made(transport)
        self._timer = self.loop.call_later(LOOK_SECONDS, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop watching."""
        if self._timer is not None:
            self._timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came, unless it goes on and on without becoming a request or a body."""
        if self.transport.is_closing():
            return
        if self._awaited is _Awaited.NOTHING and self._find_open_cycle() is None:
            self._await(_Awaited.HEAD)
        self._chunk = len(data)
        self._received += self._chunk
        self._barren += self._chunk
        super().data_received(data)
        if self._barren > MAX_HEAD and not self.transport.is_closing():
            self._refuse(431, "requests.head-too-large", _TOO_LARGE)

    def on_message_begin(self) -> None:
        """Await a head."""
        self._await(_Awaited.HEAD)
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Measure the head, as far as one has to, and hand the request over."""
        if max(self._barren, self._chunk) > MAX_HEAD and self._measure_head() > MAX_HEAD:
            self._refusal = (431, "requests.head-too-large", _TOO_LARGE)
            raise _Refused
        if len(self.pipeline) >= MAX_PIPELINED:
            self._refusal = (400, "requests.malformed", "Wait for answers before asking for so much more.")
            raise _Refused
        self._await(_Awaited.BODY)
        self._barren = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Pass a piece of the body on."""
        self._barren = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Await nothing until the answer is out."""
        self._await(_Awaited.NOTHING)
        self._barren = 0
        super().on_message_complete()

    def shutdown(self) -> None:
        """Let the answer that is under way come to its end; one that has none is ended."""
        cycle = self._find_open_cycle()
        super().shutdown()
        if cycle is not None:
            cycle.scope.get("state", {}).get(AT_STOP, _do_nothing)()

    def send_400_response(self, msg: str) -> None:
        """Answer what the parser refused; `msg` is for the log only."""
        self._refuse(*self._refusal)

    def _await(self, awaited: _Awaited) -> None:
        self._awaited, self._since = awaited, self.loop.time()
        self._received = 0

    def _find_open_cycle(self) -> RequestResponseCycle | None:
        cycle: RequestResponseCycle | None = self.cycle
        return None if cycle is None or cycle.response_complete else cycle

    def _measure_head(self) -> int:
        return len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)

    def _look(self) -> None:
        self._timer = self.loop.call_later(LOOK_SECONDS, self._look)
        waiting = self.transport.get_write_buffer_size()
        self._looks = self._looks + 1 if self.transport.is_closing() or waiting >= self._waiting > 0 else 0
        self._waiting = waiting
        if self._looks * LOOK_SECONDS > STUCK_SECONDS:
            self._cut()
        elif self._is_late():
            self._refuse(408, "requests.too-slow", "The request took too long to arrive.")

    def _is_late(self) -> bool:
        elapsed = self.loop.time() - self._since
        if self._awaited is _Awaited.HEAD:
            return elapsed > HEAD_SECONDS
        return self._awaited is _Awaited.BODY and elapsed > BODY_SECONDS + self._received / BODY_RATE

    def _cut(self) -> None:
        """End the connection at once; what the kernel still keeps for the client goes as well."""
        connection: socket.socket = self.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()

    def _refuse(self, status: int, code: str, detail: str) -> None:
        """Answer, unless another answer is on its way on this connection, and close it."""
        if self.transport.is_closing():
            return
        cycle = self._find_open_cycle()
        if cycle is not None:
            cycle.disconnected = True
        answered = cycle is not None and (cycle.response_started or self._awaited is _Awaited.HEAD)
        # Browsers open connections before they need them: nothing was asked there, so nothing is answered.
        asked = self._awaited is not _Awaited.HEAD or self._barren > 0
        if asked and not answered:
            self.transport.write(_write(status, code, detail))
        self.transport.close()


def _do_nothing() -> None: ...


_TOO_LARGE = f"The first line and the headers have more than {MAX_HEAD:,} bytes."


def _write(status: int, code: str, detail: str) -> bytes:
    request_id = ids.new()
    body = problems.encode(status, code, detail, instance=problems.instance_of(request_id))
    headers = (
        *_COMMON,
        (b"content-length", str(len(body)).encode()),
        (b"x-request-id", request_id.encode()),
    )
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}".encode()]
    lines += [name + b": " + value for name, value in headers]
    return b"\r\n".join([*lines, b"", body])
