"""Logs: one JSON line an event on standard error, without personal data."""

import json
import logging
import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TextIO, cast

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from app.core import clock

_PRIVATE_WORDS = frozenset(
    "address addresses authorization body client cookie cookies credential credentials email emails ip mail "
    "mails password passwords phone query secret secrets token tokens".split()
)
_PRIVATE_KEYS = frozenset(
    "name first_name last_name full_name display_name given_name family_name user_name username login person "
    "person_id employee employee_id user user_id actor actor_id author author_id voter voter_id".split()
)
_NOT_A_LETTER = re.compile(r"[^a-z]+")
_MAIL = re.compile(r"[^\s@<>\"'=]+@[^\s@<>\"']+")
_TALKATIVE = ("uvicorn.access", "httpx", "httpx2", "httpcore", "httpcore2")
"""Loggers that tell addresses, queries and secret URLs with every request."""

_MAX_EXCEPTIONS = 8
_MAX_FRAMES = 40


@dataclass
class _Answers:
    """Where lines of answered requests go: straight to a stream, or through the processors without one."""

    stream: TextIO | None = None


_answers = _Answers()


class _Forgiving:
    """A stream whose troubles are nobody's: a full disk under the log must not break what wanted to say so."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._stream.flush()

    def isatty(self) -> bool:
        return self._stream.isatty()


def configure(*, development: bool = False, level: str = "info", stream: TextIO | None = None) -> None:
    """Send every log line of the process, the libraries' too, to standard error from `level` upwards.

    One JSON object a line; in development a form for human eyes. Lines carry what is bound with
    `structlog.contextvars`, as the request's id is. Keys that name personal data or secrets are dropped.
    Exceptions are told by type and place only: their texts quote what people wrote, and are shown in
    development only. A line that can't be written, because a disk is full, is lost without a word.
    """
    stream = cast("TextIO", _Forgiving(stream or sys.stderr))
    threshold = logging.getLevelNamesMapping()[level.upper()]
    _answers.stream = stream if threshold <= logging.INFO and not development else None
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        drop_private,
    ]
    finish: list[Processor] = [summarise_exception, structlog.processors.JSONRenderer()]
    if development:
        # The default formatter would print the variables of every frame, passwords among them.
        plain = structlog.dev.plain_traceback
        finish = [structlog.dev.ConsoleRenderer(colors=stream.isatty(), exception_formatter=plain)]
    # Our own lines don't pass through the standard library, which takes several times as long.
    structlog.configure(
        processors=[*shared, *finish],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    door = logging.StreamHandler(stream)
    remove_meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    door.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, mask_mail_addresses], processors=[remove_meta, *finish]
        )
    )
    logging.basicConfig(handlers=[door], level=threshold, force=True)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def note_answer(*, request_id: str, method: str, route: str, status: int, ms: float) -> None:
    """Write the line of a request that was answered.

    There is one for each request, so in production it does not pass through the processors: nothing in it is private.
    """
    if _answers.stream is None:
        structlog.get_logger().info("requests.answered", method=method, route=route, status=status, ms=ms)
        return
    line = {"method": method, "route": route, "status": status, "ms": ms, "event": "requests.answered"}
    line |= {"request_id": request_id, "level": "info", "timestamp": f"{clock.now():%Y-%m-%dT%H:%M:%S.%fZ}"}
    _answers.stream.write(json.dumps(line) + "\n")
    _answers.stream.flush()


def drop_private(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Drop keys that name personal data or secrets, such as `email`, `reset_token` or `employee_id`."""
    for key in [key for key in event if _is_private(key)]:
        del event[key]
    for key, value in event.items():
        if isinstance(value, dict):
            event[key] = drop_private(_logger, _method, dict(value))
    return event


def mask_mail_addresses(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Mask mail addresses, and passwords in URLs, in the sentences of other people's code."""
    if "@" in (text := str(event["event"])):
        event["event"] = _MAIL.sub("[masked]", text)
    return event


def summarise_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace an exception by its types and frames, causes after it; no text, no value of a variable."""
    found = event.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()
    error = found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        event["exception"] = [
            {"type": f"{type(each).__module__}.{type(each).__qualname__}", "frames": _frames(each)}
            for each in _chain(error)
        ]
    return event


@lru_cache(maxsize=1024)
def _is_private(key: object) -> bool:
    text = str(key).lower()
    return text in _PRIVATE_KEYS or not _PRIVATE_WORDS.isdisjoint(_NOT_A_LETTER.split(text))


def _chain(error: BaseException) -> Iterator[BaseException]:
    pending: list[BaseException | None] = [error]
    seen: set[int] = set()
    while pending and len(seen) < _MAX_EXCEPTIONS:
        each = pending.pop(0)
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        if isinstance(each, BaseExceptionGroup):
            pending.extend(each.exceptions)
        pending.append(each.__cause__ or (None if each.__suppress_context__ else each.__context__))


def _frames(error: BaseException) -> list[str]:
    places: list[Any] = list(traceback.walk_tb(error.__traceback__))
    return [
        f"{frame.f_globals.get('__name__', '?')}:{line} {frame.f_code.co_name}"
        for frame, line in places[-_MAX_FRAMES:]
    ]
