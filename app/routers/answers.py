"""Shaping answers: JSON bytes with an ETag for this reader, 304 when nothing changed."""

import hashlib

from fastapi import Request, Response
from pydantic import BaseModel

_PRIVATE = {"Cache-Control": "private, no-cache", "Vary": "Authorization"}


def show(request: Request, shape: BaseModel, *, version: int = 0) -> Response:
    """Answer a GET; the ETag is the content version and a hash of this reader's view."""
    return show_json(request, shape.__pydantic_serializer__.to_json(shape), version=version)


def show_page(request: Request, items: list[bytes], next_cursor: str | None) -> Response:
    """Answer a GET of a list whose items are JSON already."""
    cursor = b"null" if next_cursor is None else b'"' + next_cursor.encode() + b'"'
    return show_json(request, b'{"items":[' + b",".join(items) + b'],"next_cursor":' + cursor + b"}")


def show_json(request: Request, body: bytes, *, version: int = 0) -> Response:
    """Answer a GET with JSON."""
    return show_file(request, body, media_type="application/json", version=version)


def show_file(
    request: Request, body: bytes, *, media_type: str, name: str | None = None, version: int = 0
) -> Response:
    """Answer a GET with bytes of a media type; with a name (plain ASCII) a browser keeps them as a file."""
    etag = f'"{version}.{hashlib.blake2b(body, digest_size=9).hexdigest()}"'
    headers = {**_PRIVATE, "ETag": etag}
    given = request.headers.get("if-none-match")
    if given is not None and _matches(given, etag):
        return keep(etag)
    if name is not None:
        headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return Response(body, headers=headers, media_type=media_type)


def keep(etag: str) -> Response:
    """Answer that what the client has under an ETag is still right."""
    return Response(status_code=304, headers={**_PRIVATE, "ETag": etag})


def done(shape: BaseModel, *, status: int = 200, version: int | None = None) -> Response:
    """Answer a change."""
    body = shape.__pydantic_serializer__.to_json(shape)
    headers = dict(_PRIVATE)
    if version is not None:
        headers["ETag"] = f'"{version}.{hashlib.blake2b(body, digest_size=9).hexdigest()}"'
    return Response(body, status, headers, media_type="application/json")


def _matches(given: str, etag: str) -> bool:
    """Compare weakly, as If-None-Match does (RFC 9110, 13.1.2)."""
    return any(part.strip().removeprefix("W/") in (etag, "*") for part in given.split(","))
