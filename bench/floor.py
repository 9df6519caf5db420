"""The floor: the least that a hand-written server does for the same answers and the same writes.

No framework, no routing table, no validation beyond what the answer needs; a token is looked up in a dict. The
server, the driver, the texts' HTML (kept once made) and the analysis of searched words are the same as in Ideabox.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any, Protocol
from urllib.parse import parse_qs

import msgspec

from app.core import clock, ids, markdown
from bench.asks import API

Rows = list[Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]

_IDEAS = f"{API}/ideas"
_ID = slice(len(_IDEAS) + 1, len(_IDEAS) + 1 + ids.LENGTH)
_OPEN = frozenset({"submitted", "evaluation", "recommended", "selected", "project", "pilot"})
_REVIEW = frozenset({"submitted", "evaluation"})
_UNSETTLED = _OPEN | {"deployed"}
_STAGES = (*_OPEN, "deployed", "draft", "declined", "withdrawn", "merged")
_render = cache(markdown.render.__wrapped__)
"""Without a bound: a floor that rendered a text twice would be no floor."""

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(dict[str, Any]).decode


class Store(Protocol):
    """The floor's statements on one engine."""

    def write_time(self, moment: Any) -> str:
        """Return a moment as it stands on the wire."""

    async def list_feed(self, reader: str) -> Rows:
        """Return 21 rows of the newest ideas."""

    async def search(self, reader: str, words: str) -> Rows:
        """Return 21 rows of the hottest ideas with the words."""

    async def find_idea(self, reader: str, idea_id: str) -> Any:
        """Return the row of an idea with its texts, None without one."""

    async def list_comments(self, reader: str, idea_id: str) -> Rows:
        """Return the comments of an idea, threads and replies, oldest first."""

    async def vote(self, reader: str, idea_id: str, now: datetime) -> int | None:
        """Cast a vote: row, counter, event; returns the votes after it, None when it was not taken."""

    async def comment(self, reader: str, idea_id: str, comment_id: str, body: str, now: datetime) -> Any:
        """Write a comment: row, counter, event; returns the author's name and whether it is hidden."""


def _list_abilities(stage: str, *, own: bool, clarification: bool, appealed: bool) -> list[str]:
    """Return what somebody without a role may do, as `domain.abilities` has it."""
    able = ["vote"] if not own and stage in _UNSETTLED else []
    able += ["comment"] if stage not in {"draft", "merged"} else []
    able += ["edit", "invite"] if own and (stage in _REVIEW or stage == "draft") else []
    able += ["ask_for_help"] if own and stage not in {"deployed", "withdrawn", "merged"} else []
    able += ["delete"] if own and stage == "draft" else []
    able += ["stand_back"] if not own and stage in _OPEN else []
    able += ["submit"] if own and stage == "draft" else []
    able += ["answer"] if own and stage in _REVIEW and clarification else []
    able += ["appeal"] if own and stage == "declined" and not appealed else []
    able += ["withdraw"] if own and stage in _OPEN else []
    return able + (["restrict"] if own else [])


_ABLE = {
    (stage, own, clarification, appealed): _list_abilities(
        stage, own=own, clarification=clarification, appealed=appealed
    )
    for stage in _STAGES
    for own in (False, True)
    for clarification in (False, True)
    for appealed in (False, True)
}


