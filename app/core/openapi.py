"""Completing an OpenAPI document: what holds for every operation and no framework knows of."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.core.problems import MEDIA_TYPE

Document = dict[str, Any]

ALWAYS = (400, 422)
"""Any request can be malformed, or carry a parameter that is not known."""

_DONE = {"200": "What was asked for.", "201": "It was made.", "202": "It will be done.", "204": "Done."}
_CANONICAL = {"idempotency-key": "Idempotency-Key", "if-match": "If-Match", "if-none-match": "If-None-Match"}
_HEADERS: Mapping[str, tuple[str, Document]] = {
    "ETag": ("Content version and a hash of this reader's view.", {"type": "string"}),
    "Retry-After": ("Seconds to wait.", {"type": "integer", "minimum": 0}),
    "WWW-Authenticate": ("`Bearer`.", {"type": "string"}),
}
_SENT_WITH = {401: "WWW-Authenticate", 429: "Retry-After", 503: "Retry-After"}
_IF_NONE_MATCH: Document = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "An ETag that was read before: 304 comes when nothing changed.",
    "schema": {"type": "string"},
}


def complete(document: Document, *, problem: Document, descriptions: Mapping[int, str]) -> None:
    """Complete a document in place.

    Every operation gets its failures with the schema of a problem document, and `default` for the rest; a
    GET that answers JSON its ETag and 304; parameters lose the `null` that no URL can carry.
    """
    components = document.setdefault("components", {})
    _add_problem(components, problem)
    components["headers"] = {
        name: {"description": text, "schema": schema} for name, (text, schema) in _HEADERS.items()
    }
    for _, method, operation in list_operations(document):
        operation["summary"] = operation["summary"].capitalize()
        _tidy_parameters(method, operation)
        _add_failures(operation, descriptions)
        if method == "get" and operation.get("security"):
            _add_conditions(operation)


def list_operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    """Return each operation with its path and its method in small letters."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _add_problem(components: Document, problem: Document) -> None:
    shape = dict(problem)
    schemas = components.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas.update(shape.pop("$defs", {}))
    schemas["Problem"] = shape
    components["responses"] = {
        "Problem": {
            "description": "Anything else that goes wrong, in the same form.",
            "content": _problem_content(),
        }
    }


def _problem_content() -> Document:
    return {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}


def _tidy_parameters(method: str, operation: Document) -> None:
    kept = []
    for parameter in operation.get("parameters", []):
        name = _CANONICAL.get(parameter["name"].lower(), parameter["name"])
        if name == "Idempotency-Key" and method != "post":
            continue  # one dependency gives every change its session; only what creates takes a key
        kept.append({**parameter, "name": name, "schema": _without_null(parameter["schema"])})
    if kept:
        operation["parameters"] = kept
    else:
        operation.pop("parameters", None)


def _without_null(schema: Document) -> Document:
    if "anyOf" not in schema:
        return schema
    choices = [choice for choice in schema["anyOf"] if choice != {"type": "null"}]
    rest = {key: value for key, value in schema.items() if key != "anyOf"}
    return {**choices[0], **rest} if len(choices) == 1 else {**rest, "anyOf": choices}


def _add_failures(operation: Document, descriptions: Mapping[int, str]) -> None:
    responses = operation["responses"]
    failures = {int(status) for status in responses if status.isdigit() and int(status) >= 400}  # noqa: PLR2004  errors
    failures.update(ALWAYS)
    if operation.get("security"):
        failures.add(401)
    if "requestBody" in operation:
        failures.add(413)
    for status in failures:
        responses[str(status)] = {"description": descriptions[status], "content": _problem_content()}
        if status in _SENT_WITH:
            responses[str(status)]["headers"] = _header(_SENT_WITH[status])
    for status in _DONE.keys() & responses.keys():
        responses[status]["description"] = _DONE[status]
    responses["default"] = {"$ref": "#/components/responses/Problem"}
    operation["responses"] = dict(sorted(responses.items()))


def _add_conditions(operation: Document) -> None:
    found = operation["responses"].get("200", {})
    if "application/json" not in found.get("content", {}):
        return
    found["headers"] = _header("ETag")
    operation["parameters"] = [*operation.get("parameters", []), _IF_NONE_MATCH]
    operation["responses"]["304"] = {
        "description": "Nothing changed since that ETag.",
        "headers": _header("ETag"),
    }


def _header(name: str) -> Document:
    return {name: {"$ref": f"#/components/headers/{name}"}}
