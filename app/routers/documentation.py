"""The published description of the API."""

import json

from fastapi import FastAPI, Response

from app.core import problems as documents
from app.routers.problems import Problem

PATH = "/api/openapi.json"


def install(app: FastAPI) -> None:
    """Serve the OpenAPI document."""

    @app.get(PATH, include_in_schema=False)
    async def show_openapi() -> Response:
        """Return the OpenAPI document."""
        return Response(encode(app), media_type="application/json", headers={"Cache-Control": "no-cache"})


def describe(app: FastAPI) -> dict[str, object]:
    """Return the OpenAPI 3.1 document, with the problem document among its schemas."""
    document = app.openapi()
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    if "Problem" not in schemas:
        shape = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(shape.pop("$defs", {}))
        schemas["Problem"] = shape
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    for operations in document["paths"].values():
        for operation in operations.values():
            invalid = operation.get("responses", {}).get("422")
            if invalid and "application/json" in invalid.get("content", {}):
                content = {documents.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
                operation["responses"]["422"] = {"description": invalid["description"], "content": content}
    return document


def encode(app: FastAPI) -> bytes:
    """Return the OpenAPI document as JSON."""


    return json.dumps(describe(app), ensure_ascii=False, sort_keys=True).encode()
