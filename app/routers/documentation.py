"""The published description of the API: the OpenAPI document, and a page to read and try it."""

import json
import re
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Response
from fastapi.responses import FileResponse
from fastapi.routing import APIRoute

from app.core import openapi
from app.core.edge import PAGE_POLICY
from app.domain.errors import NotFound
from app.routers.examples import EXAMPLES
from app.routers.problems import DESCRIPTIONS, Problem

DOCUMENT = "/api/openapi.json"
PAGE = "/api/docs"

TAGS = {
    "auth": "Signing in and out; tokens and sessions.",
    "me": "What concerns the signed-in person.",
    "messages": "What one is told, by which channel and when.",
    "ideas": "The feed, search, and the ideas themselves.",
    "votes": "One person, one vote per idea; who voted is secret. How a campaign counts them.",
    "comments": "The discussion of an idea.",
    "help": "Asking for help with an idea, and helping: between two people.",
    "authors": "Writing an idea together.",
    "decisions": "Reviews, decisions, transitions, scorecards, and the itinerary that keeps them all.",
    "campaigns": "Challenges with a question and phases, from the first draft to the report.",
    "innovators": "People who chose to be found by readers they chose, by what they did.",
    "nudges": "Messages of community managers to a group of people, whose effect is measured.",
    "news": "What community managers tell people, now or at a moment to come.",
    "follows": "Following ideas, people, functions and campaigns, and the feed of what happens to them.",
    "gatherings": "Roadshows, workshops and focus groups: places, calendars, who was there, ideas from the room.",
    "reference data": "Entities, functions, themes and campaigns: what the other calls refer to by id.",
    "live": "What is new, told as it happens.",
    "rewards": "Points, badges and leaderboards.",
    "segments": "Groups of people by published rules; one's own, and the others' as numbers.",
    "prizes": "What is given, for points or by a jury; two people agree to each gift.",
    "statistics": "Figures, each with one definition and one denominator.",
    "identity openings": "Who wrote an anonymous idea that threatens or harasses: two people, a reason, the register.",
    "register": "What the works council may check: exports, rules, roles, access, moderation; chained by hash.",
    "exports": "Files of figures, in which nobody can be recognised.",
    "restricted lane": "Personal data, reports of wrongdoing, inventions: for authors and few readers.",
    "rights": "One's own data, corrections, erasure, and due process.",
    "directory": "Employees, roles and invitations.",
    "routing": "The rules by which ideas find their correspondents.",
    "clock": "How long ideas may wait, working calendars, and the queues of those who answer.",
    "webhooks": "Other systems that are told of events, signed as Standard Webhooks has it.",
    "health": "For those who run the installation.",
}
"""What each group of calls is about, in the order of the page."""

_ASSETS = Path(str(resources.files("fastapi_swagger.resources")))
_SCHEMES = {
    "password": {
        "type": "oauth2",
        "description": "`username` is the e-mail address; the answer also has a refresh token.",
        "flows": {"password": {"tokenUrl": "/api/v1/auth/token", "scopes": {}}},
    },
    "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "An access token."},
}
_SETUP = f"""\
window.ui = SwaggerUIBundle({{
  url: "{DOCUMENT}", dom_id: "#api", deepLinking: true, filter: true, displayRequestDuration: true,
  defaultModelsExpandDepth: 0, docExpansion: "list", persistAuthorization: false, validatorUrl: null
}});
"""
_HTML = f"""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Ideabox API</title>
<link rel="stylesheet" href="{PAGE}/swagger-ui.css">
<link rel="icon" href="{PAGE}/favicon-32x32.png">
<script src="{PAGE}/swagger-ui-bundle.js" defer></script>
<script src="{PAGE}/setup.js" defer></script>
</head>
<body>
<main id="api"></main>
<noscript><p>This page needs scripts. It shows <a href="{DOCUMENT}">an OpenAPI document</a>.</p></noscript>
</body>
</html>
"""


class NoSuchAsset(NotFound):
    """The page has no such part."""

    code = "documentation.no-such-asset"


def install(app: FastAPI) -> None:
    """Serve the OpenAPI document, and the page with its parts."""

    @cache
    def publish() -> bytes:
        return encode(app)

    @app.get(DOCUMENT, include_in_schema=False)
    async def show_openapi() -> Response:
        """Return the OpenAPI document."""
        return Response(publish(), media_type="application/json", headers={"Cache-Control": "no-cache"})

    app.add_api_route(PAGE, show_page, include_in_schema=False)
    app.add_api_route(f"{PAGE}/{{name}}", show_asset, include_in_schema=False)


async def show_page() -> Response:
    """Return the page; it is one of the API's own addresses, and needs a page's content security policy."""
    return Response(
        _HTML,
        media_type="text/html",
        headers={"Content-Security-Policy": PAGE_POLICY, "Cache-Control": "no-cache"},
    )


async def show_asset(name: str) -> Response:
    """Return a part of the page.

    Raises: NoSuchAsset.
    """
    kept = {"Cache-Control": "public, max-age=86400"}
    if name == "setup.js":
        return Response(_SETUP, media_type="text/javascript", headers=kept)
    if name not in {"swagger-ui-bundle.js", "swagger-ui.css", "favicon-32x32.png"}:
        raise NoSuchAsset
    return FileResponse(_ASSETS / name, headers=kept)


def name_operation(route: APIRoute) -> str:
    """Return the operation id of a route: the name of its function, as generated clients will have it."""
    return route.name


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of an application, complete."""
    # `IdeaCardPage` reads better in a generated client; by way of text the framework's copy stays as it is.
    document: dict[str, Any] = json.loads(re.sub(r'\bPage_(\w+)_"', r'\1Page"', json.dumps(app.openapi())))
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    openapi.complete(document, problem=problem, descriptions=DESCRIPTIONS)
    document["servers"] = [{"url": "/", "description": "This installation."}]
    used = {tag for _, _, operation in openapi.list_operations(document) for tag in operation["tags"]}
    document["tags"] = [{"name": name, "description": text} for name, text in TAGS.items() if name in used]
    document["components"]["securitySchemes"] = _SCHEMES
    for _, _, operation in openapi.list_operations(document):
        if operation.get("security"):
            operation["security"] = [{name: []} for name in _SCHEMES]
    for name, examples in EXAMPLES.items():
        document["components"]["schemas"][name]["examples"] = examples
    return document


def encode(app: FastAPI) -> bytes:
    """Return the OpenAPI document as JSON, fields in the order of their shapes."""
    return json.dumps(describe(app), ensure_ascii=False).encode()
