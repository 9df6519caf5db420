"""Trial: texts that are made to be slow to read take time in proportion to their length, and never much."""

import time
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from fastapi import FastAPI

from app.main import create_app
from tests.chaos.installation import Installation
from tests.chaos.pattern_texts import PATTERNS, repeat
from tests.chaos.people import API
from tests.chaos.trials import Outcome
from tests.conftest import make_settings

MOST_SECONDS = 0.5
_STEPS = (4, 2, 1)
_GROWTH = {4: 6.0, 2: 3.0}
"""How many times longer a text so many times longer may take: linear, and a half more."""

_WORTH_MEASURING = 0.01
_READINGS = 2
_REPEATS = 3
_HEADER = 30_000

Reading = Callable[[str], Awaitable[object]]


@dataclass(frozen=True)
class Timing:
    """What a text took at a quarter, a half and the whole of its limit, in seconds of the processor."""

    seconds: dict[int, float]

    @property
    def whole(self) -> float:
        """The seconds at the limit."""
        return self.seconds[1]

    @property
    def excess(self) -> float:
        """The growth in shares of what it may be; more than 1 is too much."""
        if self.whole < _WORTH_MEASURING:
            return 0.0
        return max(self.whole / self.seconds[step] / most for step, most in _GROWTH.items())


async def run(installation: Installation, seed: int) -> Outcome:
    """Have every text read at three sizes, by its reader or over HTTP."""
    outcome = Outcome()
    for pattern in PATTERNS:

        async def read(text: str, read: Callable[[str], object] = pattern.read) -> object:
            return read(text)

        await examine(outcome, pattern.name, pattern.build, read, pattern.limit)
    token = next(iter(installation.tokens.values()))
    app = create_app(make_settings(installation.url, installation.directory))
    async with app.router.lifespan_context(app):
        for name, reading in _list_requests(app, token):
            for kind, build in HEADERS.items():
                await examine(outcome, f"{name}: {kind}", build, reading, _HEADER)
    return outcome


async def examine(
    outcome: Outcome, name: str, build: Callable[[int], str], read: Reading, limit: int
) -> None:
    """Have one text read; it counts as slow when it is slow again and again."""
    timings = []
    for _ in range(_REPEATS):
        timings.append(await _time(build, read, limit))
        if timings[-1].excess <= 1 and timings[-1].whole <= MOST_SECONDS:
            break
    best = min(timings, key=lambda timing: timing.excess)
    whole = min(timing.whole for timing in timings)
    outcome.count("texts")
    outcome.counts["ms the slowest"] = max(int(outcome.counts.get("ms the slowest", 0)), round(whole * 1000))
    if whole > MOST_SECONDS:
        outcome.faults.append(f"{name}: {limit:,} characters took {whole:.2f} s")
    if best.excess > 1:
        shown = ", ".join(
            f"{limit // step:,}: {seconds * 1000:.0f} ms" for step, seconds in best.seconds.items()
        )
        outcome.faults.append(f"{name}: grows more than linearly: {shown}")


async def _time(build: Callable[[int], str], read: Reading, limit: int) -> Timing:
    seconds = {}
    for step in _STEPS:
        text = build(limit // step)
        seconds[step] = min([await _time_once(read, text) for _ in range(_READINGS)])
        if seconds[step] > MOST_SECONDS:
            return Timing(dict.fromkeys(_STEPS, seconds[step]) | seconds)
    return Timing(seconds)


async def _time_once(read: Reading, text: str) -> float:
    """Return the processor's seconds of this process: those of others don't count."""
    begin = time.process_time()
    await read(text)
    return time.process_time() - begin


HEADERS: dict[str, Callable[[int], str]] = {
    "commas": repeat(","),
    "semicolons": repeat(";"),
    "backslashes": repeat("\\", 'a/b; c="'),
    "quotes": repeat('"', "a/b; c="),
    "parameters": repeat(";a=b", "a/b"),
    "blanks": repeat(" ", "a", "b"),
    "languages": repeat("en-US;q=0.9,"),
    "ranges": repeat("0-,", "bytes="),
    "tags": repeat('"a",'),
    "weak tags": repeat('W/"a", '),
    "digits": repeat("9"),
    "percents": repeat("%41"),
    "parentheses": repeat("("),
    "equals": repeat("="),
    "form": repeat('"\\', 'application/x-www-form-urlencoded; !="'),
    "multipart": repeat("a", "multipart/form-data; boundary="),
}


def _list_requests(app: FastAPI, token: str) -> Iterator[tuple[str, Reading]]:
    """Give what carries a text over HTTP: each header that somebody reads, the query, the path."""

    def ask(method: str, path: str, header: str = "") -> Reading:
        async def read(text: str) -> object:
            target, _, query = path.replace("TEXT", text.replace("#", "")).partition("?")
            given = {"authorization": f"Bearer {token}", "content-length": "2"}
            if header:
                given |= {header.lower(): text}
            status = await _call(app, method, target, query, given)
            if status >= 500:
                raise AssertionError(f"{method} {path}, {header}: {status}")
            return status

        return read

    for header in (
        "Accept",
        "Accept-Language",
        "Cookie",
        "If-None-Match",
        "Range",
        "X-Request-Id",
        "X-Forwarded-For",
    ):
        yield header, ask("GET", f"{API}/ideas?limit=1", header)
    for header in ("Content-Type", "If-Match", "Idempotency-Key", "Authorization"):
        yield header, ask("POST", f"{API}/ideas", header)
    yield "Range of a page", ask("GET", "/api/docs", "Range")
    yield "Content-Type of a sign-in", ask("POST", f"{API}/auth/token", "Content-Type")
    yield "Content-Type of a directory", ask("POST", f"{API}/directory/imports", "Content-Type")
    yield "search", ask("GET", f"{API}/ideas?q=TEXT")
    yield "cursor", ask("GET", f"{API}/ideas?cursor=TEXT")
    yield "path", ask("GET", f"{API}/ideas/TEXT")


async def _call(app: FastAPI, method: str, path: str, query: str, headers: dict[str, str]) -> int:
    """Ask the application as its server does, without a client that measures its own work; returns the status."""
    statuses: list[int] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"{}", "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("203.0.113.7", 5000),
        "server": ("ideabox.example", 443),
    }
    await app(scope, receive, send)
    return statuses[0]
