"""What may come over the wire: text in the path, the query and the headers of a request."""

from collections.abc import MutableMapping
from typing import Any
from urllib.parse import unquote_to_bytes

from app.core.characters import is_storable


def find_fault(scope: MutableMapping[str, Any]) -> str | None:
    """Return what is wrong with the text of an ASGI request's path, query or headers, None when nothing is.

    Path and query are looked at behind their percent-encoding: servers put U+FFFD for what is not UTF-8
    there, so that two addresses would be one, and NUL would reach the database, where one engine takes it
    and the other fails. Headers may have UTF-8 beyond ASCII.
    """
    if not _is_text(_decoded(scope.get("raw_path") or scope["path"].encode("utf-8", "surrogatepass"))):
        return "The path is not valid UTF-8 text."
    if not _is_text(_decoded(scope["query_string"])):
        return "The query is not valid UTF-8 text."
    if not _is_text(b"\n".join([value for _, value in scope["headers"]])):
        return "A header is not valid UTF-8 text."
    return None


def _decoded(raw: bytes) -> bytes:
    return unquote_to_bytes(raw) if b"%" in raw else raw


def _is_text(raw: bytes) -> bool:
    if raw.isascii():
        return b"\0" not in raw
    try:
        return is_storable(raw.decode())
    except UnicodeDecodeError:
        return False
