"""What holds for every operation."""

from typing import Any

import pytest

from app.core import openapi

DESCRIPTIONS = {
    400: "Malformed.",
    401: "Sign in.",
    404: "Nothing.",
    413: "Too large.",
    422: "Wrong.",
    429: "Wait.",
}
PROBLEM = {"type": "object", "$defs": {"BadField": {"type": "object"}}}


@pytest.fixture
def document() -> dict[str, Any]:
    """A document as a framework writes it."""
    text = {"anyOf": [{"type": "string"}, {"type": "null"}]}
    key = {"name": "idempotency-key", "in": "header", "schema": text}
    answer = {"200": {"description": "Done", "content": {"application/json": {}}}}
    invalid = {"422": {"description": "Validation Error", "content": {"application/json": {}}}}
    read = {"summary": "List Ideas", "security": [{"a": []}], "responses": {**answer, **invalid, "429": {}}}
    made = {"summary": "Make It", "requestBody": {}, "parameters": [key], "responses": {**answer, **invalid}}
    put = {**made, "parameters": [key], "responses": dict(answer)}
    schemas: dict[str, Any] = {"HTTPValidationError": {}, "ValidationError": {}, "Idea": {}}
    found = {
        "paths": {"/ideas": {"get": read, "post": made, "put": put}},
        "components": {"schemas": schemas},
    }
    openapi.complete(found, problem=PROBLEM, descriptions=DESCRIPTIONS)
    return found


def test_every_failure_is_a_problem_document(document: dict[str, Any]) -> None:
    assert set(document["components"]["schemas"]) == {"Idea", "Problem", "BadField"}
    for _, _, operation in openapi.list_operations(document):
        responses = operation["responses"]
        assert responses["default"] == {"$ref": "#/components/responses/Problem"}
        for status, response in responses.items():
            if status.startswith("4"):
                assert list(response["content"]) == ["application/problem+json"]
                assert response["description"] == DESCRIPTIONS[int(status)]


def test_failures_follow_from_what_the_operation_is(document: dict[str, Any]) -> None:
    methods = document["paths"]["/ideas"]
    assert {"400", "401", "422", "429"} == {
        status for status in methods["get"]["responses"] if status[0] == "4"
    }
    assert {"400", "413", "422"} == {status for status in methods["post"]["responses"] if status[0] == "4"}
    assert "Retry-After" in methods["get"]["responses"]["429"]["headers"]
    assert "WWW-Authenticate" in methods["get"]["responses"]["401"]["headers"]


def test_a_signed_in_read_can_be_conditional(document: dict[str, Any]) -> None:
    methods = document["paths"]["/ideas"]
    assert [parameter["name"] for parameter in methods["get"]["parameters"]] == ["If-None-Match"]
    assert "ETag" in methods["get"]["responses"]["304"]["headers"]
    assert "304" not in methods["post"]["responses"]


def test_parameters_are_said_as_they_can_be_sent(document: dict[str, Any]) -> None:
    methods = document["paths"]["/ideas"]
    (key,) = methods["post"]["parameters"]
    assert key["name"] == "Idempotency-Key"
    assert key["schema"] == {"type": "string"}
    assert "parameters" not in methods["put"]
    assert methods["get"]["summary"] == "List ideas"
