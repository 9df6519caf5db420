"""The published description, as a client gets it."""

from collections.abc import AsyncIterator

import httpx2
import pytest
from fastapi import FastAPI


@pytest.fixture
async def reader(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    """Somebody who has not signed in."""
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://testserver") as client:
        yield client


async def test_the_document_is_there_for_everybody(reader: httpx2.AsyncClient) -> None:
    answer = await reader.get("/api/openapi.json")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["openapi"].startswith("3.1")


async def test_the_page_loads_nothing_from_elsewhere(reader: httpx2.AsyncClient) -> None:
    page = await reader.get("/api/docs")
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert "http://" not in page.text
    assert "https://" not in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("swagger-ui-bundle.js", "text/javascript"),
        ("swagger-ui.css", "text/css"),
        ("favicon-32x32.png", "image/png"),
        ("setup.js", "text/javascript"),
    ],
)
async def test_the_parts_of_the_page_are_our_own(reader: httpx2.AsyncClient, name: str, kind: str) -> None:
    assert name == "setup.js" or name in (await reader.get("/api/docs")).text
    part = await reader.get(f"/api/docs/{name}")
    assert part.status_code == 200
    assert part.headers["content-type"].startswith(kind)
    assert part.content


@pytest.mark.parametrize("name", ["__init__.py", "..%2Fmain.py", "nothing.js"])
async def test_nothing_else_is_served_from_there(reader: httpx2.AsyncClient, name: str) -> None:
    assert (await reader.get(f"/api/docs/{name}")).status_code == 404


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/api/v1/ideas", "GET, POST"),
        ("/api/v1/ideas/x", "GET, PATCH, DELETE"),
        ("/api/v1/ideas/x/vote", "PUT, DELETE"),
        ("/health/live", "GET"),
    ],
)
async def test_a_wrong_method_is_told_every_right_one(
    reader: httpx2.AsyncClient, path: str, allowed: str
) -> None:
    answer = await reader.request("TRACE", path)
    assert answer.status_code == 405
    assert answer.headers["allow"] == allowed
    assert answer.json()["code"] == "requests.method-not-allowed"
