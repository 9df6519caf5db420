"""What can't become a request: refused with a problem document, cut in time, whatever its pieces are."""

import asyncio
import json
import socket
from typing import Any, cast

import pytest
from uvicorn.config import Config
from uvicorn.server import ServerState

from app.core import protocol
from app.core.live import AT_STOP
from app.core.protocol import BoundedProtocol

GET = b"GET / HTTP/1.1\r\nHost: a\r\n"
CHUNKED = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"


class Transport(asyncio.Transport):
    """What a connection was made to send; `waiting` are the bytes that the client has not taken."""

    def __init__(self) -> None:
        super().__init__()
        self.sent = b""
        self.closed = self.aborted = False
        self.waiting = 0
        self.options: list[int] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.sent += bytes(data)

    def close(self) -> None:
        self.closed = True

    def abort(self) -> None:
        self.aborted = self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...

    def get_write_buffer_size(self) -> int:
        return self.waiting

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self if name == "socket" else default

    def getsockname(self) -> tuple[str, int]:
        return "203.0.113.7", 443

    getpeername = getsockname

    def setsockopt(self, _level: int, option: int, _value: bytes) -> None:
        self.options.append(option)


class Connection:
    """A connection to an application that reads a body and says how long it was; `pass_time` moves its clock."""

    def __init__(self) -> None:
        config = Config(answer, log_config=None, ws="none", lifespan="off", http=BoundedProtocol)
        self.transport = Transport()
        self._now = 0.0
        self.protocol = BoundedProtocol(config, ServerState(), {}, cast("asyncio.AbstractEventLoop", self))
        self.protocol.connection_made(self.transport)

    def time(self) -> float:
        return self._now

    def create_task(self, work: Any, **_: Any) -> asyncio.Task[Any]:
        return asyncio.get_running_loop().create_task(work)

    def call_later(self, *_: Any) -> asyncio.TimerHandle:
        return asyncio.get_running_loop().call_later(3600, lambda: None)

    def pass_time(self, seconds: float) -> None:
        for _ in range(round(seconds / protocol.LOOK_SECONDS)):
            self._now += protocol.LOOK_SECONDS
            if not self.transport.aborted:
                self.protocol._look()  # noqa: SLF001  the timer's own call

    async def send(self, *pieces: bytes) -> None:
        for piece in pieces:
            self.protocol.data_received(piece)
        for _ in range(5):
            await asyncio.sleep(0)

    @property
    def problem(self) -> tuple[int, str]:
        head, _, body = self.transport.sent.partition(b"\r\n\r\n")
        assert b"content-type: application/problem+json" in head
        assert b"connection: close" in head
        assert self.transport.closed
        document = json.loads(body)
        assert head.startswith(f"HTTP/1.1 {document['status']} ".encode())
        return document["status"], document["code"]


async def answer(scope: Any, receive: Any, send: Any) -> None:
    length, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        length, more = length + len(message["body"]), message["more_body"]
    body = str(length).encode()
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture
async def connection() -> Connection:
    return Connection()


async def test_a_request_passes(connection: Connection) -> None:
    await connection.send(GET + b"\r\n")
    await connection.send(CHUNKED, b"5\r\nabcde\r\n0\r\n", b"x: y\r\n\r\n")
    assert connection.transport.sent.count(b"HTTP/1.1 200") == 2
    assert connection.transport.sent.endswith(b"5")
    assert not connection.transport.closed


