"""The operations of the published document, and requests that fit it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI

from app.core import openapi
from app.routers import documentation

Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Operation:
    """A method of a path, with the schemas of its parts resolved."""

    method: str
    path: str
    signed_in: bool
    query: dict[str, Schema] = field(default_factory=dict)
    needed: bytes = b""
    takes: frozenset[str] = frozenset()
    body: Schema | None = None
    media_types: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def reads_json(self) -> bool:
        """Whether the body is JSON."""
        return "application/json" in self.media_types

    @property
    def is_file(self) -> bool:
        """Whether this is a file made while it is read, which is written down each time."""
        return self.path.endswith(".{file_format}")

    def fill(self, known: Mapping[str, str]) -> str:
        """Return the path with identifiers put in by the names of its parameters."""
        return re.sub(r"{(\w+)}", lambda match: known[match[1]], self.path)


def list_operations(app: FastAPI) -> list[Operation]:
    """Return the operations that the application publishes."""
    document = documentation.describe(app)
    found = []
    for path, method, operation in openapi.list_operations(document):
        parameters = operation.get("parameters", [])
        content = operation.get("requestBody", {}).get("content", {})
        media: dict[str, Any] = next(iter(content.values()), {})
        found.append(
            Operation(
                method=method.upper(),
                path=path,
                signed_in=bool(operation.get("security")),
                query={
                    part["name"]: resolve(part["schema"], document)
                    for part in parameters
                    if part["in"] == "query"
                },
                needed=b"&".join(
                    # What listens would never be answered to its end.
                    f"{part['name']}={0 if part['name'] == 'seconds' else 'time'}".encode()
                    for part in parameters
                    if part["in"] == "query" and (part["required"] or part["name"] == "seconds")
                ),
                takes=frozenset(part["name"] for part in parameters if part["in"] == "header"),
                body=resolve(media["schema"], document) if "schema" in media else None,
                media_types=tuple(content),
            )
        )
    return found


def resolve(schema: Any, document: Schema) -> Any:
    """Return a schema with what it refers to in place."""
    if isinstance(schema, list):
        return [resolve(part, document) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        place: Any = document
        for step in schema["$ref"].removeprefix("#/").split("/"):
            place = place[step]
        return resolve(place, document)
    return {name: resolve(part, document) for name, part in schema.items()}


def sample(schema: Schema, known: Mapping[str, str], name: str = "") -> Any:
    """Return a value that fits a schema; identifiers come from `known` by the name of their property."""
    if "anyOf" in schema:
        return sample(schema["anyOf"][0], known, name)
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    kind = schema.get("type")
    if kind == "object":
        if isinstance(schema.get("additionalProperties"), dict):
            return {known.get(name, "key"): sample(schema["additionalProperties"], known)}
        return {key: sample(part, known, key) for key, part in schema.get("properties", {}).items()}
    if kind == "array":
        return [sample(schema["items"], known, name)]
    return _sample_scalar(schema, known, name)


def _sample_scalar(schema: Schema, known: Mapping[str, str], name: str) -> Any:
    if schema.get("type") in ("integer", "number"):
        return int(schema.get("minimum", 1))
    if schema.get("type") == "boolean":
        return False
    if schema.get("format") == "date":
        return "2026-02-27"
    if schema.get("pattern"):
        return known.get(name, "EUR")
    return known.get(name, "a text that is long enough")
