"""Sending requests byte by byte, as a server would hand them to the application."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from fastapi import FastAPI

Headers = tuple[tuple[bytes, bytes], ...]

JSON: Headers = ((b"content-type", b"application/json"),)


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def code(self) -> str:
        """The code of the problem document, "" for what is none."""
        if self.headers.get("content-type") != "application/problem+json":
            return ""
        code: str = json.loads(self.body)["code"]
        return code

    def find_fault(self) -> str | None:
        """Return what an error lacks: the form of a problem document, or what goes with its status."""
        if self.status < 400:
            return None
        if self.status >= 500 or not self.code:
            return f"{self.status} {self.headers.get('content-type')} {self.body[:200]!r}"
        problem: dict[str, Any] = json.loads(self.body)
        needed = {401: "www-authenticate", 405: "allow", 429: "retry-after"}.get(self.status)
        wrong = {
            "lacks a member": not {"type", "title", "status", "detail", "code", "instance"} <= set(problem),
            "contradicts itself": problem["status"] != self.status
            or problem["type"] != f"/problems/{self.code}",
            f"lacks {needed}": needed is not None and needed not in self.headers,
            "names no field": self.code == "requests.invalid" and not problem.get("errors"),
        }
        return next((f"{self.status} {what}: {problem}" for what, is_so in wrong.items() if is_so), None)


async def send(
    app: FastAPI,
    method: str,
    target: str | bytes,
    *,
    headers: Iterable[tuple[bytes, bytes]] = (),
    chunks: tuple[bytes, ...] = (b"",),
) -> Answer:
    """Send one request; `target` is path and query as they stand in the request line.

    The body arrives in `chunks`; after the last one the client has gone, as a server tells it.
    """
    raw_path, _, query = (target.encode() if isinstance(target, str) else target).partition(b"?")
    incoming = [
        {"type": "http.request", "body": chunk, "more_body": place < len(chunks) - 1}
        for place, chunk in enumerate(chunks)
    ]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return incoming.pop(0) if incoming else {"type": "http.disconnect"}

    async def keep(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(raw_path.decode("latin-1")),
        "raw_path": raw_path,
        "query_string": query,
        "root_path": "",
        "headers": list(headers),
        "client": ("203.0.113.7", 5000),
        "server": ("ideabox.example", 80),
        "state": {},
    }
    await app(scope, receive, keep)
    start, *rest = sent
    return Answer(
        start["status"],
        {name.decode(): value.decode("latin-1") for name, value in start["headers"]},
        b"".join(message.get("body", b"") for message in rest),
    )