@pytest.mark.parametrize(
    ("pieces", "problem"),
    [
        pytest.param([b"\x16\x03\x01\r\n\r\n"], (400, "requests.malformed"), id="no HTTP"),
        pytest.param([b"GET / HTTP/9.9\r\n\r\n"], (400, "requests.malformed"), id="version"),
        pytest.param([CHUNKED, b"zz\r\n"], (400, "requests.malformed"), id="chunk"),
        pytest.param([b"GET /" + b"a" * 40_000], (431, "requests.head-too-large"), id="address in one"),
        pytest.param(
            [b"GET /", *[b"a" * 999] * 40], (431, "requests.head-too-large"), id="address in pieces"
        ),
        pytest.param(
            [GET + b"X: " + b"a" * 40_000 + b"\r\n\r\n"], (431, "requests.head-too-large"), id="header in one"
        ),
        pytest.param([GET, *[b"X: y\r\n"] * 9_000], (431, "requests.head-too-large"), id="headers in pieces"),
        pytest.param([*[b"\r\n"] * 20_000], (431, "requests.head-too-large"), id="line ends"),
        pytest.param(
            [CHUNKED, b"0\r\n", *[b"x: y\r\n"] * 9_000], (431, "requests.head-too-large"), id="trailers"
        ),
        pytest.param(
            [CHUNKED, b"1;", *[b"a" * 999] * 40], (431, "requests.head-too-large"), id="chunk extension"
        ),
    ],
)
async def test_what_is_no_request_is_refused(
    connection: Connection, pieces: list[bytes], problem: tuple[int, str]
) -> None:
    await connection.send(*pieces)
    assert connection.problem == problem


async def test_a_large_body_is_no_head(connection: Connection) -> None:
    body = b"a" * 300_000
    await connection.send(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n" + body)
    assert connection.transport.sent.endswith(b"300000")


async def test_many_requests_at_once_are_refused(connection: Connection) -> None:
    await connection.send((GET + b"\r\n") * 1_000)
    assert connection.transport.closed
    assert connection.transport.sent.count(b"HTTP/1.1 200") <= protocol.MAX_PIPELINED


@pytest.mark.parametrize("pieces", [[b"G"], [GET], [CHUNKED], [CHUNKED, b"5\r\na"], [GET + b"\r\n", b"G"]])
async def test_what_takes_too_long_is_told_so(connection: Connection, pieces: list[bytes]) -> None:
    for piece in pieces:
        await connection.send(piece)
    connection.transport.sent = b""
    connection.pass_time(protocol.HEAD_SECONDS)
    assert not connection.transport.closed
    connection.pass_time(10)
    assert connection.problem == (408, "requests.too-slow")


async def test_a_body_that_comes_steadily_may_take_long(connection: Connection) -> None:
    await connection.send(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n")
    for _ in range(50):
        await connection.send(b"a" * 5_000)
        connection.pass_time(5)
    assert not connection.transport.closed


async def test_silence_is_not_answered(connection: Connection) -> None:
    connection.pass_time(protocol.HEAD_SECONDS + 10)
    assert connection.transport.closed
    assert connection.transport.sent == b""


async def test_a_client_that_takes_nothing_is_cut(connection: Connection) -> None:
    await connection.send(GET + b"\r\n")
    connection.transport.waiting = 70_000
    connection.pass_time(protocol.STUCK_SECONDS - 5)
    connection.transport.waiting = 60_000
    connection.pass_time(protocol.STUCK_SECONDS)
    assert not connection.transport.closed, "it takes something now and then"
    connection.pass_time(10)
    assert connection.transport.aborted
    assert connection.transport.options == [socket.SO_LINGER]


async def test_what_has_no_end_is_ended_when_the_server_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    stopped = asyncio.Event()

    async def listen(scope: Any, _receive: Any, send: Any) -> None:
        scope["state"][AT_STOP] = stopped.set
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await stopped.wait()
        await send({"type": "http.response.body", "body": b"bye"})

    monkeypatch.setitem(globals(), "answer", listen)
    connection, idle = Connection(), Connection()
    await connection.send(GET + b"\r\n")
    connection.pass_time(3600)
    assert not connection.transport.closed, "silence is no reason to cut who listens"
    idle.protocol.shutdown()
    connection.protocol.shutdown()
    await connection.send()
    assert idle.transport.closed
    assert connection.transport.sent.endswith(b"3\r\nbye\r\n0\r\n\r\n")
    assert connection.transport.closed
