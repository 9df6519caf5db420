"""Routes: readers read, writers write, and the published description leaves nothing out."""

import ast
from collections.abc import Iterable
from functools import cache
from inspect import get_annotations
from typing import Any

import pytest
from fastapi.routing import APIRoute

from app.core import openapi
from app.core.config import Settings
from app.main import create_app
from app.routers import ROUTERS, documentation
from app.routers.dependencies import Reading, Writing
from app.routers.examples import EXAMPLES
from app.routers.route import Route
from app.schemas.shapes import Request
from tests.house.classes import list_subclasses
from tests.house.sources import Source, list_sources

SAFE = {"GET", "HEAD"}


@cache
def describe() -> dict[str, Any]:
    return documentation.describe(create_app(Settings(environment="test")))


def list_routes() -> list[APIRoute]:
    return [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]


def find_wrong_sessions(routes: Iterable[APIRoute]) -> list[str]:
    """GETs that could write, and changes that only read; a route without a session opens its own."""
    found = []
    for route in routes:
        asked = get_annotations(route.endpoint).values()
        reads = (route.methods or set()) <= SAFE
        if reads and Writing in asked:
            found.append(f"{route.name} answers GET and takes Writing")
        if not reads and Reading in asked and Writing not in asked:
            found.append(f"{route.name} changes something and takes Reading only")
    return found


def find_undescribed(document: dict[str, Any]) -> list[str]:
    """What an operation lacks: a name, words, a group, its failures."""
    found = []
    names: set[str] = set()
    for path, method, operation in openapi.list_operations(document):
        where, responses = f"{method.upper()} {path}", operation["responses"]
        if operation["operationId"] in names:
            found.append(f"{where}: the name {operation['operationId']} is taken; rename the function")
        names.add(operation["operationId"])
        if not operation.get("description") or not operation.get("summary"):
            found.append(f"{where}: give the function a docstring")
        found += [
            f"{where}: describe the tag {tag!r} in documentation.TAGS"
            for tag in operation.get("tags") or ["none"]
            if tag not in documentation.TAGS
        ]
        needed = {"400", "422", "default"} | ({"401", "503"} if operation.get("security") else set())
        if operation.get("security") and "{" in path and "404" not in responses:
            needed |= {"404"}
        if method in {"patch", "delete"} and any(
            parameter["name"] == "If-Match" for parameter in operation.get("parameters", [])
        ):
            needed |= {"412", "428"}
        found += [f"{where}: list_responses lacks {status}" for status in sorted(needed - set(responses))]
        found += [
            f"{where}: {status} is not a problem document"
            for status, response in responses.items()
            if status.startswith(("4", "5")) and list(response["content"]) != ["application/problem+json"]
        ]
    return found


def find_table_users(sources: Iterable[Source]) -> list[str]:
    return [
        f"{source.path}:{node.lineno}"
        for source in sources
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("app.models")
    ]


def test_readers_read_and_writers_write() -> None:
    found = find_wrong_sessions(list_routes())
    assert not found, f"A GET takes Reading, everything else Writing: {found}"


def test_every_route_of_the_api_stands_behind_the_common_door() -> None:
    found = [route.name for route in list_routes() if not isinstance(route, Route)]
    assert not found, f"Make their router with route_class=Route (or OpenRoute before sign-in): {found}"


def test_every_operation_is_described() -> None:
    found = find_undescribed(describe())
    assert not found, "The OpenAPI document lacks:\n" + "\n".join(found)


def test_routers_know_no_tables() -> None:
    found = find_table_users(source for source in list_sources() if source.layer == "routers")
    assert not found, f"Ask queries or services instead of importing a table: {found}"


def test_the_document_fits_client_generators() -> None:
    document = describe()
    assert document["openapi"].startswith("3.1")
    assert document["servers"] == [{"url": "/", "description": "This installation."}]
    assert "HTTPValidationError" not in document["components"]["schemas"]
    assert not [name for name in document["components"]["schemas"] if name.endswith("_")]
    assert document["paths"]["/api/v1/ideas"]["post"]["operationId"] == "submit_idea"
    assert set(EXAMPLES) <= set(document["components"]["schemas"])


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_examples_are_accepted_by_the_shapes_that_they_illustrate(name: str) -> None:
    (shape,) = (each for each in list_subclasses(Request) if each.__name__ == name)
    for example in EXAMPLES[name]:
        shape.model_validate(example)


def test_the_rules_see_planted_faults() -> None:
    async def read(session: Writing) -> None: ...
    async def write(session: Reading) -> None: ...

    wrong = [APIRoute("/a", read, methods=["GET"]), APIRoute("/b", write, methods=["PUT"])]
    assert len(find_wrong_sessions(wrong)) == 2
    assert not find_wrong_sessions([APIRoute("/a", read, methods=["PUT"])])

    bare = {"operationId": "a", "security": [{}], "responses": {"422": {"content": {"application/json": {}}}}}
    lacks = "\n".join(find_undescribed({"paths": {"/a/{id}": {"get": bare, "put": bare}}}))
    for fault in ("is taken", "docstring", "tag 'none'", "lacks 401", "lacks 404", "not a problem document"):
        assert fault in lacks
    assert find_table_users([Source("app/routers/x.py", "from app.models.votes import Vote\n")])