class Floor:
    """The application."""

    def __init__(self, store: Store, people: Mapping[str, str]) -> None:
        """Serve from a store; `people` are the identifiers of who holds a token."""
        self._store = store
        self._people = {f"Bearer {token}".encode(): person for token, person in people.items()}

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            return
        status, body = 401, b"{}"
        for name, value in scope["headers"]:
            if name == b"authorization" and value in self._people:
                status, body = await self._answer(scope, receive, self._people[value])
                break
        length = str(len(body)).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", length)]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Any, receive: Receive, reader: str) -> tuple[int, bytes]:
        path = scope["path"]
        if path == _IDEAS:
            query = scope["query_string"]
            rows = await (
                self._store.search(reader, parse_qs(query)[b"q"][0].decode())
                if b"q=" in query
                else self._store.list_feed(reader)
            )
            return 200, _encode(self._shape_page([self._shape_card(row) for row in rows], 20))
        idea_id = path[_ID]
        if scope["method"] == "PUT":
            votes = await self._store.vote(reader, idea_id, clock.now())
            return (409, b"{}") if votes is None else (200, _encode({"votes": votes, "voted": True}))
        if scope["method"] == "POST":
            return 201, _encode(await self._write_comment(reader, idea_id, await _read(receive)))
        if path.endswith("/comments"):
            rows = await self._store.list_comments(reader, idea_id)
            return 200, _encode(self._shape_threads(reader, rows))
        row = await self._store.find_idea(reader, idea_id)
        return (404, b"{}") if row is None else (200, _encode(self._shape_idea(row)))

    def _shape_page(self, items: list[dict[str, Any]], limit: int) -> dict[str, Any]:
        more = len(items) > limit
        del items[limit:]
        return {
            "items": items,
            "next_cursor": f"{items[-1]['created_at']}{items[-1]['id']}" if more else None,
        }

    def _shape_card(self, row: Any) -> dict[str, Any]:
        return {
            "id": row[0],
            "title": row[1],
            "stage": row[2],
            "clarification": bool(row[3]),
            "on_hold": bool(row[4]),
            "votes": row[5],
            "votes_hidden": bool(row[22]),
            "comments": row[6],
            "voted": bool(row[7]),
            "anonymous": bool(row[8]),
            "hidden": row[23],
            "restriction": row[24],
            "author": {"id": row[9], "name": row[10]} if row[9] else None,
            "function": {"id": row[11], "name": row[12]} if row[11] else None,
            "theme": {"id": row[13], "name": row[14]},
            "campaign": {"id": row[15], "name": row[16]},
            "holder": {"id": row[17], "name": row[18]} if row[17] and row[2] in _OPEN else None,
            "created_at": self._store.write_time(row[19]),
            "can": _ABLE[row[2], row[20] == "accepted", bool(row[3]), bool(row[21])],
        }

    def _shape_idea(self, row: Any) -> dict[str, Any]:
        """Return an idea of a stage that has no gates, no decline and nothing from elsewhere."""
        problem, solution, benefit, version, updated_at, since, due_at, paused_at = row[25:33]
        authors, tags, fields = row[33:36]
        return self._shape_card(row) | {
            "problem": problem,
            "solution": solution,
            "benefit": benefit,
            "problem_html": _render(problem),
            "solution_html": _render(solution),
            "benefit_html": _render(benefit),
            "authors": msgspec.Raw((authors or "[]").encode()),
            "tags": msgspec.Raw((tags or "[]").encode()),
            "fields": msgspec.Raw((fields or "[]").encode()),
            "version": version,
            "updated_at": self._store.write_time(updated_at),
            "wake_on": None,
            "canonical": None,
            "waiting": {
                "since": self._store.write_time(since),
                "due_at": self._store.write_time(due_at) if due_at else None,
                "paused": paused_at is not None,
            }
            if since
            else None,
            "decline": None,
            "gates": [],
            "elsewhere": None,
        }

    def _shape_threads(self, reader: str, rows: Rows) -> dict[str, Any]:
        threads: dict[str, dict[str, Any]] = {}
        replies = []
        for row in rows:
            said = self._shape_comment(reader, row)
            if row[5] is None:
                threads[row[0]] = said | {"replies": []}
            else:
                replies.append(said)
        for reply in replies:
            threads[reply["reply_to"]]["replies"].append(reply)
        return self._shape_page(list(threads.values()), 50)

    def _shape_comment(self, reader: str, row: Any) -> dict[str, Any]:
        said, idea, author, name, body, parent, created_at, edited_at, deleted, version, *marks = row
        unnamed, credited, hidden, may_credit = marks
        can = ["edit", "delete"] if author == reader else []
        can += ["take_credit" if credited else "credit"] if may_credit else []
        return {
            "id": said,
            "idea": idea,
            "author": None if deleted or unnamed else {"id": author, "name": name},
            "body": None if deleted else body,
            "body_html": None if deleted else _render(body),
            "reply_to": parent,
            "created_at": self._store.write_time(created_at),
            "edited_at": None if edited_at is None else self._store.write_time(edited_at),
            "deleted": bool(deleted),
            "credited": bool(credited and not deleted),
            "hidden": hidden,
            "version": version,
            "can": [] if deleted else can,
        }

    async def _write_comment(self, reader: str, idea_id: str, given: bytes) -> dict[str, Any]:
        body, comment_id, now = _decode(given)["body"], ids.new(), clock.now()
        name, hidden = await self._store.comment(reader, idea_id, comment_id, body, now)
        moment = now.isoformat(timespec="milliseconds")[:23] + "Z"
        return {
            "id": comment_id,
            "idea": idea_id,
            "author": None if hidden else {"id": reader, "name": name},
            "body": body,
            "body_html": _render(body),
            "reply_to": None,
            "created_at": moment,
            "edited_at": None,
            "deleted": False,
            "credited": False,
            "hidden": None,
            "version": 1,
            "can": ["edit", "delete"],
            "replies": [],
        }


async def _read(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if not message.get("more_body"):
            return body


def read_people(lines: str) -> dict[str, str]:
    """Return who holds which token, from lines of `person token`."""
    return {token: person for person, token in (line.split() for line in lines.splitlines())}
