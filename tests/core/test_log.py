"""Log lines: JSON on one line, without personal data."""

import errno
import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from structlog.contextvars import bound_contextvars

from app.core import log

PRIVATE = {
    "email": "alice@annuaire.example",
    "reset_token": "t0p",
    "Authorization": "Bearer x",
    "name": "Alice",
    "password": "le chat dort",
    "new-password": "le chat dort",
    "body": "an idea",
    "query": "q=alice",
    "employee_id": "abc",
    "set-cookie": "session=1",
    "client_ip": "203.0.113.7",
}


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level, configured = root.handlers[:], root.level, structlog.get_config()
    stream = io.StringIO()
    log.configure(stream=stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**configured)
    log.configure(level="error")


def written(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_one_json_object(stream: io.StringIO) -> None:
    with bound_contextvars(request_id="r1"):
        structlog.get_logger().info("votes.cast", count=3)
    line = written(stream)[0]
    assert line.pop("timestamp").endswith("Z")
    assert line == {"event": "votes.cast", "count": 3, "level": "info", "request_id": "r1"}


def test_what_names_a_person_or_a_secret_is_dropped(stream: io.StringIO) -> None:
    structlog.get_logger().info(
        "people.imported", rows=2, nested={"email": "a@b.example", "kept": 1}, **PRIVATE
    )
    line = written(stream)[0]
    assert set(line) == {"event", "level", "timestamp", "rows", "nested"}
    assert line["nested"] == {"kept": 1}


def test_nobody_can_write_a_second_line_or_move_the_cursor(stream: io.StringIO) -> None:
    structlog.get_logger().info("files.refused", file="a\r\nb\x1b[31m\u009b\u2028\ud800.png")
    assert stream.getvalue().count("\n") == 1
    assert stream.getvalue().isascii()
    assert "\x1b" not in stream.getvalue()


def test_an_exception_is_told_by_type_and_place_only(stream: io.StringIO) -> None:
    try:
        try:
            raise KeyError("alice@annuaire.example")  # noqa: TRY301  the text of an exception is the point
        except KeyError as error:
            raise ExceptionGroup("alice", [ValueError("alice"), error]) from error
    except ExceptionGroup:
        structlog.get_logger().exception("jobs.failed")
    line = written(stream)[0]
    assert "alice" not in stream.getvalue()
    assert [told["type"] for told in line["exception"]] == [
        "builtins.ExceptionGroup",
        "builtins.ValueError",
        "builtins.KeyError",
    ]
    assert "test_an_exception_is_told" in line["exception"][0]["frames"][0]
    assert "/" not in line["exception"][0]["frames"][0]


def test_the_lines_of_libraries_take_the_same_form(stream: io.StringIO) -> None:
    library = logging.getLogger("some.library")
    library.warning("could not reach postgresql://user:secret@host/base for %s", "alice@annuaire.example")
    try:
        raise RuntimeError("alice")  # noqa: TRY301  the same
    except RuntimeError:
        library.exception("broke")
    first, second = written(stream)
    assert first["level"] == "warning"
    assert "alice" not in stream.getvalue()
    assert "secret" not in stream.getvalue()
    assert second["exception"][0]["type"] == "builtins.RuntimeError"


def test_loggers_that_tell_addresses_are_quiet(stream: io.StringIO) -> None:
    logging.getLogger("uvicorn.access").info("203.0.113.7 - GET /api/v1/ideas?q=alice")
    logging.getLogger("httpx").info("POST https://hooks.example/secret")
    assert stream.getvalue() == ""


def test_lines_below_the_level_are_not_written(stream: io.StringIO) -> None:
    log.configure(stream=stream, level="error")
    structlog.get_logger().warning("a.b")
    logging.getLogger("library").warning("c")
    structlog.get_logger().error("d.e")
    assert [line["event"] for line in written(stream)] == ["d.e"]


def test_in_development_lines_are_for_eyes(stream: io.StringIO) -> None:
    log.configure(stream=stream, development=True)
    private = "alice@annuaire.example"
    try:
        raise RuntimeError("the text helps here")  # noqa: TRY301  the same
    except RuntimeError:
        structlog.get_logger().exception("jobs.failed", email=private)
    assert "jobs.failed" in stream.getvalue()
    assert "the text helps here" in stream.getvalue()
    assert "alice" not in stream.getvalue()


def test_a_full_disk_under_the_log_breaks_nobody(
    stream: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(stream, "write", refuse)
    log.configure(stream=stream)
    structlog.get_logger().warning("jobs.drain-failed", pause=1.0)
    logging.getLogger("somebody.else").warning("It did not work.")
    monkeypatch.undo()
    structlog.get_logger().info("votes.cast")
    assert [line["event"] for line in written(stream)] == ["votes.cast"]
