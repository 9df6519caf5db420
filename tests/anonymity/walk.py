"""Everything that somebody can read: each GET of the published API with all that is known, in each order."""

import asyncio
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any
from urllib.parse import quote, unquote

from app.core import openapi
from tests.anonymity.stage import REQUEST, Stage

API = "/api/v1"
Document = dict[str, Any]
Schema = Mapping[str, Any]

FILES = tuple(
    f"/exports/{what}.{{file_format}}" for what in ("engagement", "ideas", "itineraries", "benefits")
)

APART = {
    **dict.fromkeys(FILES, "stands in a log each time: read once, in the end, by those who may"),
    "/exports/{export_id}/file": "the bytes that an export gives at once as well, behind a link of its owner",
    "/events": "a stream: listened to by itself",
    "/unsubscribe/{token}": "stands behind a secret of the person whom it is about",
    "/calendar-feeds/{secret}": "stands behind a secret of the person whom it is about",
}
"""What is not walked, and why."""

NEVER_VARIED = {"limit", "cursor"}

WORDS: Mapping[str, tuple[str, ...]] = {
    "language": ("fr",),
    "lane": ("invention",),
    "badge": ("first_idea",),
    "skill": ("excel",),
    "q": ("personne", "ecran", "qxalicemark", "qxzoemark", "mark"),
    "text": ("Ce que personne n'ose dire, une minuterie",),
    "act": ("roles.granted", "conflicts.refused"),
    "as_of": ("2026-01-06", "2026-01-31", "2026-02-01"),
    "from": ("2026-01-07", "2026-02-01"),
    "to": ("2026-01-06", "2026-02-01"),
    "season": ("2026-Q1", "all"),
    "stage": ("submitted", "evaluation", "recommended", "selected", "project", "pilot"),
}
"""What is put into parameters that are no identifiers, by their names."""


class Unwalked(AssertionError):
    """A route takes a parameter of which nothing is known here: add it to `WORDS`, or have the script know one."""


def list_addresses(document: Document, known: Mapping[str, list[str]]) -> list[str]:
    """Return the addresses of every GET: with each known part of a path, and one after the other with each filter.

    Raises: Unwalked.
    """
    found: list[str] = []
    for path, method, operation in openapi.list_operations(document):
        route = path.removeprefix(API)
        if method != "get" or not path.startswith(API) or route in APART:
            continue
        parameters = [each for each in operation.get("parameters", []) if each["in"] != "header"]
        places = [each["name"] for each in parameters if each["in"] == "path"]
        values = [_list_values(document, known, route, each) for each in parameters if each["in"] == "path"]
        addresses = [route.format(**dict(zip(places, chosen, strict=True))) for chosen in product(*values)]
        found += addresses
        found += [
            f"{address}?{query}"
            for address in addresses[:1] + addresses[-1:]
            for query in _list_queries(document, known, route, parameters)
        ]
    return list(dict.fromkeys(found))


def list_files() -> list[str]:
    """Return the addresses of what is taken out as a file, as rows that can be compared."""
    files = [route.format(file_format="csv") for route in FILES]
    return files + [f"{files[0]}?as_of={day}" for day in WORDS["as_of"]]


def _list_queries(
    document: Document, known: Mapping[str, list[str]], route: str, parameters: list[Schema]
) -> Iterator[str]:
    asked = [each for each in parameters if each["in"] == "query"]
    # What must be there stands in every query; of lists the longest page is read.
    always = "".join(
        f"{each['name']}={_list_values(document, known, route, each)[0]}&"
        for each in asked
        if each.get("required")
    )
    if any(each["name"] == "limit" for each in asked):
        always += "limit=100&"
    yield always.rstrip("&")
    for each in asked:
        if each["name"] not in NEVER_VARIED:
            for value in _list_values(document, known, route, each):
                yield f"{always}{each['name']}={quote(value)}"


def _list_values(
    document: Document, known: Mapping[str, list[str]], route: str, parameter: Schema
) -> list[str]:
    """Return what is put into a parameter.

    Raises: Unwalked.
    """
    name, schema = parameter["name"], _resolve(document, parameter["schema"])
    if "enum" in schema:
        return [str(each) for each in schema["enum"]]
    if "const" in schema:
        return [str(schema["const"])]
    if schema.get("type") == "boolean":
        return ["true", "false"]
    values = [*known.get(name, ()), *WORDS.get(name, ())]
    if not values:
        message = f"{route}: {name}"
        raise Unwalked(message)
    return values


def _resolve(document: Document, schema: Schema) -> Schema:
    if "$ref" in schema:
        found: Schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
        return found
    return schema


async def read(stage: Stage, name: str, address: str) -> str:
    """Return all that somebody gets at an address: the status, the headers and the body.

    The application is asked as a server asks it: a client would take twice as long as the answers.
    """
    path, _, query = address.partition("?")
    token = stage.speak(name).http.headers["Authorization"] if name else ""
    headers = {"host": "testserver", "authorization": token, "x-request-id": REQUEST}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "method": "GET",
        "path": unquote(f"{API}{path}"),
        "raw_path": f"{API}{path}".encode(),
        "query_string": query.encode(),
        "root_path": "",
        "scheme": "http",
        "http_version": "1.1",
        "server": ("testserver", 80),
        "client": ("127.0.0.1", 1),
        "headers": [(key.encode(), value.encode()) for key, value in headers.items() if value],
    }
    parts: list[bytes] = []

    asked = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> dict[str, Any]:
        for message in asked:
            return message
        # The client stays until it has all of a stream.
        return await asyncio.Future()

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            lines = sorted(key + b": " + value for key, value in message["headers"])
            parts.append(b"\n".join([str(message["status"]).encode(), *lines, b"\n"]))
        else:
            parts.append(message.get("body", b""))

    await stage.app(scope, receive, send)
    return b"".join(parts).decode()
