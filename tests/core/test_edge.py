"""The edge of HTTP: names, limits, headers, log lines and problem documents, whatever answers."""

import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import structlog
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import StreamingResponse
from hypothesis import given
from hypothesis import strategies as st
from structlog.contextvars import merge_contextvars

from app.core import edge, wire

JSON = (b"content-type", b"application/json")


@dataclass
class Answer:
    """What came out of the edge."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def problem(self) -> dict[str, Any]:
        assert self.headers["content-type"] == "application/problem+json"
        document: dict[str, Any] = json.loads(self.body)
        assert document["status"] == self.status
        assert document["type"] == f"/problems/{document['code']}"
        assert document["instance"] == f"/requests/{self.headers['x-request-id']}"
        return document


async def call(
    app: edge.Application,
    path: str = "/api/v1/ideas",
    *,
    method: str = "GET",
    query: bytes = b"",
    raw_path: bytes | None = None,
    headers: tuple[tuple[bytes, bytes], ...] = (),
    chunks: tuple[bytes, ...] = (b"",),
    gone_after: int | None = None,
) -> Answer | None:
    """Send one request as a server would; the client leaves after `gone_after` chunks."""
    incoming: list[edge.Message] = [
        {"type": "http.request", "body": chunk, "more_body": place < len(chunks) - 1}
        for place, chunk in enumerate(chunks)
    ]
    if gone_after is not None:
        incoming = [*incoming[:gone_after], {"type": "http.disconnect"}]
    sent: list[edge.Message] = []

    async def receive() -> edge.Message:
        return incoming.pop(0) if incoming else {"type": "http.disconnect"}

    async def send(message: edge.Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode() if raw_path is None else raw_path,
        "query_string": query,
        "root_path": "",
        "headers": list(headers),
        "client": ("203.0.113.7", 5000),
        "server": ("ideabox.example", 443),
    }
    await app(scope, receive, send)
    if not sent:
        return None
    assert [message["type"] for message in sent].count("http.response.start") == 1
    received = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    assert len(received) == len(sent[0]["headers"]), "a header came twice"
    return Answer(sent[0]["status"], received, b"".join(message.get("body", b"") for message in sent[1:]))


async def answered(app: edge.Application, path: str = "/api/v1/ideas", **request: Any) -> Answer:
    answer = await call(app, path, **request)
    assert answer is not None
    return answer


def answering(*headers: tuple[bytes, bytes], status: int = 200) -> edge.Application:
    async def app(scope: edge.Scope, receive: edge.Receive, send: edge.Send) -> None:
        more = True
        while more:
            message = await receive()
            more = message.get("more_body", False)
        await send({"type": "http.response.start", "status": status, "headers": list(headers)})
        await send({"type": "http.response.body", "body": scope["state"]["request_id"].encode()})

    return app


def breaking(error: BaseException) -> edge.Application:
    async def app(_scope: edge.Scope, _receive: edge.Receive, _send: edge.Send) -> None:
        raise error

    return app


async def unreachable(_scope: edge.Scope, _receive: edge.Receive, _send: edge.Send) -> None:
    pytest.fail("the request reached the application")


@pytest.fixture
def lines() -> Iterator[list[structlog.typing.EventDict]]:
    configured = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG))
    with structlog.testing.capture_logs(processors=[merge_contextvars]) as lines:
        yield lines
    structlog.configure(**configured)


@pytest.fixture
def application() -> FastAPI:
    """A small application as ours is made: nested routers, a body, a stream, and things that break."""
    ideas = APIRouter(prefix="/ideas")

    @ideas.get("/{idea_id}/comments/{comment_id}")
    async def show(idea_id: str, comment_id: str) -> dict[str, str]:
        return {"idea": idea_id, "comment": comment_id}

    @ideas.post("")
    async def submit(values: dict[str, str]) -> dict[str, str]:
        return values

    @ideas.post("/raw")
    async def raw(request: Request) -> int:
        return len(await request.body())

    @ideas.get("/broken")
    async def broken() -> None:
        message = "alice@annuaire.example is a duplicate"
        raise RuntimeError(message)

    @ideas.get("/stream")
    async def stream() -> StreamingResponse:
        async def parts() -> AsyncIterator[bytes]:
            yield b"first"
            message = "midway"
            raise RuntimeError(message)

        return StreamingResponse(parts())

    api = APIRouter(prefix="/api/v1")
    api.include_router(ideas)
    app = FastAPI()
    app.include_router(api)
    app.add_middleware(edge.Edge, max_body=100, max_bodies={"/api/v1/ideas/raw": 1000})
    return app


async def test_a_request_gets_a_name_that_everybody_uses(lines: list[structlog.typing.EventDict]) -> None:
    answer = await answered(edge.Edge(answering()))
    name = answer.headers["x-request-id"]
    assert len(name) == 24
    assert answer.body.decode() == name
    assert [line["request_id"] for line in lines] == [name]
    assert (await answered(edge.Edge(answering()))).headers["x-request-id"] != name


async def test_the_name_ends_with_the_request() -> None:
    await answered(edge.Edge(answering()))
    assert "request_id" not in structlog.contextvars.get_contextvars()


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        (b"abcdefgh", True),
        (b"Trace-1.2_3", True),
        (b"a" * 64, True),
        (b"abcdefg", False),
        (b"a" * 65, False),
        (b"abcdefgh\n", False),
        (b"abcd efgh", False),
        (b"abcdefgh\x1b[31m", False),
        (b'{"a":"b"}xx', False),
        ("éééééééé".encode(), False),
        (b"", False),
    ],
)
async def test_a_client_may_name_its_request_in_plain_characters(given_name: bytes, kept: bool) -> None:
    answer = await answered(edge.Edge(answering()), headers=((b"x-request-id", given_name),))
    assert (answer.headers["x-request-id"].encode() == given_name) is kept


async def test_an_answer_of_the_api_is_locked_down() -> None:
    headers = (await answered(edge.Edge(answering(JSON)))).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["cache-control"] == "no-store"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "strict-transport-security" not in headers
    secured = (await answered(edge.Edge(answering(JSON), https=True))).headers
    assert secured["strict-transport-security"] == "max-age=31536000"


async def test_what_a_route_sets_stays() -> None:
    own = (
        (b"cache-control", b"private"),
        (b"content-security-policy", b"default-src 'self'"),
        (b"referrer-policy", b"same-origin"),
    )
    headers = (await answered(edge.Edge(answering(*own)), "/api/docs")).headers
    assert headers["cache-control"] == "private"
    assert headers["content-security-policy"] == "default-src 'self'"
    assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("status", [200, 304])
async def test_a_page_keeps_a_policy_under_which_it_works(status: int) -> None:
    app = edge.Edge(answering(status=status), page_policy="script-src 'self'")
    assert (await answered(app, "/ideas/7")).headers["content-security-policy"] == "script-src 'self'"
    assert "'none'" in (await answered(app, "/api/v1/ideas")).headers["content-security-policy"]


async def test_a_declared_length_over_the_limit_is_refused_unread() -> None:
    app = edge.Edge(unreachable, max_body=10)
    for length in (b"11", b"1000000000000", b"9" * 5000):
        answer = await answered(app, method="POST", headers=((b"content-length", length),))
        assert answer.status == 413
        assert answer.problem["code"] == "requests.too-large"
        assert answer.headers["connection"] == "close"
        assert answer.headers["content-security-policy"] == edge.API_POLICY


@pytest.mark.parametrize("length", [b"", b"-1", b"+5", b"1e3", b"ten", b"5, 5"])
async def test_a_length_that_is_no_number_is_refused(length: bytes) -> None:
    answer = await answered(edge.Edge(unreachable), method="POST", headers=((b"content-length", length),))
    assert (answer.status, answer.problem["code"]) == (400, "requests.malformed")


async def test_a_body_up_to_the_limit_passes() -> None:
    app = edge.Edge(answering(), max_body=10)
    assert (await answered(app, method="POST", chunks=(b"12345", b"67890"))).status == 200
    assert (
        await answered(app, method="POST", headers=((b"content-length", b"10"),), chunks=(b"x" * 10,))
    ).status == 200


@pytest.mark.parametrize("headers", [(), ((b"content-length", b"5"),)])
async def test_chunks_are_counted_whatever_was_declared(headers: tuple[tuple[bytes, bytes], ...]) -> None:
    answer = await answered(
        edge.Edge(answering(), max_body=10), method="POST", headers=headers, chunks=(b"12345",) * 3
    )
    assert (answer.status, answer.problem["code"]) == (413, "requests.too-large")


async def test_a_framework_does_not_hide_that_a_body_was_too_large(
    application: FastAPI, lines: list[structlog.typing.EventDict]
) -> None:
    for path in ("/api/v1/ideas", "/api/v1/ideas/raw"):
        answer = await answered(application, path, method="POST", headers=(JSON,), chunks=(b" " * 60,) * 20)
        assert (answer.status, answer.problem["code"]) == (413, "requests.too-large")
    assert [line["status"] for line in lines] == [413, 413]


async def test_a_path_can_have_a_limit_of_its_own(application: FastAPI) -> None:
    assert (
        await answered(application, "/api/v1/ideas/raw", method="POST", chunks=(b"x" * 500,) * 2)
    ).body == b"1000"


async def test_the_log_tells_the_route_and_nothing_of_anybody(
    application: FastAPI, lines: list[structlog.typing.EventDict]
) -> None:
    await call(application, "/api/v1/ideas/secretid/comments/otherid", query=b"q=alice")
    line = dict(lines[0])
    assert line.pop("ms") >= 0
    assert len(line.pop("request_id")) == 24
    assert line == {
        "event": "requests.answered",
        "log_level": "info",
        "method": "GET",
        "route": "/api/v1/ideas/{idea_id}/comments/{comment_id}",
        "status": 200,
    }


async def test_a_path_that_no_route_knows_is_not_logged(
    application: FastAPI, lines: list[structlog.typing.EventDict]
) -> None:
    assert (await answered(application, "/api/v1/people/alice")).status == 404
    assert lines[0]["route"] == "-"


@pytest.mark.parametrize(
    ("path", "parameters", "template"),
    [
        ("/a/b", {"x": "b"}, "/a/{x}"),
        ("/ideas/idea", {"id": "idea"}, "/ideas/{id}"),
        ("/a/7", {"id": 7}, "/a/{id}"),
        ("/a/007", {"id": 7}, "-"),
        ("/a/b/c", {"path": "b/c"}, "-"),
        ("/x/x", {"a": "x", "b": "x"}, "/{a}/{b}"),
        ("/plain", {}, "/plain"),
    ],
)
def test_templates_never_hold_what_was_asked_for(
    path: str, parameters: dict[str, Any], template: str
) -> None:
    assert edge.route_template({"path": path, "path_params": parameters, "route": object()}) == template


async def test_health_checks_are_not_logged_unless_they_fail(lines: list[structlog.typing.EventDict]) -> None:
    await call(edge.Edge(answering()), "/health/live")
    assert lines == []
    await call(edge.Edge(answering(status=503)), "/health/ready")
    assert [line["status"] for line in lines] == [503]


async def test_what_breaks_shows_nothing_of_the_inside(
    application: FastAPI, lines: list[structlog.typing.EventDict]
) -> None:
    answer = await answered(application, "/api/v1/ideas/broken")
    assert (answer.status, answer.problem["code"]) == (500, "requests.failed")
    for inside in (b"alice", b"RuntimeError", b"Traceback", b".py", b"duplicate"):
        assert inside not in answer.body
    assert [line["event"] for line in lines] == ["requests.failed", "requests.answered"]
    assert {line["request_id"] for line in lines} == {answer.headers["x-request-id"]}
    assert isinstance(lines[0]["exc_info"], RuntimeError)


async def test_an_application_that_says_nothing_has_failed() -> None:
    async def silent(_scope: edge.Scope, _receive: edge.Receive, _send: edge.Send) -> None:
        return

    assert (await answered(edge.Edge(silent))).problem["code"] == "requests.failed"


async def test_an_answer_that_breaks_midway_is_not_ended_as_if_whole(
    application: FastAPI, lines: list[structlog.typing.EventDict]
) -> None:
    answer = await answered(application, "/api/v1/ideas/stream")
    assert (answer.status, answer.body) == (200, b"first")
    assert [line["event"] for line in lines] == ["requests.failed", "requests.answered"]


async def test_a_client_that_leaves_while_sending_is_no_error(
    application: FastAPI, lines: list[structlog.typing.EventDict]
) -> None:
    for path in ("/api/v1/ideas", "/api/v1/ideas/raw"):
        await call(application, path, method="POST", headers=(JSON,), chunks=(b"{", b"}"), gone_after=1)
    assert [(line["event"], line["status"]) for line in lines] == [("requests.answered", 499)] * 2


async def test_an_error_is_one_although_the_client_has_left(lines: list[structlog.typing.EventDict]) -> None:
    async def app(_scope: edge.Scope, receive: edge.Receive, _send: edge.Send) -> None:
        await receive()
        assert (await receive())["type"] == "http.disconnect"
        raise ZeroDivisionError

    await call(edge.Edge(app))
    assert [line["event"] for line in lines] == ["requests.failed", "requests.answered"]


async def test_a_server_that_can_send_no_more_is_no_error(lines: list[structlog.typing.EventDict]) -> None:
    async def receive() -> edge.Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(_message: edge.Message) -> None:
        raise BrokenPipeError

    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []}
    await edge.Edge(answering())(scope, receive, send)
    assert [line["event"] for line in lines] == ["requests.answered"]


async def test_a_cancelled_request_stays_cancelled(lines: list[structlog.typing.EventDict]) -> None:
    with pytest.raises(KeyboardInterrupt):
        await call(edge.Edge(breaking(KeyboardInterrupt())))
    assert [line["status"] for line in lines] == [499]


async def test_other_protocols_pass() -> None:
    seen: list[str] = []

    async def app(scope: edge.Scope, _receive: edge.Receive, _send: edge.Send) -> None:
        seen.append(scope["type"])

    nothing: Callable[..., Awaitable[Any]] = unreachable
    await edge.Edge(app)({"type": "lifespan"}, nothing, nothing)
    assert seen == ["lifespan"]


@pytest.mark.parametrize(
    "text",
    [
        b"%00",
        b"a%00b",
        b"%ff",
        b"%c0%80",
        b"%ed%a0%80",
        b"%ef%bf%be",
        b"\xff",
        b"%f4%90%80%80",
        b"%C3",
        b"\x00",
    ],
)
async def test_what_is_no_text_gets_no_further_than_the_edge(text: bytes) -> None:
    app = edge.Edge(unreachable)
    requests: list[dict[str, Any]] = [
        {"raw_path": b"/api/v1/ideas/" + text},
        {"query": b"q=" + text},
        {"query": text + b"=1"},
    ]
    for request in requests:
        answer = await answered(app, **request)
        assert (answer.status, answer.problem["code"]) == (400, "requests.malformed")
    if b"%" not in text:
        answer = await answered(app, headers=((b"idempotency-key", text),))
        assert "header" in answer.problem["detail"]


@pytest.mark.parametrize(
    "text",
    [
        b"%C3%A9t%C3%A9",
        b"100%",
        b"%zz",
        b"%2500",
        b"a+b",
        "été".encode(),
        b"%F0%9F%A6%8A",
        b"%EF%BF%BD",
    ],
)
async def test_text_passes(text: bytes) -> None:
    app = edge.Edge(answering())
    assert (await answered(app, raw_path=b"/api/v1/ideas/" + text, query=b"q=" + text)).status == 200


async def test_a_server_without_raw_path_is_guarded_too() -> None:
    assert (await answered(edge.Edge(unreachable), "/api/\0", raw_path=b"")).status == 400
    assert (await answered(edge.Edge(answering()), "/api/été", raw_path=b"")).status == 200


@given(st.binary(max_size=40), st.binary(max_size=40), st.binary(max_size=40))
def test_any_bytes_get_a_verdict(path: bytes, query: bytes, value: bytes) -> None:
    scope = {"path": "/", "raw_path": b"/" + path, "query_string": query, "headers": [(b"x", value)]}
    fault = wire.find_fault(scope)
    if fault is None:
        value.decode()
        assert b"\0" not in path + query + value
